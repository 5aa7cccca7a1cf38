#pragma once
#include <boost/asio/io_context.hpp>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "tests/store/fixture.hpp"

namespace faults {

using namespace store_test;

/// What a line does all day, on the real store layer: texts come in, several at once, each a whole turn in
/// one job; replies are claimed and recorded as sent. Remembers what was acknowledged, and can tell after a
/// restart whether the store still knows it.
class Workload {
public:
    explicit Workload(std::uint32_t seed) : random_(seed) {}

    /// Keeps `in_flight` jobs waiting until `jobs` have been answered or the store fails.
    void run(Store& store, int jobs, int in_flight = 6);

    struct Verdict {
        int lost = 0;          ///< acknowledged, and gone or not as it was acknowledged
        int half_done = 0;     ///< a job of which one part is there and another is not
        bool damaged = false;  ///< the database does not pass its own integrity check
        [[nodiscard]] bool sound() const { return lost == 0 && half_done == 0 && !damaged; }
    };
    /// After a restart.
    [[nodiscard]] Verdict look(Store& store, const SqliteSettings& settings) const;

    [[nodiscard]] int acknowledged() const { return static_cast<int>(taken_.size() + sent_.size()); }
    [[nodiscard]] const std::vector<error_code>& failures() const { return failures_; }

private:
    struct Sending;
    void start_next(Store& store);
    void start_text(Store& store);
    void start_sending(Store& store);
    void answered(Store& store, error_code outcome);
    void look_at_text(Store& store, int number, Verdict& verdict) const;
    void look_at_sent(Store& store, Verdict& verdict) const;

    boost::asio::io_context context_;
    std::mt19937 random_;
    int left_ = 0;
    int next_ = 0;
    bool broken_ = false;
    std::set<int> taken_;
    std::set<std::int64_t> sent_;
    std::vector<error_code> failures_;
};

}  // namespace faults
