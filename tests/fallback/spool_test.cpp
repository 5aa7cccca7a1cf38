// What the fallback keeps: whole, in order, sealed, for its owner only, within its bound.
#include "webhooks/fallback/spool.hpp"

#include <doctest.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>

#include "tests/store/fixture.hpp"

using namespace store_test;
using webhooks::fallback::Kept;
using webhooks::fallback::Spool;
using webhooks::fallback::SpoolWriter;
using Outcome = webhooks::fallback::SpoolWriter::Outcome;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kMegabyte = 1 << 20;

Kept webhook(const std::string& body, bot::TimePoint arrived = kNow) {
    Kept kept;
    kept.request.method = "POST";
    kept.request.target = "/webhooks/twilio/main/sms?a=%20b";
    kept.request.headers = {{"X-Twilio-Signature", "c2lnbmF0dXJl"}, {"x-twice", "1"}, {"x-twice", "2"}};
    kept.request.body = body;
    kept.arrived = arrived;
    return kept;
}

std::string read_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

struct Folder {
    TemporaryFolder parent;
    std::string path = parent / "kept";
    SpoolWriter writer() const { return {path, kMegabyte, test_vault()}; }
    Spool reader() const { return {path, test_vault()}; }
    std::string only() const {
        const auto names = reader().names();
        REQUIRE(names.size() == 1);
        return names.front();
    }
};

}  // namespace

TEST_CASE("fallback: a webhook comes back as it came, to the byte") {
    const Folder folder;
    const Kept kept = webhook(std::string("From=%2B15550143&Body=\xff\xfe\0 \r\n", 30));
    CHECK(folder.writer().keep(kept) == Outcome::kept);
    const auto back = folder.reader().read(folder.only());
    REQUIRE(back.has_value());
    CHECK(back->request.method == kept.request.method);
    CHECK(back->request.target == kept.request.target);
    CHECK(back->request.headers == kept.request.headers);
    CHECK(back->request.body == kept.request.body);
    CHECK(back->arrived == kept.arrived);
}

TEST_CASE("fallback: in the order of arrival, also after a restart and when the clock was set back") {
    const Folder folder;
    {
        SpoolWriter writer = folder.writer();
        for (int i = 0; i < 12; ++i) REQUIRE(writer.keep(webhook(std::to_string(i))) == Outcome::kept);
    }
    SpoolWriter writer = folder.writer();
    for (int i = 12; i < 15; ++i)
        REQUIRE(writer.keep(webhook(std::to_string(i), kNow - 1h + i * 1s)) == Outcome::kept);
    REQUIRE(writer.keep(webhook("15", kNow + 1s)) == Outcome::kept);
    std::string order;
    const Spool reader = folder.reader();
    for (const std::string& name : reader.names()) order += reader.read(name)->request.body + " ";
    CHECK(order == "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 ");
}

TEST_CASE("fallback: neither words nor numbers in any file or name, and all for the owner only") {
    const Folder folder;
    CHECK(folder.writer().keep(webhook("From=%2B15550143&Body=canary")) == Outcome::kept);
    struct stat found {};
    REQUIRE(::stat(folder.path.c_str(), &found) == 0);
    CHECK((found.st_mode & 0777) == 0700);
    const std::string path = folder.path + "/" + folder.only();
    REQUIRE(::stat(path.c_str(), &found) == 0);
    CHECK((found.st_mode & 0777) == 0600);
    const std::string bytes = path + read_file(path);
    for (const char* canary : {"canary", "5550143", "twilio", "Signature"}) {
        CAPTURE(std::string(canary));
        CHECK(bytes.find(canary) == std::string::npos);
    }
}

TEST_CASE("fallback: what was changed, cut, renamed or sealed by another key is not read") {
    struct Row {
        const char* why;
        void (*harm)(const std::string& path);
        unsigned char key = 7;
    };
    const Row rows[]{
        {"a bit",
         [](const std::string& path) {
             std::string bytes = read_file(path);
             bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
             std::ofstream(path, std::ios::binary) << bytes;
         }},
        {"cut", [](const std::string& path) { fs::resize_file(path, fs::file_size(path) - 1); }},
        {"empty", [](const std::string& path) { fs::resize_file(path, 0); }},
        {"renamed",
         [](const std::string& path) {
             fs::rename(path, fs::path(path).parent_path() / "1760000000001-000000.webhook");
         }},
        {"another key", [](const std::string&) {}, 8},
    };
    for (const Row& row : rows) {
        CAPTURE(row.why);
        const Folder folder;
        CHECK(folder.writer().keep(webhook("hello")) == Outcome::kept);
        row.harm(folder.path + "/" + folder.only());
        const Spool reader(folder.path, test_vault(row.key));
        CHECK_FALSE(reader.read(folder.only()).has_value());
        reader.set_aside(folder.only());
        CHECK(reader.names().empty());
    }
}

TEST_CASE("fallback: takes no more of the disk than it may, and goes on when the server has taken some") {
    const Folder folder;
    SpoolWriter writer = folder.writer();
    int kept = 0;
    while (writer.keep(webhook(std::string(60'000, 'x'))) == Outcome::kept) REQUIRE(++kept < 100);
    CHECK(kept == 17);  // of 60 KiB each
    std::uint64_t bytes = 0;
    for (const auto& entry : fs::directory_iterator(folder.path)) bytes += entry.file_size();
    CHECK(bytes <= kMegabyte);
    const Spool reader = folder.reader();
    reader.remove(reader.names().front());
    CHECK(writer.keep(webhook("hello")) == Outcome::kept);
}

TEST_CASE("fallback: an end in the middle of writing leaves nothing that the server would read") {
    const Folder folder;
    fs::create_directory(folder.path);
    std::ofstream(folder.path + "/1760000000000-000000.webhook.new") << "half of";
    CHECK(folder.reader().names().empty());
    { const SpoolWriter writer = folder.writer(); }
    CHECK(fs::is_empty(folder.path));
}

TEST_CASE("fallback: one process has the folder, and what it cannot use it says") {
    const Folder folder;
    const SpoolWriter first = folder.writer();
    CHECK_THROWS_WITH(folder.writer(),
                      ("fallback directory " + folder.path + ": another fallback has it").c_str());
    CHECK_THROWS_WITH(SpoolWriter("/nonexistent/kept", kMegabyte, test_vault()),
                      "fallback directory /nonexistent/kept: No such file or directory");
    CHECK(Spool(folder.parent / "none", test_vault()).names().empty());
}
