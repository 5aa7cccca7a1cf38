#include "webhooks/http/json_body.hpp"

#include <vector>

#include "bot/normalize.hpp"

namespace webhooks::http {

namespace {

using nlohmann::json;

constexpr std::size_t kMaxDepth = 32;
constexpr std::size_t kMaxPointer = 128;

/// Builds the document and stops at the first breach. Every member answers "go on?".
class StrictReader final : public nlohmann::json_sax<json> {
public:
    bool null() override { return put(nullptr); }
    bool boolean(bool value) override { return put(value); }
    bool number_integer(number_integer_t value) override { return put(value); }
    bool number_unsigned(number_unsigned_t value) override { return put(value); }
    bool number_float(number_float_t value, const string_t&) override { return put(value); }
    bool string(string_t& value) override { return put(std::move(value)); }
    bool binary(binary_t&) override { return refuse("not JSON"); }
    bool start_object(std::size_t) override { return open(json::object()); }
    bool start_array(std::size_t) override { return open(json::array()); }
    bool end_object() override { return shut(); }
    bool end_array() override { return shut(); }

    bool key(string_t& name) override {
        key_ = std::move(name);
        return !open_.back()->contains(key_) || refuse("the same key twice");
    }
    bool parse_error(std::size_t, const std::string&, const json::exception&) override {
        return refuse("not JSON");
    }

    json document;
    JsonError error;

private:
    bool refuse(const char* reason) {
        if (error.reason.empty()) error = {pointer(), reason};
        return false;
    }

    bool put(json value) { return place(std::move(value)) != nullptr; }

    json* place(json value) {
        if (open_.empty()) {
            if (!value.is_object()) {
                refuse("not an object");
                return nullptr;
            }
            document = std::move(value);
            return &document;
        }
        json& parent = *open_.back();
        if (parent.is_array()) return &parent.get_ref<json::array_t&>().emplace_back(std::move(value));
        names_.back() = key_;
        return &(parent[key_] = std::move(value));
    }

    bool open(json container) {
        if (open_.size() == kMaxDepth) return refuse("deeper than 32");
        json* const placed = place(std::move(container));
        if (placed == nullptr) return false;
        open_.push_back(placed);
        names_.emplace_back();
        return true;
    }

    bool shut() {
        open_.pop_back();
        names_.pop_back();
        return true;
    }

    std::string pointer() const {
        std::string path;
        for (std::size_t level = 0; level < open_.size(); ++level) {
            const bool innermost = level + 1 == open_.size();
            const json& container = *open_[level];
            std::string step;
            if (container.is_array()) {
                step = std::to_string(innermost ? container.size() : container.size() - 1);
            } else {
                step = innermost ? key_ : names_[level];
            }
            if (path.size() + step.size() >= kMaxPointer) return path;
            path += '/';
            for (const char c : step) {
                if (c == '~') {
                    path += "~0";
                } else if (c == '/') {
                    path += "~1";
                } else {
                    path += c;
                }
            }
        }
        return path;
    }

    std::vector<json*> open_;
    std::vector<std::string> names_;  // of the member last placed in each open object
    std::string key_;
};

}  // namespace

boost::system::result<json, JsonError> parse_json_body(std::string_view body) {
    if (!bot::is_valid_utf8(body)) return JsonError{{}, "not UTF-8, or a NUL"};
    StrictReader reader;
    json::sax_parse(body, &reader);
    if (!reader.error.reason.empty()) return std::move(reader.error);
    // In words, for a json converts itself into anything, also into the error.
    return {boost::system::in_place_value, std::move(reader.document)};
}

}  // namespace webhooks::http
