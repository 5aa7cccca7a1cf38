#pragma once
#include "webhooks/http/router.hpp"

namespace webhooks::dashboard {

/// Serves the staff dashboard at /dashboard/. The page holds no data: everything it shows it asks of /api/v1,
/// which knows who is signed in. A file's name changes with its content, so browsers keep it; index.html they
/// ask for.
void add_page(http::Router& router);

}  // namespace webhooks::dashboard
