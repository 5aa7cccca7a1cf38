#include "bot/segments.hpp"

#include <unicode/brkiter.h>
#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <memory>

namespace bot {

namespace {

constexpr std::size_t kGsmSingle = 160;
constexpr std::size_t kGsmPart = 153;
constexpr std::size_t kUcsSingle = 70;
constexpr std::size_t kUcsPart = 67;

// 3GPP TS 23.038, 6.2.1 beyond ASCII.
constexpr std::u16string_view kGsmBeyondAscii =
    u"\u00A3\u00A5\u00E8\u00E9\u00F9\u00EC\u00F2\u00C7\u00D8\u00F8\u00C5\u00E5\u0394\u03A6\u0393\u039B\u03A9"
    u"\u03A0\u03A8\u03A3\u0398\u039E\u00C6\u00E6\u00DF\u00C9\u00A4\u00A1\u00C4\u00D6\u00D1\u00DC\u00A7\u00BF"
    u"\u00E4\u00F6\u00F1\u00FC\u00E0";
// 6.2.1.1: reached by an escape, so two septets each.
constexpr std::u16string_view kGsmExtension = u"\f^{}\\[~]|\u20AC";

// Septets of one character; 0 when GSM-7 has no such character.
std::size_t gsm_septets(char16_t c) {
    if (kGsmExtension.find(c) != std::u16string_view::npos) return 2;
    if (c == u'\n' || c == u'\r' || (c >= u' ' && c <= u'~')) return c == u'`' ? 0 : 1;
    return kGsmBeyondAscii.find(c) != std::u16string_view::npos ? 1 : 0;
}

// Fills parts one piece after another; a piece that does not fit begins the next part.
class Packer {
public:
    explicit Packer(std::size_t part) : part_(part) {}
    void add(std::size_t units) {
        if (used_ + units > part_) {
            ++parts_;
            used_ = 0;
        }
        used_ += units;
    }
    [[nodiscard]] std::size_t parts() const { return parts_; }

private:
    std::size_t part_;
    std::size_t parts_ = 1;
    std::size_t used_ = 0;
};

std::size_t gsm_parts(const icu::UnicodeString& text) {
    Packer packer(kGsmPart);
    for (std::int32_t i = 0; i < text.length(); ++i) packer.add(gsm_septets(text[i]));
    return packer.parts();
}

void add_code_points(Packer& packer, const icu::UnicodeString& text, std::int32_t from, std::int32_t to) {
    for (std::int32_t i = from; i < to; i = text.moveIndex32(i, 1))
        packer.add(static_cast<std::size_t>(U16_LENGTH(text.char32At(i))));
}

// Gateways keep what looks like one character together, as long as one part can hold it.
std::size_t ucs_parts(const icu::UnicodeString& text) {
    Packer packer(kUcsPart);
    UErrorCode failed = U_ZERO_ERROR;
    const std::unique_ptr<icu::BreakIterator> graphemes(
        icu::BreakIterator::createCharacterInstance(icu::Locale::getRoot(), failed));
    if (U_FAILURE(failed)) {
        add_code_points(packer, text, 0, text.length());
        return packer.parts();
    }
    graphemes->setText(text);
    for (std::int32_t from = 0, to = graphemes->next(); to != icu::BreakIterator::DONE;
         from = to, to = graphemes->next()) {
        const auto units = static_cast<std::size_t>(to - from);
        if (units <= kUcsPart)
            packer.add(units);
        else
            add_code_points(packer, text, from, to);
    }
    return packer.parts();
}

// What a character of typography is in plain type; nullptr when it stays.
const char* plain_form(UChar32 c) {
    switch (c) {
        case 0x2018:
        case 0x2019:
        case 0x201A:
        case 0x201B:
        case 0x02BC:
        case 0x2032:
        case 0x2039:
        case 0x203A:
        case 0x00B4:
        case '`':
            return "'";
        case 0x201C:
        case 0x201D:
        case 0x201E:
        case 0x201F:
        case 0x2033:
        case 0x00AB:
        case 0x00BB:
            return "\"";
        case 0x2026:
            return "...";
        case 0x2022:
        case 0x00B7:
            return "-";
        case 0x2028:
        case 0x2029:
        case 0x0085:
            return "\n";
        case '\t':
            return " ";
        case 0x200B:
        case 0x2060:
        case 0xFEFF:
        case 0x00AD:
            return "";
        default:
            break;
    }
    if (u_charType(c) == U_DASH_PUNCTUATION && c != '-') return "-";
    if (u_charType(c) == U_SPACE_SEPARATOR && c != ' ') return " ";
    return nullptr;
}

// GSM-7 lacks these accents; the others of Spanish (e acute, n tilde, u umlaut) it has.
const char* without_acute(UChar32 c) {
    switch (c) {
        case 0x00E1:
            return "a";
        case 0x00ED:
            return "i";
        case 0x00F3:
            return "o";
        case 0x00FA:
            return "u";
        case 0x00C1:
            return "A";
        case 0x00CD:
            return "I";
        case 0x00D3:
            return "O";
        case 0x00DA:
            return "U";
        default:
            return nullptr;
    }
}

icu::UnicodeString from_utf8(std::string_view utf8) {
    return icu::UnicodeString::fromUTF8({utf8.data(), static_cast<std::int32_t>(utf8.size())});
}

void append_utf8(UChar32 c, std::string& out) {
    char bytes[U8_MAX_LENGTH];
    std::int32_t length = 0;
    U8_APPEND_UNSAFE(bytes, length, c);
    out.append(bytes, static_cast<std::size_t>(length));
}

/// Nearly every English text: nothing in it to fold.
bool is_plain_ascii(std::string_view utf8) {
    return std::all_of(utf8.begin(), utf8.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x80 && plain_form(static_cast<UChar32>(c)) == nullptr;
    });
}

std::string replace_each(const icu::UnicodeString& text, const char* (*first)(UChar32),
                         const char* (*second)(UChar32)) {
    std::string out;
    for (std::int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
        const UChar32 c = text.char32At(i);
        const char* plain = first(c);
        if (plain == nullptr && second != nullptr) plain = second(c);
        if (plain != nullptr)
            out += plain;
        else
            append_utf8(c, out);
    }
    return out;
}

}  // namespace

Segments count_segments(std::string_view utf8) {
    const icu::UnicodeString text = from_utf8(utf8);
    std::size_t septets = 0;
    bool gsm = true;
    for (std::int32_t i = 0; gsm && i < text.length(); ++i) {
        const std::size_t units = gsm_septets(text[i]);
        gsm = units != 0;
        septets += units;
    }
    if (gsm) return {Encoding::gsm7, septets <= kGsmSingle ? 1 : gsm_parts(text), septets};
    const auto units = static_cast<std::size_t>(text.length());
    return {Encoding::ucs2, units <= kUcsSingle ? 1 : ucs_parts(text), units};
}

std::string beyond_gsm7(std::string_view utf8) {
    const icu::UnicodeString text = from_utf8(utf8);
    icu::UnicodeString strange;
    for (std::int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
        const UChar32 c = text.char32At(i);
        const bool known = U_IS_BMP(c) && gsm_septets(static_cast<char16_t>(c)) != 0;
        if (!known && strange.indexOf(c) < 0) strange.append(c);
    }
    std::string out;
    return strange.toUTF8String(out);
}

std::string quotable(const std::string& utf8) {
    if (beyond_gsm7(fold_for_gsm7(utf8)).empty()) return utf8;
    UErrorCode failed = U_ZERO_ERROR;
    const std::unique_ptr<icu::Transliterator> to_latin(icu::Transliterator::createInstance(
        "Any-Latin; Latin-ASCII; [^\\u0020-\\u007E] Remove", UTRANS_FORWARD, failed));
    if (U_FAILURE(failed)) return {};
    icu::UnicodeString text = from_utf8(utf8);
    to_latin->transliterate(text);
    while (text.findAndReplace("  ", " ").indexOf("  ") >= 0) continue;
    std::string out;
    return text.trim().toUTF8String(out);
}

std::string plain_typography(std::string_view utf8) {
    if (is_plain_ascii(utf8)) return std::string(utf8);
    return replace_each(from_utf8(utf8), plain_form, nullptr);
}

std::string fold_for_gsm7(std::string_view utf8) {
    if (is_plain_ascii(utf8)) return std::string(utf8);
    UErrorCode failed = U_ZERO_ERROR;
    icu::UnicodeString text = from_utf8(utf8);
    // An accent typed as a mark of its own would send the whole text as UCS-2.
    const icu::Normalizer2* compose = icu::Normalizer2::getNFCInstance(failed);
    if (U_SUCCESS(failed)) text = compose->normalize(text, failed);
    return replace_each(text, plain_form, without_acute);
}

}  // namespace bot
