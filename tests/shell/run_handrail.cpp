#include "tests/shell/run_handrail.hpp"

#include <doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace test {

namespace {

std::string contents_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string quoted_for_shell(const std::string& text) {
    std::string quoted = "'";
    for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return quoted + "'";
}

}  // namespace

Ran run_handrail(const std::vector<std::string>& arguments, const std::string& input) {
    const Scratch scratch;
    std::string command = quoted_for_shell(HANDRAIL_BINARY);
    for (const std::string& argument : arguments) command += " " + quoted_for_shell(argument);
    command += " <" + quoted_for_shell(scratch.file("in", input)) + " >" +
               quoted_for_shell(scratch.path("out")) + " 2>" + quoted_for_shell(scratch.path("err"));
    const int status = std::system(command.c_str());
    Ran ran;
    ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    ran.out = contents_of(scratch.path("out"));
    ran.err = contents_of(scratch.path("err"));
    return ran;
}

Scratch::Scratch() {
    std::string pattern = (std::filesystem::temp_directory_path() / "handrail-test-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    directory_ = pattern;
}

Scratch::~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
}

std::string Scratch::file(const std::string& name, const std::string& text) const {
    std::ofstream(path(name), std::ios::binary) << text;
    return path(name);
}

}  // namespace test
