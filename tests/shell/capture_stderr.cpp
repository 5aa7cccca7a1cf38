#include "tests/shell/capture_stderr.hpp"

#include <doctest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <memory>

namespace test {

std::string captured_stderr(const std::function<void()>& action) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::tmpfile(), &std::fclose);
    REQUIRE(file != nullptr);
    const int saved = ::dup(STDERR_FILENO);
    REQUIRE(saved >= 0);
    REQUIRE(::dup2(::fileno(file.get()), STDERR_FILENO) >= 0);
    action();
    REQUIRE(::dup2(saved, STDERR_FILENO) >= 0);
    ::close(saved);

    std::string text;
    std::array<char, 4096> block{};
    std::rewind(file.get());
    while (const std::size_t n = std::fread(block.data(), 1, block.size(), file.get()))
        text.append(block.data(), n);
    return text;
}

}  // namespace test
