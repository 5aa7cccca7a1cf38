#include "signed_form.hpp"

#include <openssl/core_names.h>
#include <openssl/params.h>

#include <algorithm>
#include <array>

namespace bench {

namespace {

const unsigned char* bytes(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    const char lower = static_cast<char>(c | 32);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

void percent_encode(std::string_view text, std::string& out) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           c == '-' || c == '_' || c == '.' || c == '~';
        if (plain) {
            out += c;
        } else if (c == ' ') {
            out += '+';
        } else {
            out += '%';
            out += kHex[byte >> 4U];
            out += kHex[byte & 15U];
        }
    }
}

}  // namespace

std::string encode(const Form& form) {
    std::string body;
    body.reserve(512);
    for (const auto& [name, value] : form) {
        if (!body.empty()) body += '&';
        percent_encode(name, body);
        body += '=';
        percent_encode(value, body);
    }
    return body;
}

std::string percent_decode(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool escape = text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 &&
                            hex_value(text[i + 2]) >= 0;
        if (escape) {
            out += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
            i += 2;
        } else {
            out += text[i] == '+' ? ' ' : text[i];
        }
    }
    return out;
}

Form decode(std::string_view body) {
    Form form;
    while (!body.empty()) {
        const std::size_t end = body.find('&');
        const std::string_view field = body.substr(0, end);
        body = end == std::string_view::npos ? std::string_view{} : body.substr(end + 1);
        const std::size_t equals = field.find('=');
        const std::string_view value =
            equals == std::string_view::npos ? std::string_view{} : field.substr(equals + 1);
        form.emplace_back(percent_decode(field.substr(0, equals)), percent_decode(value));
    }
    return form;
}

std::string_view value_of(const Form& form, std::string_view name) {
    for (const auto& [key, value] : form) {
        if (key == name) return value;
    }
    return {};
}

Signer::Signer(std::string_view token, std::string url)
    : mac_(EVP_MAC_fetch(nullptr, "HMAC", nullptr)),
      context_(EVP_MAC_CTX_new(mac_.get())),
      url_(std::move(url)) {
    char digest[] = "SHA1";
    const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                                     OSSL_PARAM_construct_end()};
    EVP_MAC_init(context_.get(), bytes(token), token.size(), parameters);
}

std::string Signer::sign(const Form& form) {
    std::vector<const Form::value_type*> sorted;
    sorted.reserve(form.size());
    for (const auto& field : form) sorted.push_back(&field);
    std::sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) { return a->first < b->first; });

    EVP_MAC_init(context_.get(), nullptr, 0, nullptr);
    const auto add = [this](std::string_view text) {
        EVP_MAC_update(context_.get(), bytes(text), text.size());
    };
    add(url_);
    for (const auto* field : sorted) {
        add(field->first);
        add(field->second);
    }
    std::array<unsigned char, 20> digest{};
    std::size_t length = 0;
    EVP_MAC_final(context_.get(), digest.data(), &length, digest.size());
    std::array<unsigned char, 32> text{};
    EVP_EncodeBlock(text.data(), digest.data(), static_cast<int>(length));
    return {reinterpret_cast<const char*>(text.data()), 28};
}

}  // namespace bench
