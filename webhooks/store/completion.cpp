#include "webhooks/store/completion.hpp"

#include <boost/asio/post.hpp>

namespace webhooks::store {

void Completion::complete(boost::system::error_code result) {
    const boost::asio::any_io_executor executor = std::exchange(executor_, {});
    boost::asio::post(executor,
                      [handler = std::move(handler_), result]() mutable { std::move(handler)(result); });
}

}  // namespace webhooks::store
