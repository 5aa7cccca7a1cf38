#include "webhooks/inbound/media_type.hpp"

#include <doctest.h>

#include <string>

using namespace webhooks::inbound;
using namespace std::string_literals;

TEST_CASE("media type: what a file is by its bytes, and what is none") {
    struct Row {
        const char* why;
        std::string bytes;
        const char* type;
        const char* ending;
    };
    const Row rows[]{
        {"a photograph", "\xff\xd8\xff\xe0....JFIF"s, "image/jpeg", "jpg"},
        {"a PNG", "\x89PNG\r\n\x1a\n...."s, "image/png", "png"},
        {"a moving picture", "GIF89a...."s, "image/gif", "gif"},
        {"WebP", "RIFF\x10\0\0\0WEBPVP8 "s, "image/webp", "webp"},
        {"an iPhone's", "\0\0\0\x18"s + "ftypheic", "image/heic", "heic"},
        {"a spoken text of an old phone", "#!AMR\n...."s, "audio/amr", "amr"},
        {"an MP3", "ID3\x04...."s, "audio/mpeg", "mp3"},
        {"a spoken text of an iPhone", "\0\0\0\x18"s + "ftypM4A ", "audio/mp4", "m4a"},
        {"WAV is RIFF too", "RIFF\x10\0\0\0WAVEfmt "s, "audio/wav", "wav"},
        {"a film of an old phone", "\0\0\0\x18"s + "ftyp3gp4", "video/3gpp", "3gp"},
        {"a film", "\0\0\0\x18"s + "ftypisom", "video/mp4", "mp4"},
        {"a page", "<!doctype html><script>", "", "bin"},
        {"SVG may hold a script", "<svg xmlns=\"http://www.w3.org/2000/svg\">", "", "bin"},
        {"a card", "BEGIN:VCARD", "", "bin"},
        {"the layout of an MMS", "<smil><head>", "", "bin"},
        {"RIFF of another kind", "RIFF\x10\0\0\0AVI LIST"s, "", "bin"},
        {"cut within its mark", "\x89PN"s, "", "bin"},
        {"nothing", "", "", "bin"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.why);
        CHECK(media_type_of(row.bytes) == row.type);
        CHECK(file_ending_of(row.type) == row.ending);
    }
}
