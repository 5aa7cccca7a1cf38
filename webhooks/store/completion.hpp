#pragma once
#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/system/error_code.hpp>
#include <utility>

namespace webhooks::store {

/// Somebody waiting for a job: a completion handler and the executor it belongs to, which is kept from
/// running out of work until the handler has been posted. Move-only; completed at most once, from any thread.
class Completion {
public:
    using Signature = void(boost::system::error_code);

    template <class CompletionHandler>
    explicit Completion(CompletionHandler handler)
        : executor_(
              boost::asio::prefer(boost::asio::any_io_executor(boost::asio::get_associated_executor(handler)),
                                  boost::asio::execution::outstanding_work.tracked)),
          handler_(std::move(handler)) {}

    Completion(Completion&&) noexcept = default;
    // Boost 1.81's any_completion_handler calls itself for ever when it is move-assigned.
    Completion& operator=(Completion&& other) noexcept {
        executor_.swap(other.executor_);
        handler_.swap(other.handler_);
        return *this;
    }

    /// Posts the handler to its executor; it never runs inside this call.
    void complete(boost::system::error_code result);

private:
    boost::asio::any_io_executor executor_;
    boost::asio::any_completion_handler<Signature> handler_;
};

}  // namespace webhooks::store
