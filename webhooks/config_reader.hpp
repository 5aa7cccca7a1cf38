#pragma once
#include <toml++/toml.h>
#include <chrono>
#include <concepts>
#include <initializer_list>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "webhooks/config.hpp"
#include "webhooks/config_values.hpp"

namespace webhooks {

/// Where the defects of one file are gathered.
struct ConfigReport {
    struct Defect {
        unsigned line = 0;  ///< 0: nowhere in particular
        std::string where;
        std::string what;
    };
    const Environment& environment;
    std::vector<Defect> defects;
};

/// One table of the file. Each getter leaves `out` alone when the key is absent, and records a defect (with
/// the line, never with the value) when it is not as it must be. What was never asked for is an unknown key.
class ConfigTable {
public:
    /// @param table  null when the file lacks it: then every key is absent
    ConfigTable(const toml::table* table, std::string path, unsigned line, ConfigReport& report);

    void text(std::string_view key, std::string& out, const TextRule& rule = kAnyText);
    /// Text that is put into messages: 1 to `longest` characters, all in the GSM-7 alphabet, no braces.
    void said(std::string_view key, std::string& out, std::size_t longest);
    void texts(std::string_view key, std::vector<std::string>& out, const TextRule& rule);
    void flag(std::string_view key, bool& out);
    template <std::integral T>
    void number(std::string_view key, T& out, std::int64_t least, std::int64_t most) {
        if (const auto value = whole_number(key, least, most)) out = static_cast<T>(*value);
    }
    template <class Rep, class Period>
    void duration(std::string_view key, std::chrono::duration<Rep, Period>& out,
                  std::chrono::milliseconds least, std::chrono::milliseconds most) {
        if (const auto value = span(key, least, most))
            out = std::chrono::duration_cast<std::chrono::duration<Rep, Period>>(*value);
    }
    template <class T>
    void choice(std::string_view key, T& out, std::initializer_list<std::pair<std::string_view, T>> choices) {
        std::vector<std::string_view> names;
        for (const auto& each : choices) names.push_back(each.first);
        if (const auto chosen = one_of(key, names)) out = (choices.begin() + *chosen)->second;
    }
    /// One of these words.
    void word(std::string_view key, std::string& out, const std::vector<std::string_view>& words) {
        if (const auto chosen = one_of(key, words)) out = words[*chosen];
    }
    /// A reference to a secret, resolved; `rule` is for the secret itself.
    void secret(std::string_view key, std::string& out, const TextRule& rule);

    [[nodiscard]] ConfigTable table(std::string_view key);
    [[nodiscard]] std::vector<ConfigTable> tables(std::string_view key);

    /// The key has to be there.
    void require(std::initializer_list<std::string_view> keys);
    [[nodiscard]] bool has(std::string_view key) const;
    /// Record a defect of this key (of the whole table when `key` is empty).
    void complain(std::string_view key, std::string what);
    /// To be called last.
    void refuse_unknown_keys();

private:
    [[nodiscard]] const toml::node* find(std::string_view key);
    [[nodiscard]] std::optional<std::int64_t> whole_number(std::string_view key, std::int64_t least,
                                                           std::int64_t most);
    [[nodiscard]] std::optional<std::chrono::milliseconds> span(std::string_view key,
                                                                std::chrono::milliseconds least,
                                                                std::chrono::milliseconds most);
    [[nodiscard]] std::optional<std::size_t> one_of(std::string_view key,
                                                    const std::vector<std::string_view>& names);
    void report_at(unsigned line, std::string where, std::string what);
    [[nodiscard]] std::string where(std::string_view key) const;

    const toml::table* table_;
    std::string path_;
    unsigned line_;
    ConfigReport* report_;
    std::vector<std::string> known_;
};

}  // namespace webhooks
