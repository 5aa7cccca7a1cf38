#include "power_cut_vfs.hpp"

#include <algorithm>
#include <cstring>

namespace faults {

namespace {

constexpr std::size_t kSector = 512;

sqlite3_vfs* real_vfs() { return sqlite3_vfs_find("unix"); }

}  // namespace

/// One open file as SQLite sees it. For the database itself a real, empty file stands behind it and carries
/// the locks and the shared memory; it lies in memory right after this.
struct File {
    sqlite3_file base;
    Disk* disk;
    std::shared_ptr<Image>* image;
    bool has_real;

    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

/// The functions of the VFS.
struct Io {
    static File& of(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }
    static Image& image_of(File& file) { return **file.image; }
    static Disk& disk_of(sqlite3_vfs* vfs) { return *static_cast<Disk*>(vfs->pAppData); }

    static int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
        Disk& disk = disk_of(vfs);
        File& opened = of(file);
        std::memset(file, 0, static_cast<std::size_t>(vfs->szOsFile));
        if ((flags & SQLITE_OPEN_MAIN_DB) != 0) {
            const int code = real_vfs()->xOpen(real_vfs(), name, opened.real(), flags, out_flags);
            if (code != SQLITE_OK) return code;
            opened.has_real = true;
        } else if (out_flags != nullptr) {
            *out_flags = flags;
        }
        const std::lock_guard lock(disk.mutex_);
        auto image = name == nullptr ? std::make_shared<Image>() : disk.images_[name];
        if (!image) image = disk.images_[name] = std::make_shared<Image>();
        opened.disk = &disk;
        opened.image = new std::shared_ptr<Image>(std::move(image));
        file->pMethods = &kMethods;
        return SQLITE_OK;
    }
    static int remove(sqlite3_vfs* vfs, const char* name, int) {
        Disk& disk = disk_of(vfs);
        const std::lock_guard lock(disk.mutex_);
        if (disk.power_fails_now()) return SQLITE_IOERR_DELETE;
        return disk.images_.erase(name) == 0 ? SQLITE_IOERR_DELETE_NOENT : SQLITE_OK;
    }
    static int access(sqlite3_vfs* vfs, const char* name, int, int* found) {
        Disk& disk = disk_of(vfs);
        const std::lock_guard lock(disk.mutex_);
        const auto at = disk.images_.find(name);
        *found = at != disk.images_.end() && !at->second->seen.empty() ? 1 : 0;
        return SQLITE_OK;
    }

    static int close(sqlite3_file* file) {
        File& closing = of(file);
        delete closing.image;
        return closing.has_real ? closing.real()->pMethods->xClose(closing.real()) : SQLITE_OK;
    }
    static int read(sqlite3_file* file, void* out, int wanted, sqlite3_int64 from) {
        Disk& disk = *of(file).disk;
        const std::lock_guard lock(disk.mutex_);
        if (disk.cut_) return SQLITE_IOERR_READ;
        const auto& bytes = image_of(of(file)).seen;
        const auto size = static_cast<std::size_t>(wanted);
        const auto offset = std::min(static_cast<std::size_t>(from), bytes.size());
        const std::size_t have = std::min(size, bytes.size() - offset);
        if (have > 0) std::memcpy(out, bytes.data() + offset, have);
        if (have == size) return SQLITE_OK;
        std::memset(static_cast<char*>(out) + have, 0, size - have);
        return SQLITE_IOERR_SHORT_READ;
    }
    static int write(sqlite3_file* file, const void* data, int size, sqlite3_int64 to) {
        Disk& disk = *of(file).disk;
        const std::lock_guard lock(disk.mutex_);
        if (disk.power_fails_now()) return SQLITE_IOERR_WRITE;
        Image& image = image_of(of(file));
        const auto end = static_cast<std::size_t>(to) + static_cast<std::size_t>(size);
        const std::size_t growth = end > image.seen.size() ? end - image.seen.size() : 0;
        if (disk.limit_ > 0 && growth > 0 && disk.used_unlocked() + growth > disk.limit_) return SQLITE_FULL;
        disk.write(image, static_cast<const unsigned char*>(data), static_cast<std::size_t>(size),
                   static_cast<std::size_t>(to));
        return SQLITE_OK;
    }
    static int truncate(sqlite3_file* file, sqlite3_int64 size) {
        Disk& disk = *of(file).disk;
        const std::lock_guard lock(disk.mutex_);
        if (disk.power_fails_now()) return SQLITE_IOERR_TRUNCATE;
        disk.resize(image_of(of(file)), static_cast<std::size_t>(size));
        return SQLITE_OK;
    }
    static int sync(sqlite3_file* file, int) {
        Disk& disk = *of(file).disk;
        const std::lock_guard lock(disk.mutex_);
        if (disk.power_fails_now()) return SQLITE_IOERR_FSYNC;
        if (disk.syncs_fail_) {
            disk.land_some(image_of(of(file)));
            return SQLITE_IOERR_FSYNC;
        }
        if (!disk.lying_) Disk::land_all(image_of(of(file)));
        return SQLITE_OK;
    }
    static int size(sqlite3_file* file, sqlite3_int64* out) {
        const std::lock_guard lock(of(file).disk->mutex_);
        *out = static_cast<sqlite3_int64>(image_of(of(file)).seen.size());
        return SQLITE_OK;
    }

    // Locks and shared memory: only the database itself has them.
    static int lock(sqlite3_file* file, int level) {
        return of(file).has_real ? of(file).real()->pMethods->xLock(of(file).real(), level) : SQLITE_OK;
    }
    static int unlock(sqlite3_file* file, int level) {
        return of(file).has_real ? of(file).real()->pMethods->xUnlock(of(file).real(), level) : SQLITE_OK;
    }
    static int check_lock(sqlite3_file* file, int* held) {
        *held = 0;
        if (!of(file).has_real) return SQLITE_OK;
        return of(file).real()->pMethods->xCheckReservedLock(of(file).real(), held);
    }
    static int control(sqlite3_file* file, int operation, void* argument) {
        if (!of(file).has_real || operation == SQLITE_FCNTL_SIZE_HINT) return SQLITE_NOTFOUND;
        return of(file).real()->pMethods->xFileControl(of(file).real(), operation, argument);
    }
    static int sector_size(sqlite3_file*) { return 4'096; }  // what the unix VFS says of ordinary disks
    static int characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }
    static int shm_map(sqlite3_file* file, int page, int size, int extend, void volatile** out) {
        return of(file).real()->pMethods->xShmMap(of(file).real(), page, size, extend, out);
    }
    static int shm_lock(sqlite3_file* file, int offset, int count, int flags) {
        return of(file).real()->pMethods->xShmLock(of(file).real(), offset, count, flags);
    }
    static void shm_barrier(sqlite3_file* file) { of(file).real()->pMethods->xShmBarrier(of(file).real()); }
    static int shm_unmap(sqlite3_file* file, int remove) {
        return of(file).real()->pMethods->xShmUnmap(of(file).real(), remove);
    }

    static constexpr sqlite3_io_methods kMethods{
        2,         close,      read,    write,       truncate,        sync,    size,     lock,
        unlock,    check_lock, control, sector_size, characteristics, shm_map, shm_lock, shm_barrier,
        shm_unmap, nullptr,    nullptr};
};

Disk::Disk(std::uint32_t seed)
    : name_("power_cut_" + std::to_string(reinterpret_cast<std::uintptr_t>(this))),
      vfs_(std::make_unique<sqlite3_vfs>(*real_vfs())),
      random_(seed) {
    vfs_->pNext = nullptr;
    vfs_->zName = name_.c_str();
    vfs_->szOsFile = static_cast<int>(sizeof(File)) + real_vfs()->szOsFile;
    vfs_->pAppData = this;
    vfs_->xOpen = Io::open;
    vfs_->xDelete = Io::remove;
    vfs_->xAccess = Io::access;
    sqlite3_vfs_register(vfs_.get(), 0);
}

Disk::~Disk() { sqlite3_vfs_unregister(vfs_.get()); }

void Disk::cut_after(long operations) {
    const std::lock_guard lock(mutex_);
    cut_at_ = operations_ + operations;
}

void Disk::power_on() {
    const std::lock_guard lock(mutex_);
    for (auto& [name, image] : images_) {
        image->seen = image->durable;
        image->dirty.clear();
    }
    cut_ = false;
    cut_at_ = -1;
}

bool Disk::is_cut() const {
    const std::lock_guard lock(mutex_);
    return cut_;
}

long Disk::operations() const {
    const std::lock_guard lock(mutex_);
    return operations_;
}

void Disk::fail_syncs(bool failing) {
    const std::lock_guard lock(mutex_);
    syncs_fail_ = failing;
}

void Disk::limit_to(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    limit_ = bytes;
}

std::size_t Disk::used() const {
    const std::lock_guard lock(mutex_);
    return used_unlocked();
}

std::size_t Disk::used_unlocked() const {
    std::size_t bytes = 0;
    for (const auto& [name, image] : images_) bytes += image->seen.size();
    return bytes;
}

bool Disk::power_fails_now() {
    if (!cut_ && cut_at_ >= 0 && operations_ >= cut_at_) {
        cut_ = true;
        for (auto& [name, image] : images_) land_some(*image);
    }
    if (!cut_) ++operations_;
    return cut_;
}

void Disk::write(Image& image, const unsigned char* data, std::size_t size, std::size_t offset) {
    if (image.seen.size() < offset + size) resize(image, offset + size);
    std::copy_n(data, size, image.seen.begin() + static_cast<std::ptrdiff_t>(offset));
    for (std::size_t sector = offset / kSector; sector * kSector < offset + size; ++sector)
        image.dirty.insert(sector);
}

void Disk::resize(Image& image, std::size_t size) {
    const std::size_t before = image.seen.size();
    image.seen.resize(size);
    const std::size_t end = std::max(before, size);
    for (std::size_t sector = std::min(before, size) / kSector; sector * kSector < end; ++sector)
        image.dirty.insert(sector);
}

void Disk::land_all(Image& image) {
    image.durable.resize(image.seen.size());
    for (const std::size_t sector : image.dirty) land(image, sector);
    image.dirty.clear();
}

void Disk::land_some(Image& image) {
    const auto chance = [this] { return (random_() & 1U) != 0; };
    if (image.seen.size() < image.durable.size() && chance()) image.durable.resize(image.seen.size());
    for (const std::size_t sector : image.dirty)
        if (chance()) land(image, sector);
    image.dirty.clear();
}

/// A sector that lands takes the file's end with it when it lies past it.
void Disk::land(Image& image, std::size_t sector) {
    const std::size_t from = sector * kSector;
    if (from >= image.seen.size()) return;
    const std::size_t to = std::min(from + kSector, image.seen.size());
    if (image.durable.size() < to) image.durable.resize(to);
    std::copy(image.seen.begin() + static_cast<std::ptrdiff_t>(from),
              image.seen.begin() + static_cast<std::ptrdiff_t>(to),
              image.durable.begin() + static_cast<std::ptrdiff_t>(from));
}

}  // namespace faults
