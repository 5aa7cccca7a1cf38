#include "webhooks/inbound/media_type.hpp"

namespace webhooks::inbound {

namespace {

using namespace std::string_view_literals;

struct Kind {
    std::string_view type, ending;
    std::size_t at;  ///< where the mark stands
    std::string_view mark;
    std::string_view first = {};  ///< and what the file begins with, if that is not the mark
};

/// The first that fits counts: what is only known as "some film" comes after the kinds of film.
constexpr Kind kKinds[]{
    {"image/jpeg", "jpg", 0, "\xff\xd8\xff"sv},
    {"image/png", "png", 0, "\x89PNG\r\n\x1a\n"sv},
    {"image/gif", "gif", 0, "GIF87a"sv},
    {"image/gif", "gif", 0, "GIF89a"sv},
    {"image/webp", "webp", 8, "WEBP"sv, "RIFF"sv},
    {"image/heic", "heic", 4, "ftyphei"sv},
    {"image/heic", "heic", 4, "ftypmif1"sv},
    {"audio/wav", "wav", 8, "WAVE"sv, "RIFF"sv},
    {"audio/amr", "amr", 0, "#!AMR"sv},
    {"audio/ogg", "ogg", 0, "OggS"sv},
    {"audio/mpeg", "mp3", 0, "ID3"sv},
    {"audio/mpeg", "mp3", 0, "\xff\xfb"sv},
    {"audio/mpeg", "mp3", 0, "\xff\xf3"sv},
    {"audio/aac", "aac", 0, "\xff\xf1"sv},
    {"audio/mp4", "m4a", 4, "ftypM4A"sv},
    {"video/3gpp", "3gp", 4, "ftyp3g"sv},
    {"video/quicktime", "mov", 4, "ftypqt"sv},
    {"video/mp4", "mp4", 4, "ftyp"sv},
    {"video/webm", "webm", 0, "\x1a\x45\xdf\xa3"sv},
};

bool fits(const Kind& kind, std::string_view bytes) noexcept {
    return bytes.starts_with(kind.first) && bytes.size() >= kind.at + kind.mark.size() &&
           bytes.substr(kind.at).starts_with(kind.mark);
}

}  // namespace

std::string_view media_type_of(std::string_view bytes) noexcept {
    for (const Kind& kind : kKinds)
        if (fits(kind, bytes)) return kind.type;
    return {};
}

std::string_view file_ending_of(std::string_view type) noexcept {
    for (const Kind& kind : kKinds)
        if (kind.type == type) return kind.ending;
    return "bin";
}

}  // namespace webhooks::inbound
