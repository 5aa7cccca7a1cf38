// Runs the kept corpus, each file whole and cut and with bytes changed, through the fuzz target: replay
// DIRECTORY
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

void run(const std::string& text) {
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
}

}  // namespace

int main(int argc, char** argv) {
    constexpr int kVariants = 20;
    std::size_t files = 0;
    std::mt19937 random(1);
    for (const auto& entry : std::filesystem::directory_iterator(argc == 2 ? argv[1] : "")) {
        std::ifstream in(entry.path(), std::ios::binary);
        const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
        run(text);
        for (int i = 0; i < kVariants && !text.empty(); ++i) {
            std::string changed = text;
            changed[random() % changed.size()] = static_cast<char>(random() % 256);
            run(changed);
            run(text.substr(0, random() % text.size()));
        }
        ++files;
    }
    if (files == 0) {
        std::cerr << "usage: replay DIRECTORY (with requests in it)\n";
        return 2;
    }
    std::cout << files << " requests, and " << 2 * kVariants << " variants of each\n";
    return 0;
}
