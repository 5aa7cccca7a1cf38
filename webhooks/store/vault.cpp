#include "webhooks/store/vault.hpp"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>

namespace webhooks::store {

namespace {

constexpr unsigned char kVersion = 1;
constexpr std::size_t kKeyIdBytes = 4;
constexpr std::size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t kHeaderBytes = 1 + kKeyIdBytes + kNonceBytes;
constexpr std::size_t kHexDigits = 64;
constexpr char kPurpose[] = "handrail";  // crypto_kdf context: eight bytes

enum class Subkey : std::uint64_t { cells = 1, numbers = 2, fingerprint = 3 };

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

void derive(Subkey which, const Vault::Key& master, unsigned char* out, std::size_t size) {
    static_assert(sizeof(Vault::Key) == crypto_kdf_KEYBYTES);
    crypto_kdf_derive_from_key(out, size, static_cast<std::uint64_t>(which), kPurpose, master.data());
}

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
    throw std::runtime_error("key file " + path + ": " + why);
}
[[noreturn]] void refuse_errno(const std::string& path) {
    refuse(path, std::generic_category().message(errno));
}

/// Closes on every way out.
struct File {
    int descriptor = -1;
    ~File() {
        if (descriptor >= 0) ::close(descriptor);
    }
};

/// Wiped on every way out.
struct Secret {
    std::array<char, kHexDigits + 2> hex{};
    Vault::Key key{};
    ~Secret() {
        sodium_memzero(hex.data(), hex.size());
        sodium_memzero(key.data(), key.size());
    }
};

void check_private(const std::string& path, const struct stat& status) {
    // A credential handed over by the service manager belongs to root and is readable by the service's group.
    const mode_t allowed = status.st_uid == 0 ? 0640 : 0600;
    if (!S_ISREG(status.st_mode)) refuse(path, "not a file");
    if ((status.st_mode & 0777 & ~allowed) != 0) refuse(path, "others may read it; chmod 600 it");
}

void write_all(const std::string& path, int descriptor, const char* from, std::size_t size) {
    while (size > 0) {
        const ssize_t written = ::write(descriptor, from, size);
        if (written < 0) refuse_errno(path);
        from += written;
        size -= static_cast<std::size_t>(written);
    }
}

/// A new name is durable only when its folder is.
void sync_folder_of(const std::string& path) {
    const std::size_t slash = path.find_last_of('/');
    const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
    const File opened{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (opened.descriptor < 0 || ::fsync(opened.descriptor) != 0) refuse_errno(path);
}

/// Random bytes from a stock of this thread's own: a system call for each cell costs as much as sealing it.
void take_random(unsigned char* out, std::size_t size) {
    constexpr std::size_t kStock = 64 * kNonceBytes;
    thread_local std::array<unsigned char, kStock> stock;
    thread_local std::size_t left = 0;
    if (left < size) {
        randombytes_buf(stock.data(), stock.size());
        left = stock.size();
    }
    left -= size;
    std::copy_n(stock.data() + left, size, out);
}

void start_sodium() {
    if (sodium_init() < 0) throw std::runtime_error("libsodium does not start");
}

}  // namespace

struct Vault::Keys {
    Key cells{};
    Key numbers{};
    std::array<unsigned char, 16> fingerprint{};

    // Where the limit on locked memory is too small the keys still work; the service unit allows no swap.
    explicit Keys(const Key& master) {
        sodium_mlock(this, sizeof *this);
        derive(Subkey::cells, master, cells.data(), cells.size());
        derive(Subkey::numbers, master, numbers.data(), numbers.size());
        derive(Subkey::fingerprint, master, fingerprint.data(), fingerprint.size());
    }
    ~Keys() { sodium_munlock(this, sizeof *this); }  // wipes
    Keys(const Keys&) = delete;
    Keys& operator=(const Keys&) = delete;
};

Vault::Vault(std::unique_ptr<Keys> keys) : keys_(std::move(keys)) {}
Vault::~Vault() = default;

std::shared_ptr<const Vault> Vault::from_key(const Key& master) {
    start_sodium();
    return std::shared_ptr<const Vault>(new Vault(std::make_unique<Keys>(master)));
}

std::shared_ptr<const Vault> Vault::from_file(const std::string& path) {
    start_sodium();
    const File file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    struct stat status {};
    if (file.descriptor < 0 || ::fstat(file.descriptor, &status) != 0) refuse_errno(path);
    check_private(path, status);
    Secret secret;
    const ssize_t size = ::read(file.descriptor, secret.hex.data(), secret.hex.size());
    if (size < 0) refuse_errno(path);
    std::size_t digits = static_cast<std::size_t>(size);
    if (digits > 0 && secret.hex[digits - 1] == '\n') --digits;
    std::size_t length = 0;
    if (digits != kHexDigits || sodium_hex2bin(secret.key.data(), secret.key.size(), secret.hex.data(),
                                               digits, nullptr, &length, nullptr) != 0) {
        refuse(path, "expected one line of 64 hex digits");
    }
    return from_key(secret.key);
}

void Vault::create_file(const std::string& path) {
    start_sodium();
    const File file{::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
    if (file.descriptor < 0) refuse_errno(path);
    Secret secret;
    randombytes_buf(secret.key.data(), secret.key.size());
    sodium_bin2hex(secret.hex.data(), kHexDigits + 1, secret.key.data(), secret.key.size());
    secret.hex[kHexDigits] = '\n';
    write_all(path, file.descriptor, secret.hex.data(), kHexDigits + 1);
    if (::fsync(file.descriptor) != 0) refuse_errno(path);
    sync_folder_of(path);
}

std::string Vault::seal(std::string_view clear, std::string_view place) const {
    std::string cell(kHeaderBytes + clear.size() + kTagBytes, '\0');
    unsigned char* out = bytes_of(cell);
    out[0] = kVersion;
    std::copy_n(keys_->fingerprint.begin(), kKeyIdBytes, out + 1);
    unsigned char* nonce = out + 1 + kKeyIdBytes;
    take_random(nonce, kNonceBytes);
    crypto_aead_xchacha20poly1305_ietf_encrypt(out + kHeaderBytes, nullptr, bytes_of(clear), clear.size(),
                                               bytes_of(place), place.size(), nullptr, nonce,
                                               keys_->cells.data());
    return cell;
}

std::optional<std::string> Vault::open(std::string_view cell, std::string_view place) const {
    if (cell.size() < kHeaderBytes + kTagBytes) return std::nullopt;
    const unsigned char* in = bytes_of(cell);
    if (in[0] != kVersion || std::memcmp(in + 1, keys_->fingerprint.data(), kKeyIdBytes) != 0) {
        return std::nullopt;
    }
    std::string clear(cell.size() - kHeaderBytes - kTagBytes, '\0');
    const unsigned char* nonce = in + 1 + kKeyIdBytes;
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(bytes_of(clear), nullptr, nullptr, in + kHeaderBytes,
                                                   cell.size() - kHeaderBytes, bytes_of(place), place.size(),
                                                   nonce, keys_->cells.data()) != 0) {
        return std::nullopt;
    }
    return clear;
}

std::string Vault::index(std::string_view e164) const {
    std::string hash(crypto_generichash_BYTES, '\0');
    crypto_generichash(bytes_of(hash), hash.size(), bytes_of(e164), e164.size(), keys_->numbers.data(),
                       keys_->numbers.size());
    return hash;
}

std::string Vault::fingerprint() const {
    char hex[sizeof keys_->fingerprint * 2 + 1];
    sodium_bin2hex(hex, sizeof hex, keys_->fingerprint.data(), keys_->fingerprint.size());
    return hex;
}

}  // namespace webhooks::store
