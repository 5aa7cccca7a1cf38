#include "webhooks/oncall/mailer.hpp"

#include <curl/curl.h>
#include <date/date.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <string_view>

namespace webhooks::oncall {

namespace asio = boost::asio;

namespace {

constexpr long kSeconds = 20;

struct EasyEnd {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct ListEnd {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

std::size_t give(char* out, std::size_t size, std::size_t count, void* rest) {
    auto& left = *static_cast<std::string_view*>(rest);
    const std::size_t length = std::min(size * count, left.size());
    std::copy_n(left.begin(), length, out);
    left.remove_prefix(length);
    return length;
}

bool is_this_machine(std::string_view server) {
    return server.find("//127.0.0.1") != server.npos || server.find("//localhost") != server.npos ||
           server.find("//[::1]") != server.npos;
}

std::string hand_over(const MailSettings& settings, const Mail& mail, const std::string& message) {
    const std::unique_ptr<CURL, EasyEnd> curl(curl_easy_init());
    const std::unique_ptr<curl_slist, ListEnd> to(curl_slist_append(nullptr, mail.to.c_str()));
    if (!curl || !to) return "no memory";
    std::string_view rest = message;
    CURL* const easy = curl.get();
    curl_easy_setopt(easy, CURLOPT_URL, settings.server.c_str());
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(easy, CURLOPT_USE_SSL,
                     static_cast<long>(is_this_machine(settings.server) ? CURLUSESSL_TRY : CURLUSESSL_ALL));
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_TIMEOUT, kSeconds);
    curl_easy_setopt(easy, CURLOPT_MAIL_FROM, settings.from.c_str());
    curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, to.get());
    if (!settings.user.empty()) {
        curl_easy_setopt(easy, CURLOPT_USERNAME, settings.user.c_str());
        curl_easy_setopt(easy, CURLOPT_PASSWORD, settings.password.c_str());
    }
    curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(easy, CURLOPT_READFUNCTION, &give);
    curl_easy_setopt(easy, CURLOPT_READDATA, &rest);
    const CURLcode code = curl_easy_perform(easy);
    return code == CURLE_OK ? std::string{} : curl_easy_strerror(code);
}

}  // namespace

std::string compose(const MailSettings& settings, const Mail& mail, bot::TimePoint now) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
    std::string out = "Date: " + date::format("%a, %d %b %Y %T +0000", seconds) + "\r\n";
    out += "From: Handrail <" + settings.from + ">\r\n";
    out += "To: <" + mail.to + ">\r\n";
    out += "Subject: " + mail.subject + "\r\n";
    out += "Message-ID: <" + mail.id + settings.from.substr(settings.from.find('@')) + ">\r\n";
    out +=
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nAuto-Submitted: auto-generated\r\n";
    out += "\r\n" + mail.text + "\r\n";
    return out;
}

asio::awaitable<std::string> Mailer::send(Mail mail, bot::TimePoint now) {
    std::string message = compose(settings_, mail, now);
    auto work = [](MailSettings settings, Mail one, std::string text) -> asio::awaitable<std::string> {
        co_return hand_over(settings, one, text);
    };
    auto sending = work(settings_, std::move(mail), std::move(message));
    co_return co_await asio::co_spawn(thread_, std::move(sending), asio::use_awaitable);
}

}  // namespace webhooks::oncall
