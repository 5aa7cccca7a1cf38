#pragma once
#include <string>
#include <vector>

namespace test {

/// What one run of the real program came to.
struct Ran {
    int status = -1;  ///< exit code; 128 + signal when it was killed
    std::string out;
    std::string err;
};

/// Runs the built `handrail` to its end. @param input  its standard input
[[nodiscard]] Ran run_handrail(const std::vector<std::string>& arguments, const std::string& input = {});

/// A directory of its own for one test, removed with everything in it.
class Scratch {
public:
    Scratch();
    ~Scratch();
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;

    /// The path of a new file with this text.
    std::string file(const std::string& name, const std::string& text) const;
    [[nodiscard]] std::string path(const std::string& name) const { return directory_ + "/" + name; }

private:
    std::string directory_;
};

}  // namespace test
