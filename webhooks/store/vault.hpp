#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace webhooks::store {

/// Seals every word, number and state at rest: XChaCha20-Poly1305 with the place of the cell as associated
/// data, so that a cell moved to another row does not open (reliability.md 1.2, I16). Keys are locked in
/// memory and wiped. Thread-safe.
class Vault {
public:
    using Key = std::array<unsigned char, 32>;

    /// Reads a key file of 64 hex digits (mode 0600 or stricter). @throws std::runtime_error naming the file.
    [[nodiscard]] static std::shared_ptr<const Vault> from_file(const std::string& path);
    /// Makes such a file with a fresh key; refuses to overwrite.
    static void create_file(const std::string& path);
    [[nodiscard]] static std::shared_ptr<const Vault> from_key(const Key& master);

    /// @param place  "table.column/rowid": must be the same to open.
    [[nodiscard]] std::string seal(std::string_view clear, std::string_view place) const;
    /// nullopt when the cell was changed, moved or sealed by another key.
    [[nodiscard]] std::optional<std::string> open(std::string_view cell, std::string_view place) const;

    /// Keyed BLAKE2b-256 of a normalised number: equality look-up only.
    [[nodiscard]] std::string index(std::string_view e164) const;
    /// Short id of the key, to tell "another key" from "corrupt".
    [[nodiscard]] std::string fingerprint() const;

    ~Vault();
    Vault(const Vault&) = delete;
    Vault& operator=(const Vault&) = delete;

private:
    struct Keys;
    explicit Vault(std::unique_ptr<Keys> keys);
    std::unique_ptr<Keys> keys_;
};

}  // namespace webhooks::store
