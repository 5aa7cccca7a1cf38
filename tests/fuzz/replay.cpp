// Runs the kept corpus, and hostile texts too long to keep, through a fuzz target: replay DIRECTORY
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

void run(const std::string& text) {
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
}

std::string repeated(std::string_view piece, std::size_t bytes) {
    std::string text;
    while (text.size() < bytes) text += piece;
    return text;
}

}  // namespace

int main(int argc, char** argv) {
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(argc == 2 ? argv[1] : "")) {
        std::ifstream in(entry.path(), std::ios::binary);
        run({std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()});
        ++files;
    }
    if (files == 0) {
        std::cerr << "usage: replay DIRECTORY (with texts in it)\n";
        return 2;
    }
    constexpr std::string_view kPieces[]{
        "\xF0\x9F\x92\x80",                              // one emoji
        "\xF0\x9F\x91\xA8\xE2\x80\x8D\xF0\x9F\x91\xA9",  // joined by zero-width joiners
        "\xE2\x80\x8D",                                  // the joiners alone
        "\xE2\x80\xAE",                                  // right-to-left override
        "\xFF\xFE",                                      // no UTF-8
        "\xF0\x9F",                                      // half a character
        "\xCC\x81",                                      // accents on nothing
        "\xEF\xB7\xBA",                                  // one letter that NFKC makes eighteen of
        "a",
        "a ",
        "i want to ",
        "not ",
        "no no. ",
        "k.m.s ",
        "'",
        "@$1 ",
        "\n",
        "kil myself "};
    for (const std::string_view piece : kPieces) run(repeated(piece, 4096));
    run(std::string(4096, '\0'));
    std::cout << files << " texts of the corpus and " << std::size(kPieces) + 1 << " hostile ones\n";
    return 0;
}
