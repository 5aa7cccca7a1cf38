#pragma once
#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <iterator>
#include <mutex>
#include <vector>

namespace webhooks::store::sqlite {

/// Waiting jobs of one thread, bounded. Any thread pushes, one takes.
template <class Item>
class JobQueue {
public:
    explicit JobQueue(std::size_t limit) : limit_(limit) {}

    /// False, and nothing taken, when the queue is full or closed.
    [[nodiscard]] bool push(Item& item) {
        bool wake = false;
        {
            const std::lock_guard lock(mutex_);
            if (closed_ || waiting_.size() >= limit_) return false;
            wake = waiting_.empty();
            waiting_.push_back(std::move(item));
        }
        if (wake) filled_.notify_one();
        return true;
    }

    /// Waits for work and moves up to `most` items into `batch`. False when closed and empty.
    [[nodiscard]] bool take(std::vector<Item>& batch, std::size_t most) {
        std::unique_lock lock(mutex_);
        filled_.wait(lock, [this] { return closed_ || !waiting_.empty(); });
        if (waiting_.size() <= most) {
            batch.swap(waiting_);
        } else {
            const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(most);
            std::move(waiting_.begin(), end, std::back_inserter(batch));
            waiting_.erase(waiting_.begin(), end);
        }
        return !batch.empty();
    }

    void close() {
        {
            const std::lock_guard lock(mutex_);
            closed_ = true;
        }
        filled_.notify_one();
    }

    [[nodiscard]] bool empty() const {
        const std::lock_guard lock(mutex_);
        return waiting_.empty();
    }

private:
    const std::size_t limit_;
    mutable std::mutex mutex_;
    std::condition_variable filled_;
    std::vector<Item> waiting_;
    bool closed_ = false;
};

}  // namespace webhooks::store::sqlite
