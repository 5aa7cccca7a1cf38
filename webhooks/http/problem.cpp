#include "webhooks/http/problem.hpp"

#include <nlohmann/json.hpp>

namespace webhooks::http {

Response problem(int status, std::string_view title, std::string_view detail, std::string_view field) {
    nlohmann::ordered_json document{{"type", "about:blank"}, {"title", title}, {"status", status}};
    if (!detail.empty()) document["detail"] = detail;
    if (!field.empty()) document["field"] = field;
    using json = nlohmann::ordered_json;
    return Response::with_type(status, "application/problem+json",
                               document.dump(-1, ' ', false, json::error_handler_t::replace));
}

}  // namespace webhooks::http
