#pragma once
#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace faults {

/// One file.
struct Image {
    std::vector<unsigned char> seen;     ///< what a read gives
    std::vector<unsigned char> durable;  ///< what a cut leaves
    std::set<std::size_t> dirty;         ///< sectors where the two may differ
};

/// A disk that keeps its promises and no more (reliability.md F1): what is written can be read back at once,
/// but only a sync makes it last. When the power goes, a random half of the 512-byte sectors written since
/// has landed and the rest never was. Contents live in memory, so that thousands of cuts take seconds; locks
/// and the shared memory of the log are the real VFS's. Not modelled: loss of directory entries. Thread-safe.
class Disk {
public:
    /// Registers a sqlite3_vfs of its own. @param seed  chooses which sectors land
    explicit Disk(std::uint32_t seed);
    ~Disk();
    Disk(const Disk&) = delete;
    Disk& operator=(const Disk&) = delete;

    [[nodiscard]] const std::string& vfs_name() const { return name_; }

    /// The power goes at the operation after the next `operations` writes, truncations, deletions and syncs.
    void cut_after(long operations);
    /// And comes back: what has landed is all there is.
    void power_on();
    [[nodiscard]] bool is_cut() const;
    [[nodiscard]] long operations() const;  ///< so far

    /// A disk that says "synced" and has not.
    void lie_about_syncs() { lying_ = true; }
    /// Every sync from now on fails as Linux lets it: what was not on disk is forgotten, but not by reads.
    void fail_syncs(bool failing);
    /// No file may grow past this many bytes in all; 0: no limit.
    void limit_to(std::size_t bytes);
    [[nodiscard]] std::size_t used() const;

private:
    friend struct Io;
    [[nodiscard]] bool power_fails_now();
    void write(Image& image, const unsigned char* data, std::size_t size, std::size_t offset);
    void resize(Image& image, std::size_t size);
    static void land_all(Image& image);
    void land_some(Image& image);
    static void land(Image& image, std::size_t sector);
    [[nodiscard]] std::size_t used_unlocked() const;

    mutable std::mutex mutex_;
    std::map<std::string, std::shared_ptr<Image>> images_;
    std::string name_;
    std::unique_ptr<sqlite3_vfs> vfs_;
    std::mt19937 random_;
    long operations_ = 0;
    long cut_at_ = -1;
    std::size_t limit_ = 0;
    bool cut_ = false;
    bool lying_ = false;
    bool syncs_fail_ = false;
};

}  // namespace faults
