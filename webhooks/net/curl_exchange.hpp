#pragma once
#include <curl/curl.h>
#include <sys/socket.h>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <cstdint>
#include <memory>
#include <string_view>

#include "webhooks/net/curl_client.hpp"

namespace webhooks::net {

struct EasyCleanup {
    void operator()(CURL* easy) const noexcept { curl_easy_cleanup(easy); }
};
using EasyHandle = std::unique_ptr<CURL, EasyCleanup>;

/// One request of CurlClient under way: libcurl's handle for it, and what libcurl calls back into. Never
/// moved, for libcurl holds pointers into it. Only for curl_client.cpp.
struct CurlExchange {
    using Handler = boost::asio::any_completion_handler<CurlClient::Signature>;

    CurlExchange(std::uint64_t number, OutgoingRequest what, Handler whom,
                 const boost::asio::any_io_executor& executor);

    /// Makes the handle ready to be added to the multi handle.
    /// @param unused  new or reset. @throws std::bad_alloc when it is none
    void prepare(EasyHandle unused);
    /// Asked with each address the name resolves to, before it is connected to.
    [[nodiscard]] bool may_connect(const sockaddr& peer) noexcept;
    /// What libcurl's result means to the one who waits.
    [[nodiscard]] boost::system::error_code outcome(CURLcode result) const;

    const std::uint64_t id;
    const OutgoingRequest request;
    Handler handler;
    boost::asio::executor_work_guard<boost::asio::any_io_executor> work;
    EasyHandle easy;
    IncomingReply reply;
    void* client = nullptr;  ///< of curl_client.cpp

private:
    void limit();
    void address();
    void listen();
    void add_header(const char* line);

    static int before_write(void* self, char*, char*, int, int);
    bool may_write() noexcept;
    bool gate_is_open() noexcept;
    static std::size_t take_body(char* data, std::size_t one, std::size_t count, void* self);
    static std::size_t take_header(char* data, std::size_t one, std::size_t count, void* self);
    bool header_line(std::string_view line);

    struct ListCleanup {
        void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
    };
    std::unique_ptr<curl_slist, ListCleanup> headers_;
    std::size_t header_bytes_ = 0;
    bool written_ = false, second_write_ = false, withdrawn_ = false, too_large_ = false, private_ = false;
};

}  // namespace webhooks::net
