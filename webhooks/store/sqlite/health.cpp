#include "webhooks/store/sqlite/health.hpp"

namespace webhooks::store::sqlite {

bool Health::is_fatal(error_code failure) noexcept {
    if (failure.category() != sqlite_category()) return false;
    switch (failure.value() & 0xff) {
        case SQLITE_IOERR:
            // No room for the log's index, or no memory: nothing has been written.
            return failure.value() != SQLITE_IOERR_SHMSIZE && failure.value() != SQLITE_IOERR_NOMEM;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return true;
        default:
            return false;
    }
}

bool Health::is_of_disk(error_code failure) noexcept {
    if (failure.category() != sqlite_category()) return false;
    const int primary = failure.value() & 0xff;
    return primary == SQLITE_FULL || primary == SQLITE_IOERR || primary == SQLITE_READONLY ||
           primary == SQLITE_CANTOPEN || primary == SQLITE_NOMEM || is_fatal(failure);
}

void Health::failed(error_code failure) {
    failing_ = true;
    if (is_fatal(failure) && !stopped_.exchange(true) && on_fatal_) on_fatal_(failure);
}

bool Health::healthy() const noexcept {
    if (stopped_ || failing_) return false;
    const Clock::rep since = busy_since_;
    return since == 0 || Clock::now() - Clock::time_point(Clock::duration(since)) < std::chrono::seconds(1);
}

}  // namespace webhooks::store::sqlite
