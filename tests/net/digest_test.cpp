#include "webhooks/net/digest.hpp"

#include <doctest.h>

#include <stdexcept>

namespace net = webhooks::net;

TEST_CASE("digests: the vectors of RFC 2202, RFC 4231 and FIPS 180") {
    const std::string key = "Jefe", text = "what do ya want for nothing?";
    CHECK(net::hmac_sha1_base64(key, text) == "7/zfauXrL6LSdBbV8YTfnCWafHk=");
    CHECK(net::hmac_sha256_base64(key, text) == "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=");
    CHECK(net::sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(net::sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK_THROWS_AS((void)net::hmac_sha1_base64("", text), std::invalid_argument);
    CHECK_THROWS_AS((void)net::hmac_sha256_base64("", text), std::invalid_argument);
}

TEST_CASE("digests: base64 is read strictly") {
    CHECK(net::decode_base64("aGVsbG8=") == "hello");
    for (const char* text :
         {"aGVsbG8", "aGVsbG8==", "aGVs bG8=", "aGVsbG8=\n", "aGVsbG-_", "aGVsbG9=", "!"}) {
        CAPTURE(text);
        CHECK(net::decode_base64(text).empty());
    }
}

TEST_CASE("digests: secrets are equal only when every byte is") {
    CHECK(net::same_secret("", ""));
    CHECK(net::same_secret("abc", "abc"));
    CHECK_FALSE(net::same_secret("abc", "abd"));
    CHECK_FALSE(net::same_secret("abc", "abcd"));
    CHECK_FALSE(net::same_secret("abc", ""));
}
