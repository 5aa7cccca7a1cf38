#include "webhooks/store/store.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/io_context.hpp>

namespace webhooks::store {

namespace asio = boost::asio;

namespace {

class StoreCategory final : public boost::system::error_category {
public:
    const char* name() const noexcept override { return "store"; }
    std::string message(int code) const override {
        switch (static_cast<Error>(code)) {
            case Error::busy:
                return "the store is busy";
            case Error::sealed_by_another_key:
                return "the database is sealed with another key";
            case Error::schema_too_new:
                return "the database was made by a newer version";
            case Error::corrupt:
                return "a sealed cell does not open";
            case Error::stopped:
                return "the store has stopped after an I/O error";
            case Error::job_threw:
                return "a unit of work ended with an exception";
        }
        return "unknown";
    }
};

/// Waits on the calling thread: the store keeps the context busy until it has posted the result.
template <class Start>
error_code wait_for(Start&& start) {
    asio::io_context here(1);
    error_code result = Error::job_threw;
    start(asio::bind_executor(here.get_executor(), [&result](error_code outcome) { result = outcome; }));
    here.run();
    return result;
}

}  // namespace

const boost::system::error_category& store_category() noexcept {
    static const StoreCategory category;
    return category;
}

std::string_view to_string(OutboxState state) noexcept {
    constexpr std::string_view kNames[]{"queued", "wired",   "errored",   "sent", "delivered",
                                        "failed", "unknown", "cancelled", "stale"};
    return kNames[static_cast<std::uint8_t>(state)];
}

error_code Store::transact(Job job) {
    return wait_for([&](auto handler) { async_transact(std::move(job), std::move(handler)); });
}

error_code Store::read(ReadJob job) {
    return wait_for([&](auto handler) { async_read(std::move(job), std::move(handler)); });
}

}  // namespace webhooks::store
