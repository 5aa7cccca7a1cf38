#pragma once
#include <functional>
#include <string>

namespace test {

/// Everything that `action` writes to file descriptor 2, whoever writes it.
[[nodiscard]] std::string captured_stderr(const std::function<void()>& action);

}  // namespace test
