#include "webhooks/config_sections.hpp"

#include <array>
#include <filesystem>

#include "webhooks/net/digest.hpp"

namespace webhooks {

using namespace std::chrono_literals;

namespace {

void read_limits(ConfigTable table, http::Limits& limits) {
    table.number("header_bytes", limits.header_bytes, 1'024, 65'536);
    table.number("headers", limits.headers, 8, 256);
    table.number("body_bytes", limits.body_bytes, 4'096, 1'048'576);
    table.number("connections", limits.connections, 16, 60'000);
    table.number("connections_per_peer", limits.connections_per_peer, 1, 60'000);
    table.duration("header_deadline", limits.header_deadline, 100ms, 60s);
    table.duration("request_deadline", limits.request_deadline, 100ms, 120s);
    table.duration("write_deadline", limits.write_deadline, 100ms, 120s);
    table.duration("idle_timeout", limits.idle_timeout, 1s, 10min);
    table.refuse_unknown_keys();
}

void read_tls(ConfigTable& server, http::TlsFiles& tls) {
    server.text("tls_certificate", tls.certificate_chain, kPath);
    server.text("tls_key", tls.private_key, kPath);
    if (tls.certificate_chain.empty() != tls.private_key.empty())
        server.complain("", "tls_certificate and tls_key go together: give both or neither");
    for (const char* key : {"tls_certificate", "tls_key"}) {
        const std::string& file =
            std::string_view(key) == "tls_key" ? tls.private_key : tls.certificate_chain;
        if (!file.empty() && !std::filesystem::is_regular_file(file))
            server.complain(key, "there is no such file");
    }
}

void read_server(ConfigTable server, Config& config) {
    server.require({"public_url"});
    server.text("listen", config.server.address);
    server.number("port", config.server.port, 1, 65'535);
    server.text("public_url", config.public_url, kPublicUrl);
    while (config.public_url.ends_with('/')) config.public_url.pop_back();
    server.texts("hosts", config.server.hosts, kAnyText);
    server.texts("trusted_proxies", config.trusted_proxies, kNetwork);
    server.duration("drain", config.drain, 0ms, 120s);
    read_tls(server, config.server.tls);
    read_limits(server.table("limits"), config.server.limits);
    server.refuse_unknown_keys();
}

void read_admin(ConfigTable admin, Config& config) {
    admin.text("listen", config.admin.address);
    admin.number("port", config.admin.port, 1, 65'535);
    if (config.admin.port == config.server.port && config.admin.address == config.server.address)
        admin.complain("port", "must differ from server.port: health and metrics are not for the internet");
    bool reachable = false;
    admin.flag("reachable_from_outside", reachable);
    if (!is_loopback(config.admin.address) && !reachable) {
        admin.complain("listen",
                       "opens health and metrics, which have no password, to other machines: listen on "
                       "127.0.0.1, or say reachable_from_outside = true when a firewall keeps strangers out");
    }
    admin.refuse_unknown_keys();
}

void read_store(ConfigTable store, Config& config) {
    store.text("path", config.store.path, kPath);
    store.text("key_file", config.store.key_file, kPath);
    for (const char* key : {"path", "key_file"}) {
        const std::filesystem::path file =
            std::string_view(key) == "path" ? config.store.path : config.store.key_file;
        if (file.has_parent_path() && !std::filesystem::is_directory(file.parent_path()))
            store.complain(key, "must be a file in a directory that exists");
    }
    store.refuse_unknown_keys();
}

void read_said(ConfigTable& line, bot::LineSettings& settings) {
    struct Placeholder {
        const char* key;
        const char* name;
        std::size_t longest;
    };
    // Lengths of the content brief, 2A: with longer values a text no longer fits into its segments.
    static constexpr Placeholder kPlaceholders[]{
        {"organisation", "org", 20}, {"short_name", "short", 12}, {"helpline", "helpline", 14},
        {"url", "url", 26},          {"spot", "spot", 12},
    };
    for (const Placeholder& each : kPlaceholders)
        line.said(each.key, settings.placeholders[each.name], each.longest);
    int minutes = 15;
    line.number("usual_answer_minutes", minutes, 1, 120);
    settings.placeholders["n"] = std::to_string(minutes);
}

void read_line(ConfigTable line, Config& config) {
    bot::LineSettings& settings = config.line;
    settings.placeholders["spot"] = "877-696-1996";
    line.require({"organisation", "short_name", "helpline", "url", "time_zone"});
    read_said(line, settings);
    line.text("time_zone", settings.time_zone, kTimeZone);
    line.number("quiet_from", settings.quiet_from_hour, 0, 23);
    line.number("quiet_until", settings.quiet_until_hour, 0, 23);
    if (settings.quiet_until_hour >= settings.quiet_from_hour)
        line.complain("quiet_until",
                      "must be an hour before quiet_from: texts the line begins are sent in between");
    line.flag("fold_spanish", settings.fold_spanish);
    line.flag("answer_opted_out", settings.answer_opted_out);
    line.flag("staffed", settings.staffed);
    line.flag("harm_reduction", settings.harm_reduction);
    line.text("flows", config.flows, kPath);
    if (!config.flows.empty() && !std::filesystem::is_directory(config.flows))
        line.complain("flows", "must be a directory that exists");
    line.refuse_unknown_keys();
}

void read_replies(ConfigTable replies, Config& config) {
    replies.duration("gather", config.gather, 0ms, 5s);
    replies.duration("crossed", config.crossed, 0ms, 30s);
    replies.refuse_unknown_keys();
}

void read_token(ConfigTable table, staff::ApiToken& token) {
    table.require({"name"});
    table.text("name", token.name, kAccountName);
    std::string secret;
    table.secret("token", secret, kToken);
    table.text("sha256", token.sha256_hex, kSha256);
    if (table.has("token") == table.has("sha256"))
        table.complain("", "needs either token = \"env:NAME\" or sha256 = \"64 hex digits\"");
    if (!secret.empty()) token.sha256_hex = net::sha256_hex(secret);
    table.flag("sees_numbers", token.sees_numbers);
    table.refuse_unknown_keys();
}

void read_api(ConfigTable api, Config& config) {
    for (ConfigTable& table : api.tables("token")) {
        staff::ApiToken token;
        read_token(table, token);
        for (const staff::ApiToken& other : config.api_tokens) {
            if (other.name == token.name) table.complain("name", "is the name of another token");
        }
        config.api_tokens.push_back(std::move(token));
    }
    api.refuse_unknown_keys();
}

/// Off unless the section is there.
void read_fallback(ConfigTable& root, Config& config) {
    if (!root.has("fallback")) return;
    ConfigTable table = root.table("fallback");
    fallback::Settings& fallback = config.fallback;
    fallback.directory = "fallback";
    table.text("listen", fallback.address);
    table.number("port", fallback.port, 1, 65'535);
    table.text("directory", fallback.directory, kPath);
    table.number("megabytes", fallback.megabytes, 1, 100'000);
    if (!is_loopback(fallback.address))
        table.complain("listen",
                       "must be an address of this machine: the proxy in front has the certificate");
    if (fallback.port == config.server.port || fallback.port == config.admin.port)
        table.complain("port", "is the server's own: the fallback is there when the server is not");
    const std::filesystem::path directory = fallback.directory;
    if (directory.has_parent_path() && !std::filesystem::is_directory(directory.parent_path()))
        table.complain("directory", "must be in a directory that exists");
    table.refuse_unknown_keys();
}

void read_quarantine(ConfigTable quarantine, Config& config) {
    quarantine.number("keep", config.quarantine_keep, 10, 10'000);
    quarantine.refuse_unknown_keys();
}

void read_log(ConfigTable log, Config& config) {
    using telemetry::Level;
    log.choice<Level>("level", config.log_level,
                      {{"debug", Level::debug},
                       {"info", Level::info},
                       {"warning", Level::warning},
                       {"error", Level::error}});
    log.refuse_unknown_keys();
}

}  // namespace

void read_sections(ConfigTable root, Config& config) {
    config.admin.port = 8'081;
    root.require({"server", "line", "gateway"});
    read_server(root.table("server"), config);
    read_admin(root.table("admin"), config);
    read_store(root.table("store"), config);
    read_line(root.table("line"), config);
    read_replies(root.table("replies"), config);
    read_gateways(root, config);
    read_sending(root.table("sending"), config);
    read_reconcile(root.table("reconcile"), config);
    read_oncall(root, config);
    read_hooks(root, config);
    read_webhooks(root.table("webhooks"), config);
    read_sign_up(root, config);
    read_api(root.table("api"), config);
    read_staff(root.table("staff"), config);
    read_fallback(root, config);
    read_quarantine(root.table("quarantine"), config);
    read_log(root.table("log"), config);
    root.refuse_unknown_keys();
}

}  // namespace webhooks
