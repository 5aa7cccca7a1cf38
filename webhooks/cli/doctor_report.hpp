#pragma once
#include <cstdio>
#include <string>

namespace webhooks::cli {

/// What `handrail doctor` finds, printed line by line as it is found.
class DoctorReport {
public:
    void fine(const std::string& part, const std::string& what) { line("ok", part, what); }
    /// Works, but an operator should know.
    void warn(const std::string& part, const std::string& what) {
        ++warnings_;
        line("warning", part, what);
    }
    void wrong(const std::string& part, const std::string& what) {
        ++wrong_;
        line("WRONG", part, what);
    }
    [[nodiscard]] int wrongs() const noexcept { return wrong_; }
    [[nodiscard]] int warnings() const noexcept { return warnings_; }

private:
    static void line(const char* verdict, const std::string& part, const std::string& what) {
        std::printf("%-8s %-10s %s\n", verdict, part.c_str(), what.c_str());
        std::fflush(stdout);
    }
    int wrong_ = 0;
    int warnings_ = 0;
};

}  // namespace webhooks::cli
