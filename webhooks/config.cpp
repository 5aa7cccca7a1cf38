#include "webhooks/config.hpp"

#include <sodium.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "webhooks/config_reader.hpp"
#include "webhooks/config_sections.hpp"

namespace webhooks {

namespace {

/// A parser's own words may quote the file, and the file may hold a secret by mistake: what it quotes is cut
/// out.
std::string without_quotations(std::string_view text) {
    std::string kept;
    bool inside = false;
    for (const char c : text) {
        if (c == '\'' || c == '"') {
            if (!inside) kept += "'...'";
            inside = !inside;
        } else if (!inside) {
            kept += c;
        }
    }
    return kept;
}

bot::Problems problems_of(ConfigReport report, const std::string& file) {
    std::stable_sort(report.defects.begin(), report.defects.end(),
                     [](const auto& a, const auto& b) { return a.line < b.line; });
    bot::Problems problems;
    for (ConfigReport::Defect& defect : report.defects)
        problems.push_back({defect.line == 0 ? file : file + ":" + std::to_string(defect.line),
                            std::move(defect.where), std::move(defect.what)});
    return problems;
}

}  // namespace

std::optional<std::string> process_environment(const std::string& name) {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) return std::nullopt;
    return std::string(value);
}

LoadedConfig parse_config(std::string_view toml, const std::string& file_name,
                          const Environment& environment) {
    ConfigReport report{environment, {}};
    toml::table root;
    try {
        root = toml::parse(toml, file_name);
    } catch (const toml::parse_error& e) {
        return {std::nullopt,
                {{file_name + ":" + std::to_string(e.source().begin.line), "syntax",
                  "is not TOML: " + without_quotations(e.description())}},
                {}};
    }
    Config config;
    read_sections(ConfigTable(&root, "", 0, report), config);
    bot::Problems problems = problems_of(std::move(report), file_name);
    std::string flows = config.flows;
    if (!problems.empty()) return {std::nullopt, std::move(problems), std::move(flows)};
    return {std::move(config), {}, std::move(flows)};
}

LoadedConfig load_config(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file) return {std::nullopt, {{path, "file", "cannot be read"}}, {}};
    return parse_config(text.str(), path, process_environment);
}

}  // namespace webhooks
