#pragma once
#include <cstddef>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace bot {

/// On which line of a JSON file each of its values stands, so that a defect can be opened where it is. The
/// parser of the values themselves keeps no places; this reads the text once more, only for that.
class JsonLines {
public:
    explicit JsonLines(std::string_view text);

    /// A name that an object has twice, of which a parser keeps the last without a word.
    struct Twice {
        std::string name;
        std::size_t line;
    };
    [[nodiscard]] const std::vector<Twice>& twice() const noexcept { return twice_; }
    /// The line where the text stops being JSON; 0 when it is JSON to its end.
    [[nodiscard]] std::size_t broken() const noexcept { return broken_; }

    /// The line of a value, or of the nearest one around it that is there.
    /// @param where  "slip/steps/S1/ask/choices[0]/next"; an object of a list may also be named by its "id"
    /// or
    ///               "name", with or without what is around it
    /// @param root   what the whole document is called in `where` ("slip"); may be empty
    /// @return 0 when nothing of it is there
    [[nodiscard]] std::size_t line_of(std::string_view where, std::string_view root) const;

private:
    struct Node {
        std::size_t line = 1;
        std::map<std::string, std::size_t, std::less<>> members;  ///< of lists too: "[0]", and "id" or "name"
    };
    class Builder;

    std::deque<Node> nodes_;  ///< the first is the document
    std::map<std::string, std::size_t, std::less<>> by_id_;
    std::vector<Twice> twice_;
    std::size_t broken_ = 0;
};

}  // namespace bot
