#pragma once
#include <sqlite3.h>

#include <atomic>
#include <boost/system/error_code.hpp>
#include <chrono>
#include <functional>

#include "webhooks/store/failure.hpp"

namespace webhooks::store::sqlite {

/// Whether the disk still takes what we write. Shared by the threads of one store.
class Health {
public:
    using error_code = boost::system::error_code;
    using Clock = std::chrono::steady_clock;

    explicit Health(std::function<void(error_code)> on_fatal) : on_fatal_(std::move(on_fatal)) {}

    /// True for an error after which nobody knows what the disk holds. A full disk is not one: nothing was
    /// written then, and it may empty again.
    [[nodiscard]] static bool is_fatal(error_code failure) noexcept;
    /// True for an error of the disk or the database rather than of one job.
    [[nodiscard]] static bool is_of_disk(error_code failure) noexcept;

    /// Something went wrong with a write. The first fatal one ends writing and is told to the owner.
    void failed(error_code failure);
    void batch_begins() noexcept { busy_since_ = Clock::now().time_since_epoch().count(); }
    void batch_ends() noexcept { busy_since_ = 0; }
    void committed() noexcept { failing_ = false; }

    [[nodiscard]] bool stopped() const noexcept { return stopped_; }
    [[nodiscard]] bool failing() const noexcept { return failing_; }
    [[nodiscard]] bool healthy() const noexcept;

private:
    std::function<void(error_code)> on_fatal_;
    std::atomic<bool> stopped_ = false;
    std::atomic<bool> failing_ = false;
    std::atomic<Clock::rep> busy_since_ = 0;  ///< 0: idle
};

}  // namespace webhooks::store::sqlite
