#include "webhooks/config_reader.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace webhooks {

namespace {

constexpr std::string_view kEnv = "env:";
constexpr std::string_view kFile = "file:";
constexpr std::size_t kMaxSecretFile = 4'096;
constexpr std::string_view kStillExample = "still holds the example's placeholder: put your own value in";

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

/// Characters, not bytes, of UTF-8.
std::size_t length_of(std::string_view utf8) {
    return static_cast<std::size_t>(std::count_if(
        utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

bool all_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c != '`'; });
}

struct Resolved {
    std::string value;
    std::string defect;  ///< empty when all is well
};

Resolved read_secret_file(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return {"", "the file named here cannot be found"};
    if ((status.st_mode & S_IRWXO) != 0)
        return {"", "everybody on this machine can read the file named here: chmod 600 it"};
    std::ifstream file(path, std::ios::binary);
    std::string value(kMaxSecretFile, '\0');
    file.read(value.data(), static_cast<std::streamsize>(value.size()));
    value.resize(static_cast<std::size_t>(file.gcount()));
    if (value.empty()) return {"", "the file named here is empty or may not be read by this user"};
    value.erase(value.find_last_not_of(" \t\r\n") + 1);
    return {value, ""};
}

Resolved resolve(const std::string& reference, const Environment& environment) {
    if (reference.starts_with(kFile)) return read_secret_file(reference.substr(kFile.size()));
    if (!reference.starts_with(kEnv))
        return {"",
                "a secret must not stand in this file: write \"env:NAME\" or \"file:/path\" and keep the "
                "secret there"};
    const auto value = environment(reference.substr(kEnv.size()));
    if (!value || value->empty()) return {"", "the environment variable named here is not set"};
    return {*value, ""};
}

}  // namespace

ConfigTable::ConfigTable(const toml::table* table, std::string path, unsigned line, ConfigReport& report)
    : table_(table), path_(std::move(path)), line_(line), report_(&report) {}

const toml::node* ConfigTable::find(std::string_view key) {
    known_.emplace_back(key);
    return table_ == nullptr ? nullptr : table_->get(key);
}

bool ConfigTable::has(std::string_view key) const { return table_ != nullptr && table_->contains(key); }

void ConfigTable::text(std::string_view key, std::string& out, const TextRule& rule) {
    const toml::node* node = find(key);
    if (node == nullptr) return;
    const auto value = node->value_exact<std::string>();
    if (value && is_placeholder(*value)) return complain(key, std::string(kStillExample));
    if (!value || !rule.fits(*value)) return complain(key, "must be " + std::string(rule.allowed));
    out = *value;
}

void ConfigTable::said(std::string_view key, std::string& out, std::size_t longest) {
    const toml::node* node = find(key);
    if (node == nullptr) return;
    const auto value = node->value_exact<std::string>();
    if (value && is_placeholder(*value)) return complain(key, std::string(kStillExample));
    const bool fits = value && kAnyText.fits(*value) && length_of(*value) <= longest;
    if (!fits || value->find_first_of("{}") != std::string::npos || !all_ascii(*value))
        return complain(
            key, "must be 1 to " + std::to_string(longest) +
                     " characters of the GSM-7 alphabet (others halve what fits into a text), without { }");
    out = *value;
}

void ConfigTable::texts(std::string_view key, std::vector<std::string>& out, const TextRule& rule) {
    const toml::node* node = find(key);
    if (node == nullptr) return;
    const toml::array* array = node->as_array();
    if (array == nullptr || array->empty() || array->size() > 100)
        return complain(key, "must be a list of 1 to 100 texts, each " + std::string(rule.allowed));
    std::vector<std::string> values;
    for (const toml::node& each : *array) {
        const auto value = each.value_exact<std::string>();
        if (value && is_placeholder(*value))
            return report_at(each.source().begin.line, where(key) + "[" + std::to_string(values.size()) + "]",
                             std::string(kStillExample));
        if (!value || !rule.fits(*value))
            return report_at(each.source().begin.line, where(key) + "[" + std::to_string(values.size()) + "]",
                             "must be " + std::string(rule.allowed));
        if (std::find(values.begin(), values.end(), *value) != values.end())
            return report_at(each.source().begin.line, where(key) + "[" + std::to_string(values.size()) + "]",
                             "stands twice in this list");
        values.push_back(*value);
    }
    out = std::move(values);
}

void ConfigTable::flag(std::string_view key, bool& out) {
    const toml::node* node = find(key);
    if (node == nullptr) return;
    const auto value = node->value_exact<bool>();
    if (!value) return complain(key, "must be true or false, without quotes");
    out = *value;
}

std::optional<std::int64_t> ConfigTable::whole_number(std::string_view key, std::int64_t least,
                                                      std::int64_t most) {
    const toml::node* node = find(key);
    if (node == nullptr) return std::nullopt;
    const auto value = node->value_exact<std::int64_t>();
    if (value && *value >= least && *value <= most) return value;
    complain(key, "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    return std::nullopt;
}

std::optional<std::chrono::milliseconds> ConfigTable::span(std::string_view key,
                                                           std::chrono::milliseconds least,
                                                           std::chrono::milliseconds most) {
    const toml::node* node = find(key);
    if (node == nullptr) return std::nullopt;
    const auto value = parse_duration(node->value_exact<std::string>().value_or(""));
    if (value && *value >= least && *value <= most) return value;
    complain(key, "must be a time like \"400ms\", \"90s\", \"5m\" or \"24h\", from " + to_text(least) +
                      " to " + to_text(most));
    return std::nullopt;
}

std::optional<std::size_t> ConfigTable::one_of(std::string_view key,
                                               const std::vector<std::string_view>& names) {
    const toml::node* node = find(key);
    if (node == nullptr) return std::nullopt;
    const auto value = node->value_exact<std::string>();
    const auto at = value ? std::find(names.begin(), names.end(), *value) : names.end();
    if (at != names.end()) return static_cast<std::size_t>(at - names.begin());
    std::string allowed;
    for (const std::string_view name : names)
        allowed += (allowed.empty() ? "\"" : ", \"") + std::string(name) + "\"";
    complain(key, "must be one of " + allowed);
    return std::nullopt;
}

void ConfigTable::secret(std::string_view key, std::string& out, const TextRule& rule) {
    const toml::node* node = find(key);
    if (node == nullptr) return;
    const auto reference = node->value_exact<std::string>();
    if (!reference) return complain(key, "must be \"env:NAME\" or \"file:/path\"");
    Resolved secret = resolve(*reference, report_->environment);
    if (!secret.defect.empty()) return complain(key, std::move(secret.defect));
    if (is_placeholder(secret.value)) return complain(key, "the secret named here is still a placeholder");
    if (!rule.fits(secret.value))
        return complain(key, "the secret named here must be " + std::string(rule.allowed));
    out = std::move(secret.value);
}

ConfigTable ConfigTable::table(std::string_view key) {
    const toml::node* node = find(key);
    const toml::table* table = node == nullptr ? nullptr : node->as_table();
    if (node != nullptr && table == nullptr) complain(key, "must be a table: [" + where(key) + "]");
    return {table, where(key), table == nullptr ? line_ : table->source().begin.line, *report_};
}

std::vector<ConfigTable> ConfigTable::tables(std::string_view key) {
    std::vector<ConfigTable> all;
    const toml::node* node = find(key);
    if (node == nullptr) return all;
    const toml::array* array = node->as_array();
    if (array == nullptr) {
        complain(key, "must be a list of tables: [[" + where(key) + "]]");
        return all;
    }
    for (const toml::node& each : *array) {
        const std::string name = where(key) + "[" + std::to_string(all.size()) + "]";
        if (each.as_table() == nullptr) report_at(each.source().begin.line, name, "must be a table");
        all.emplace_back(each.as_table(), name, each.source().begin.line, *report_);
    }
    return all;
}

void ConfigTable::require(std::initializer_list<std::string_view> keys) {
    for (const std::string_view key : keys)
        if (!has(key)) report_at(line_, where(key), "is missing");
}

void ConfigTable::complain(std::string_view key, std::string what) {
    const toml::node* node = table_ == nullptr || key.empty() ? nullptr : table_->get(key);
    report_at(node == nullptr ? line_ : node->source().begin.line, where(key), std::move(what));
}

void ConfigTable::refuse_unknown_keys() {
    if (table_ == nullptr) return;
    std::sort(known_.begin(), known_.end());
    known_.erase(std::unique(known_.begin(), known_.end()), known_.end());
    for (const auto& [key, node] : *table_)
        if (!std::binary_search(known_.begin(), known_.end(), key.str()))
            report_at(key.source().begin.line, where(key.str()),
                      "is not a key known here; allowed: " + joined(known_));
}

void ConfigTable::report_at(unsigned line, std::string where, std::string what) {
    report_->defects.push_back({line, std::move(where), std::move(what)});
}

std::string ConfigTable::where(std::string_view key) const {
    if (path_.empty()) return std::string(key);
    return key.empty() ? path_ : path_ + "." + std::string(key);
}

}  // namespace webhooks
