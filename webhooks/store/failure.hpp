#pragma once
#include <boost/system/error_code.hpp>
#include <boost/system/system_error.hpp>

namespace webhooks::store {

/// SQLite's extended result codes.
[[nodiscard]] const boost::system::error_category& sqlite_category() noexcept;

/// The database failed inside a job. Thrown by StoreTx and StoreReader, caught by the store, delivered as
/// error_code.
class StoreFailure : public boost::system::system_error {
public:
    using boost::system::system_error::system_error;
};

}  // namespace webhooks::store
