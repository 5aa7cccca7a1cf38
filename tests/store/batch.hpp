#pragma once
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <future>

#include "fixture.hpp"

namespace store_test {

/// Jobs that share one COMMIT: the writer is held in a job of its own until all of them wait.
class Batch {
public:
    explicit Batch(Store& store) : store_(store) {
        start([this](StoreTx&) {
            reached_.set_value();
            released_.get_future().wait();
            return error_code{};
        });
        reached_.get_future().wait();
        results_.clear();
    }
    void add(Store::Job job) { start(std::move(job)); }
    /// Lets the writer go on. @return what each job came to, in the order they were added
    std::vector<error_code> run() {
        released_.set_value();
        context_.run();
        std::vector<error_code> all;
        for (const auto& result : results_) all.push_back(*result);
        return all;
    }

private:
    void start(Store::Job job) {
        auto result = std::make_shared<error_code>(Error::job_threw);
        results_.push_back(result);
        store_.async_transact(
            std::move(job), boost::asio::bind_executor(context_.get_executor(),
                                                       [result](error_code outcome) { *result = outcome; }));
    }

    Store& store_;
    boost::asio::io_context context_;
    std::promise<void> reached_, released_;
    std::vector<std::shared_ptr<error_code>> results_;
};

}  // namespace store_test
