#include "webhooks/fallback/spool.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <system_error>

namespace webhooks::fallback {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using std::chrono::milliseconds;

constexpr std::string_view kEnding = ".webhook";
constexpr std::string_view kUnfinished = ".new";
constexpr std::string_view kSetAside = ".set-aside";
constexpr std::uint64_t kBlock = 4'096;  // the least that a file takes of a disk

[[noreturn]] void refuse(const std::string& directory, const std::string& why) {
    throw std::runtime_error("fallback directory " + directory + ": " + why);
}

std::uint64_t on_disk(std::uint64_t bytes) { return (bytes + kBlock) / kBlock * kBlock; }

/// A file renamed to another one's name does not open.
std::string place_of(const std::string& name) { return "fallback/" + name; }

/// CBOR, for a body need not be UTF-8.
std::string to_record(const Kept& kept) {
    json headers = json::array();
    for (const auto& [name, value] : kept.request.headers) headers.push_back({name, value});
    const auto arrived = std::chrono::duration_cast<milliseconds>(kept.arrived.time_since_epoch()).count();
    std::string record;
    json::to_cbor({{"arrived", arrived},
                   {"method", kept.request.method},
                   {"target", kept.request.target},
                   {"headers", headers},
                   {"body", kept.request.body}},
                  record);
    return record;
}

std::optional<Kept> from_record(const std::string& record) {
    const json in = json::from_cbor(record, true, false);
    if (!in.is_object() || !in.contains("arrived") || !in["arrived"].is_number_integer()) return std::nullopt;
    Kept kept;
    kept.arrived = bot::TimePoint(milliseconds{in["arrived"].get<std::int64_t>()});
    const std::pair<const char*, std::string*> members[]{
        {"method", &kept.request.method}, {"target", &kept.request.target}, {"body", &kept.request.body}};
    for (const auto& [name, member] : members) {
        if (!in.contains(name) || !in[name].is_string()) return std::nullopt;
        *member = in[name].get<std::string>();
    }
    for (const json& header : in.value("headers", json::array())) {
        if (!header.is_array() || header.size() != 2 || !header[0].is_string() || !header[1].is_string())
            return std::nullopt;
        kept.request.headers.emplace_back(header[0].get<std::string>(), header[1].get<std::string>());
    }
    return kept;
}

bool write_all(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

}  // namespace

Spool::Spool(std::string directory, std::shared_ptr<const store::Vault> vault)
    : directory_(std::move(directory)), vault_(std::move(vault)) {
    if (::access(directory_.c_str(), R_OK | W_OK | X_OK) != 0 && errno != ENOENT)
        refuse(directory_, std::generic_category().message(errno));
}

std::vector<std::string> Spool::names() const {
    std::vector<std::string> all;
    std::error_code failed;
    for (fs::directory_iterator it(directory_, failed), end; !failed && it != end; it.increment(failed)) {
        std::string name = it->path().filename().string();
        if (name.ends_with(kEnding)) all.push_back(std::move(name));
    }
    std::ranges::sort(all);
    return all;
}

std::optional<Kept> Spool::read(const std::string& name) const {
    std::ifstream file(directory_ + "/" + name, std::ios::binary);
    const std::string sealed((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    const auto record = vault_->open(sealed, place_of(name));
    return record ? from_record(*record) : std::nullopt;
}

void Spool::remove(const std::string& name) const {
    std::error_code ignored;  // it would be read again, and answered once all the same
    fs::remove(directory_ + "/" + name, ignored);
}

void Spool::set_aside(const std::string& name) const {
    std::error_code ignored;
    const std::string path = directory_ + "/" + name;
    fs::rename(path, path + std::string(kSetAside), ignored);
}

SpoolWriter::SpoolWriter(std::string directory, std::uint64_t most_bytes,
                         std::shared_ptr<const store::Vault> vault)
    : directory_(std::move(directory)), most_bytes_(most_bytes), vault_(std::move(vault)) {
    if (::mkdir(directory_.c_str(), 0700) != 0 && errno != EEXIST)
        refuse(directory_, std::generic_category().message(errno));
    folder_ = ::open(directory_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder_ < 0) refuse(directory_, std::generic_category().message(errno));
    if (::flock(folder_, LOCK_EX | LOCK_NB) != 0) {
        ::close(folder_);
        refuse(directory_, "another fallback has it");
    }
    std::error_code failed;
    for (const auto& entry : fs::directory_iterator(directory_, failed))
        if (entry.path().extension() == kUnfinished) fs::remove(entry.path(), failed);
    const std::vector<std::string> waiting = Spool(directory_, vault_).names();
    if (!waiting.empty()) {
        const std::string& last = waiting.back();
        std::from_chars(last.data(), last.data() + last.find('-'), last_ms_);
        ++last_ms_;
    }
}

SpoolWriter::~SpoolWriter() { ::close(folder_); }

SpoolWriter::Outcome SpoolWriter::keep(const Kept& kept) {
    const std::string name = next_name(kept.arrived);
    const std::string sealed = vault_->seal(to_record(kept), place_of(name));
    if (!has_room(on_disk(sealed.size()))) return Outcome::full;
    if (!write(name, sealed)) return Outcome::failed;
    used_ += on_disk(sealed.size());
    return Outcome::kept;
}

/// In the order of arrival, also after a clock was set back.
std::string SpoolWriter::next_name(bot::TimePoint arrived) {
    const std::int64_t ms = std::chrono::duration_cast<milliseconds>(arrived.time_since_epoch()).count();
    in_this_ms_ = ms > last_ms_ ? 0 : in_this_ms_ + 1;
    last_ms_ = std::max(last_ms_, ms);
    std::array<char, 48> name{};
    std::snprintf(name.data(), name.size(), "%013lld-%06u%s", static_cast<long long>(last_ms_), in_this_ms_,
                  std::string(kEnding).c_str());
    return name.data();
}

bool SpoolWriter::has_room(std::uint64_t bytes) {
    if (used_ + bytes <= most_bytes_ && used_ > 0) return true;
    used_ = 0;
    std::error_code failed;
    for (fs::directory_iterator it(directory_, failed), end; !failed && it != end; it.increment(failed)) {
        std::error_code gone;  // the server has just taken it
        const std::uintmax_t size = it->file_size(gone);
        if (!gone) used_ += on_disk(size);
    }
    return used_ + bytes <= most_bytes_;
}

/// Under another name until it is whole: the server never sees half of it.
bool SpoolWriter::write(const std::string& name, std::string_view sealed) const {
    const std::string unfinished = name + std::string(kUnfinished);
    const int file =
        ::openat(folder_, unfinished.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) return false;
    const bool whole = write_all(file, sealed) && ::fsync(file) == 0;
    const bool closed = ::close(file) == 0;
    if (whole && closed && ::renameat(folder_, unfinished.c_str(), folder_, name.c_str()) == 0 &&
        ::fsync(folder_) == 0)
        return true;
    ::unlinkat(folder_, unfinished.c_str(), 0);
    return false;
}

}  // namespace webhooks::fallback
