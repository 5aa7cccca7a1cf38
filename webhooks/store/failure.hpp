#pragma once
#include <boost/system/error_code.hpp>
#include <boost/system/system_error.hpp>

namespace webhooks::store {

/// The database failed inside a job. Thrown by StoreTx and StoreReader, caught by the store, delivered as
/// error_code.
class StoreFailure : public boost::system::system_error {
public:
    using boost::system::system_error::system_error;
};

}  // namespace webhooks::store
