#include "webhooks/http/gate.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "webhooks/http/ascii.hpp"

namespace webhooks::http {

namespace {

using Verdict = std::optional<Refusal>;

Refusal malformed(std::string_view field, std::string_view detail) {
    return {400, "Malformed request", field, detail};
}

/// Cuts the next line off `rest`, without its CRLF. Nothing when a CR or LF stands alone.
std::optional<std::string_view> take_line(std::string_view& rest) noexcept {
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos || end == 0 || rest[end - 1] != '\r') return std::nullopt;
    const std::string_view line = rest.substr(0, end - 1);
    rest.remove_prefix(end + 1);
    return line;
}

Verdict check_method(std::string_view method) {
    constexpr std::array<std::string_view, 3> kServed{"GET", "HEAD", "POST"};
    constexpr std::array<std::string_view, 6> kKnown{"PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"};
    if (std::ranges::find(kServed, method) != kServed.end()) return {};
    if (std::ranges::find(kKnown, method) != kKnown.end())
        return Refusal{405, "Method not allowed", "method", "GET, HEAD or POST."};
    if (is_token(method)) return Refusal{501, "Method not implemented", "method", "GET, HEAD or POST."};
    return malformed("method", "Not a token.");
}

Verdict check_target(std::string_view target) {
    if (!target.starts_with('/')) return malformed("target", "Must begin with a slash.");
    const auto visible = [](char c) { return c > 0x20 && c < 0x7f; };
    if (!std::ranges::all_of(target, visible)) return malformed("target", "Only visible ASCII.");
    if (target.find('#') != std::string_view::npos) return malformed("target", "No fragment.");
    return {};
}

Verdict read_version(std::string_view version, bool& http_1_1) {
    if (version == "HTTP/1.1" || version == "HTTP/1.0") {
        http_1_1 = version.ends_with('1');
        return {};
    }
    const bool shaped = version.size() == 8 && version.starts_with("HTTP/") && is_digit(version[5]) &&
                        version[6] == '.' && is_digit(version[7]);
    if (!shaped) return malformed("version", "HTTP/1.1 after one blank.");
    return Refusal{505, "HTTP version not supported", "version", "HTTP/1.1."};
}

Verdict read_request_line(std::string_view line, Head& head) {
    const std::size_t first = line.find(' ');
    const std::size_t second = first == std::string_view::npos ? first : line.find(' ', first + 1);
    if (second == std::string_view::npos) return malformed("request line", "Method, target, version.");
    head.method = line.substr(0, first);
    head.target = line.substr(first + 1, second - first - 1);
    if (Verdict no = read_version(line.substr(second + 1), head.http_1_1)) return no;
    if (Verdict no = check_method(head.method)) return no;
    return check_target(head.target);
}

std::string_view trim(std::string_view value) noexcept {
    const std::size_t first = value.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return value.substr(first, value.find_last_not_of(" \t") - first + 1);
}

Verdict read_header_line(std::string_view line, Head& head) {
    if (line.front() == ' ' || line.front() == '\t') return malformed("header", "No folded lines.");
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return malformed("header", "A name, a colon, a value.");
    const std::string_view name = line.substr(0, colon);
    if (!is_token(name)) return malformed("header", "The name before the colon must be a token.");
    const std::string_view value = line.substr(colon + 1);
    if (!std::ranges::all_of(value, is_value_char)) return malformed("header", "No control characters.");
    head.headers.emplace_back(name, trim(value));
    return {};
}

bool is_host_name(std::string_view name) noexcept {
    const auto allowed = [](char c) {
        return is_alpha(c) || is_digit(c) || c == '.' || c == '-' || c == '_';
    };
    return !name.empty() && name.size() <= 253 && std::ranges::all_of(name, allowed);
}

bool is_bracketed_v6(std::string_view name) noexcept {
    const auto allowed = [](char c) {
        return is_digit(c) || (to_lower(c) >= 'a' && to_lower(c) <= 'f') || c == ':' || c == '.';
    };
    return name.size() >= 4 && name.size() <= 47 && name.starts_with('[') && name.ends_with(']') &&
           std::ranges::all_of(name.substr(1, name.size() - 2), allowed);
}

Verdict check_host(std::string_view host, const GateRules& rules) {
    const std::size_t colon =
        host.find(':', host.starts_with('[') ? std::min(host.find(']'), host.size()) : 0);
    const std::string_view name = host.substr(0, colon);
    const std::string_view port =
        colon == std::string_view::npos ? std::string_view{} : host.substr(colon + 1);
    if (!is_host_name(name) && !is_bracketed_v6(name)) return malformed("Host", "Not a host name.");
    if (colon != std::string_view::npos &&
        (port.empty() || port.size() > 5 || !std::ranges::all_of(port, is_digit)))
        return malformed("Host", "Not a port.");
    const auto ours = [&](const std::string& one) {
        return equals_ignoring_case(one, host) || equals_ignoring_case(one, name);
    };
    if (rules.hosts.empty() || std::ranges::any_of(rules.hosts, ours)) return {};
    return Refusal{421, "Misdirected request", "Host", "Not a host of this server."};
}

Verdict read_content_length(std::string_view value, const GateRules& rules, Head& head) {
    if (head.content_length) return malformed("Content-Length", "Only once.");
    if (value.empty() || value.size() > 18 || !std::ranges::all_of(value, is_digit))
        return malformed("Content-Length", "One number in digits.");
    std::uint64_t length = 0;
    std::from_chars(value.data(), value.data() + value.size(), length);
    head.content_length = length;
    if (length > rules.body_bytes)
        return Refusal{413, "Content too large", "Content-Length", "See the limits of this server."};
    return {};
}

Verdict read_transfer_encoding(std::string_view value, Head& head) {
    if (head.chunked) return malformed("Transfer-Encoding", "Only once.");
    if (!head.http_1_1) return malformed("Transfer-Encoding", "Not with HTTP/1.0.");
    if (value != "chunked") return malformed("Transfer-Encoding", "Only chunked.");
    head.chunked = true;
    return {};
}

void read_connection(std::string_view value, Head& head) {
    while (!value.empty()) {
        const std::size_t end = std::min(value.find(','), value.size());
        if (equals_ignoring_case(trim(value.substr(0, end)), "close")) head.close = true;
        value.remove_prefix(std::min(end + 1, value.size()));
    }
}

/// What the headers mean together.
struct Meaning {
    const GateRules& rules;
    Head& head;
    bool host_seen = false;

    /// @param line  the whole line: a tab beside a value that frames the request is blank to one server and
    ///              part of the value to another
    Verdict read(std::string_view name, std::string_view value, std::string_view line) {
        const bool tab = line.find('\t') != std::string_view::npos;
        if (equals_ignoring_case(name, "Host")) {
            if (tab) return malformed("Host", "No tabs.");
            if (std::exchange(host_seen, true)) return malformed("Host", "Only once.");
            return check_host(value, rules);
        }
        if (equals_ignoring_case(name, "Content-Length")) {
            return tab ? malformed("Content-Length", "No tabs.") : read_content_length(value, rules, head);
        }
        if (equals_ignoring_case(name, "Transfer-Encoding")) {
            return tab ? malformed("Transfer-Encoding", "No tabs.") : read_transfer_encoding(value, head);
        }
        if (equals_ignoring_case(name, "Connection")) read_connection(value, head);
        if (equals_ignoring_case(name, "Expect")) {
            if (!equals_ignoring_case(value, "100-continue"))
                return Refusal{417, "Expectation failed", "Expect", "Only 100-continue."};
            head.expects_continue = head.http_1_1;
        }
        return {};
    }

    Verdict together() const {
        if (head.chunked && head.content_length)
            return malformed("Transfer-Encoding", "Not together with Content-Length.");
        if (!host_seen && head.http_1_1) return malformed("Host", "Missing.");
        if (!host_seen && !rules.hosts.empty())
            return Refusal{421, "Misdirected request", "Host", "Not a host of this server."};
        if (head.has_body() && head.method != "POST") return malformed("method", "A body only with POST.");
        return {};
    }
};

}  // namespace

Verdict check_head(std::string_view raw, const GateRules& rules, Head& head) {
    head.headers.clear();
    head.content_length.reset();
    head.chunked = head.close = head.expects_continue = false;

    const auto line = take_line(raw);
    if (!line) return malformed("request line", "Lines end in CRLF.");
    if (Verdict no = read_request_line(*line, head)) return no;
    head.close = !head.http_1_1;
    Meaning meaning{rules, head};
    for (;;) {
        const auto next = take_line(raw);
        if (!next) return malformed("header", "Lines end in CRLF.");
        if (next->empty()) break;
        if (head.headers.size() == rules.headers)
            return Refusal{431, "Too many headers", "header", "See the limits of this server."};
        if (Verdict no = read_header_line(*next, head)) return no;
        const auto& [name, value] = head.headers.back();
        if (Verdict no = meaning.read(name, value, *next)) return no;
    }
    if (!raw.empty()) return malformed("header", "Bytes after the empty line.");
    return meaning.together();
}

}  // namespace webhooks::http
