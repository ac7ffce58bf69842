#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ktx/util/error.hpp"
#include "ktx/util/json.hpp"

namespace ktx::settings {

/// The error for a place in a file that is not understood: "<file>:<line>:<column>: <what>".
Error fault_at(std::string_view text, std::size_t offset, const std::string& file, const std::string& what);

/// "\r\n" if the first line ends so.
std::string line_break_in(std::string_view text);

/// The length of the byte order mark that the text begins with: 3 or 0.
std::size_t mark_length(std::string_view text);

/// Behind the closing quote of the string that begins at `at`; the end of a text that does not close it.
std::size_t string_end(std::string_view text, std::size_t at);

/// One place of a text and what is written there instead.
struct Splice {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string with;
};

/// The text with all splices, which must be in order and apart.
std::string spliced(std::string_view text, const std::vector<Splice>& splices);

/// A member of an object, by offsets in bytes.
struct JsonMember {
  std::string key;
  std::size_t key_begin = 0;
  std::size_t begin = 0;               ///< of the value
  std::size_t end = 0;                 ///< behind the value
  std::optional<std::size_t> comma{};  ///< behind the value, also where it is the last
};

/// An object from `{` until behind `}`.
struct JsonPlace {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::vector<JsonMember> members{};

  const JsonMember* find(std::string_view key) const;
};

/// A JSON document with comments and commas behind last members: its value, and where things stand in it.
class JsonText {
 public:
  /// `text` must outlive this. Throws `fault_at` if it is not JSON, or no object.
  JsonText(std::string_view text, const std::string& file);

  std::string_view text() const { return text_; }

  /// The text with spaces for comments, for commas behind last members and for the byte order mark.
  std::string_view plain() const { return plain_; }

  /// Whether a comment of whole lines (`/* */`) goes on at that place.
  bool is_in_comment(std::size_t at) const;

  /// Whether a comment that reaches to the end of its line (`//`) ends there.
  bool ends_line_comment(std::size_t at) const;

  /// Whether there is no value: nothing but blanks and comments.
  bool is_empty() const { return is_empty_; }

  /// An empty object if there is no value.
  const Json& value() const { return value_; }

  JsonPlace root() const { return object_at(plain_.find_first_not_of(" \t\r\n")); }

  /// The object that begins there.
  JsonPlace object_at(std::size_t begin) const;

  bool is_object_at(std::size_t begin) const { return plain_[begin] == '{'; }

 private:
  // From its first slash until behind its end, which for one of a line is the line break.
  struct Comment {
    std::size_t begin = 0;
    std::size_t end = 0;
    bool to_line_end = false;
  };

  void blank_comments(const std::string& file);
  void read(const std::string& file);
  std::size_t skip_blanks(std::size_t at) const;
  std::size_t value_end(std::size_t at) const;
  std::optional<std::size_t> last_comma(std::size_t from, std::size_t to) const;

  std::string_view text_;
  std::string plain_;
  std::vector<Comment> comments_;         ///< in order
  std::vector<std::size_t> last_commas_;  ///< commas behind last members, in order
  bool is_empty_ = false;
  Json value_ = Json::object();
};

}  // namespace ktx::settings
