#pragma once
#include <openssl/evp.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bench {

using Form = std::vector<std::pair<std::string, std::string>>;

/// application/x-www-form-urlencoded, as Twilio writes it.
[[nodiscard]] std::string encode(const Form& form);
/// Reads such a body; what is not a form gives odd fields, never an error: the load is our own.
[[nodiscard]] Form decode(std::string_view body);
[[nodiscard]] std::string percent_decode(std::string_view text);
/// Value of the first field of that name, empty when absent.
[[nodiscard]] std::string_view value_of(const Form& form, std::string_view name);

/// X-Twilio-Signature: base64(HMAC-SHA1(token, url + fields sorted by name)). The key schedule is made once.
/// One thread.
class Signer {
public:
    Signer(std::string_view token, std::string url);
    [[nodiscard]] std::string sign(const Form& form);

private:
    template <auto Release>
    struct Free {
        template <class T>
        void operator()(T* pointer) const {
            Release(pointer);
        }
    };
    std::unique_ptr<EVP_MAC, Free<EVP_MAC_free>> mac_;
    std::unique_ptr<EVP_MAC_CTX, Free<EVP_MAC_CTX_free>> context_;
    std::string url_;
};

}  // namespace bench
