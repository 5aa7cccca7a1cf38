#include "bot/po.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "bot/normalize.hpp"

namespace bot {

namespace {

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '\n')
            out += "\\n";
        else if (c == '\t')
            out += "\\t";
        else if (c == '"' || c == '\\')
            out.append(1, '\\').append(1, c);
        else
            out += c;
    }
    return out;
}

// After a first empty string one line of the text each, as gettext's own tools write it.
std::string quoted(std::string_view text) {
    const std::size_t first = text.find('\n');
    if (first == std::string_view::npos || first + 1 == text.size()) return '"' + escaped(text) + '"';
    std::string out = "\"\"";
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
        out += "\n\"";
        out += escaped(text.substr(0, end));
        out += '"';
        text.remove_prefix(end);
    }
    return out;
}

std::string previous_lines(const std::string& source) {
    std::string out = "#| msgid ";
    for (const char c : quoted(source)) {
        out += c;
        if (c == '\n') out += "#| ";
    }
    return out + '\n';
}

class Reader {
public:
    explicit Reader(const std::string& name) { name_ = name; }

    PoFile read(std::string_view text) {
        if (!is_valid_utf8(text)) {
            error("is not UTF-8");
            return std::move(file_);
        }
        while (!text.empty()) {
            const std::size_t end = std::min(text.find('\n'), text.size());
            ++line_;
            std::string_view line = text.substr(0, end);
            if (line.ends_with('\r')) line.remove_suffix(1);
            read_line(line);
            text.remove_prefix(std::min(end + 1, text.size()));
        }
        finish();
        if (!header_ && file_.problems.empty()) {
            line_ = 1;
            error("has no header: a first entry with msgid \"\" and its Content-Type and Language");
        }
        return std::move(file_);
    }

private:
    void error(std::string what) { file_.problems.push_back({name_, "", std::move(what), false, line_}); }

    void read_line(std::string_view line) {
        if (line.empty()) {
            finish();
        } else if (line.front() == '#') {
            comment(line);
        } else if (line.front() == '"') {
            if (part_ == nullptr)
                error("a string that belongs to nothing");
            else
                append(line, *part_);
        } else {
            keyword(line);
        }
    }

    void comment(std::string_view line) {
        if (has_text_) finish();
        if (line.starts_with("#,") && line.find("fuzzy") != std::string_view::npos) entry_.fuzzy = true;
        if (line.starts_with("#| msgid ")) {
            entry_.previous.emplace();
            append(line.substr(9), *entry_.previous);
        } else if (line.starts_with("#| \"") && entry_.previous) {
            append(line.substr(3), *entry_.previous);
        }
    }

    void keyword(std::string_view line) {
        const std::size_t blank = std::min(line.find(' '), line.size());
        const std::string_view word = line.substr(0, blank);
        if (word == "msgctxt") {
            if (has_text_) finish();
            begin(entry_.context);
        } else if (word == "msgid") {
            if (has_text_) finish();
            begin(entry_.source);
            has_source_ = true;
        } else if (word == "msgstr") {
            if (!has_source_) error("msgstr without its msgid");
            if (has_text_) error("a second msgstr");
            begin(entry_.translation);
            has_text_ = true;
        } else {
            error("\"" + std::string(word) +
                  "\" is not understood: msgctxt, msgid and msgstr are, each with a "
                  "string in double quotes");
            part_ = nullptr;
            return;
        }
        append(line.substr(std::min(blank + 1, line.size())), *part_);
    }

    void begin(std::string& part) {
        if (strings_++ == 0) entry_.line = line_;
        part_ = &part;
    }

    void append(std::string_view in_quotes, std::string& part) {
        if (in_quotes.size() < 2 || in_quotes.front() != '"' || in_quotes.back() != '"') {
            error("a string must stand in double quotes");
            return;
        }
        in_quotes = in_quotes.substr(1, in_quotes.size() - 2);
        for (std::size_t i = 0; i < in_quotes.size(); ++i) {
            if (in_quotes[i] == '"') error("a double quote within a string is written \\\"");
            part += in_quotes[i] == '\\' ? unescaped(in_quotes, i) : in_quotes[i];
        }
    }

    char unescaped(std::string_view text, std::size_t& i) {
        const char c = ++i < text.size() ? text[i] : '\0';
        if (c == 'n') return '\n';
        if (c == 't') return '\t';
        if (c != '"' && c != '\\') error("unknown escape; there are \\n, \\t, \\\" and \\\\");
        return c;
    }

    void finish() {
        part_ = nullptr;
        if (strings_ > 0 && !has_text_) error("an entry without msgstr");
        if (strings_ > 0 && has_text_) take();
        entry_ = {};
        strings_ = 0;
        has_source_ = has_text_ = false;
    }

    void take() {
        const std::size_t here = std::exchange(line_, entry_.line);
        if (entry_.source.empty() && entry_.context.empty())
            read_header();
        else if (entry_.context.empty())
            error("an entry without msgctxt: which text it is cannot be told");
        else if (!contexts_.insert(entry_.context).second)
            error("a second entry for " + entry_.context);
        else
            file_.entries.push_back(std::move(entry_));
        line_ = here;
    }

    void read_header() {
        header_ = true;
        const std::string& fields = entry_.translation;
        if (fields.find("charset=UTF-8") == std::string::npos)
            error("the header must say \"Content-Type: text/plain; charset=UTF-8\"");
        const std::size_t at = fields.find("Language: ");
        if (at == std::string::npos) {
            error("the header must name the Language");
            return;
        }
        file_.language = fields.substr(at + 10, fields.find('\n', at) - at - 10);
    }

    std::string name_;
    PoFile file_;
    PoEntry entry_;
    std::string* part_ = nullptr;
    int strings_ = 0;
    bool has_source_ = false;
    bool has_text_ = false;
    bool header_ = false;
    std::set<std::string> contexts_;
    std::size_t line_ = 0;
};

}  // namespace

PoFile parse_po(const std::string& name, std::string_view text) { return Reader(name).read(text); }

std::string write_po(const PoFile& file) {
    std::string out = "msgid \"\"\nmsgstr \"\"\n";
    for (const std::string& field :
         {std::string("Project-Id-Version: handrail\\n"), "Language: " + file.language + "\\n",
          std::string("MIME-Version: 1.0\\n"), std::string("Content-Type: text/plain; charset=UTF-8\\n"),
          std::string("Content-Transfer-Encoding: 8bit\\n")})
        out += '"' + field + "\"\n";
    for (const PoEntry& entry : file.entries) {
        out += '\n';
        for (const std::string& note : entry.notes) out += "#. " + note + '\n';
        for (const std::string& place : entry.places) out += "#: " + place + '\n';
        if (entry.fuzzy) out += "#, fuzzy\n";
        if (entry.previous) out += previous_lines(*entry.previous);
        out += "msgctxt " + quoted(entry.context) + '\n';
        out += "msgid " + quoted(entry.source) + '\n';
        out += "msgstr " + quoted(entry.translation) + '\n';
    }
    return out;
}

}  // namespace bot
