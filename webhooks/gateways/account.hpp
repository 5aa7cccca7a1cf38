#pragma once
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "webhooks/gateways/gateway.hpp"
#include "webhooks/gateways/settings.hpp"

namespace webhooks::gateways {

/// True when the whole text, blanks aside, is one of these words (in small letters) in any letter case.
[[nodiscard]] bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) noexcept;
/// The words a carrier acts on where its own list is not longer: STOP STOPALL UNSUBSCRIBE CANCEL END QUIT,
/// START UNSTOP, HELP (gateways.md 3; CTIA).
[[nodiscard]] bool is_usual_carrier_keyword(std::string_view text) noexcept;

/// Where the members of an inbound message stand in the gateway's own form, for the problem document.
struct FieldNames {
    std::string_view id, from, to;
};

/// What all accounts have in common, whatever the gateway: name, numbers, paths, the plain answers. A kind
/// adds its signature, its words and its codes.
class Account : public Gateway {
public:
    [[nodiscard]] const std::string& account() const noexcept final { return settings_.name; }
    [[nodiscard]] std::string_view kind() const noexcept final { return settings_.kind; }
    [[nodiscard]] bool answers_keywords_itself() const noexcept final {
        return settings_.answers_keywords_itself;
    }
    [[nodiscard]] bool answers_keyword(std::string_view text) const noexcept override {
        return answers_keywords_itself() && is_usual_carrier_keyword(text);
    }
    [[nodiscard]] int messages_per_second() const noexcept final { return settings_.messages_per_second; }
    /// 204, no body.
    [[nodiscard]] http::Response accepted() const override;
    [[nodiscard]] bool can_sign_probe() const noexcept override { return true; }
    /// 401 and 403 are the credentials; anything else that is not a success is told by its status.
    [[nodiscard]] std::optional<std::string> read_inquiry(const net::IncomingReply& reply) const override;
    [[nodiscard]] std::optional<net::OutgoingRequest> build_media_fetch(
        const std::string& url) const override;

protected:
    /// @param public_url  what the gateway was told to call, without a trailing slash
    Account(const AccountSettings& settings, const std::string& public_url);

    [[nodiscard]] const AccountSettings& settings() const noexcept { return settings_; }
    [[nodiscard]] const std::string& public_url() const noexcept { return public_url_; }
    /// The URL under which this request reached us, query included, as the gateway signs it.
    [[nodiscard]] std::string url_of(const http::Request& request) const {
        return public_url_ + request.target;
    }
    /// Of one of our own paths: "sms", "status", "probe".
    [[nodiscard]] std::string webhook_url(std::string_view end) const;

    /// Checks what every text must have (an id, the texter's number, one of our numbers) and puts it where it
    /// belongs, among the messages or the refused. Our number may have been written without its "+".
    void add(Events& events, InboundMessage message, const FieldNames& names) const;

    /// Adds the credentials that prove our requests to this gateway; none where it takes none.
    virtual void authorize(net::OutgoingRequest& /*request*/) const {}
    /// Whether an origin is the gateway's own, so that pictures there are asked for with our credentials:
    /// that of its API, unless a kind keeps them elsewhere.
    [[nodiscard]] virtual bool is_own_origin(const std::string& origin) const;

    /// A probe that is a POST with this body to our probe path.
    [[nodiscard]] net::OutgoingRequest probe(std::string body, const char* content_type) const;
    /// An inquiry that is a GET, with our credentials.
    [[nodiscard]] net::OutgoingRequest inquiry(std::string url) const;

    /// The same for a list, which may be long.
    [[nodiscard]] net::OutgoingRequest list_inquiry(std::string url) const;

    /// For what the gateway says it calls for texts.
    /// @param called  URLs; what follows a "#" is for the gateway itself
    /// @param who     "messaging profile": whose they are
    /// @param of      how many there are; where these are only the first of them, nothing is said
    /// @return what is wrong when our own is not among them
    [[nodiscard]] std::optional<std::string> check_called(const std::vector<std::string>& called,
                                                          std::string_view who, std::string_view of) const;

    /// @throws std::invalid_argument when a secret is empty: it would accept anybody's signature
    static void require_secret(const std::string& secret, const char* what);
    /// The live secret first, then the one being rotated out if there is one.
    [[nodiscard]] static std::vector<std::string> live(const std::string& secret,
                                                       const std::string& previous);

private:
    AccountSettings settings_;
    std::string public_url_;
};

}  // namespace webhooks::gateways
