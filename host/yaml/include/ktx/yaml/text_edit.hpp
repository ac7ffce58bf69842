#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "ktx/util/json.hpp"
#include "ktx/yaml/node.hpp"

namespace ktx::yaml {

struct TextMember;

/// Where a value stands in the text of a YAML document, as far as an edit of that text needs it. Places are
/// offsets in bytes.
struct TextNode {
  enum class Kind : std::uint8_t { scalar, alias, sequence, mapping };

  Kind kind = Kind::scalar;
  bool flow = false;      ///< a collection in brackets
  bool literal = false;   ///< a scalar of whole lines, behind `|` or `>`
  std::size_t begin = 0;  ///< of its anchor or tag, when it has one
  std::size_t end = 0;    ///< behind its last character; of a literal, behind its last line
  Mark mark;
  std::vector<TextMember> members;  ///< of a mapping, as written: merge keys are not expanded

  bool is_empty() const { return begin == end; }  ///< a null that is not written
  bool is_block_collection() const { return kind >= Kind::sequence && !flow; }

  /// The member with this key; nullptr if there is none.
  const TextMember* find(std::string_view key) const;
};

struct TextMember {
  std::string key;
  std::size_t begin = 0;    ///< of the key
  std::size_t key_end = 0;  ///< behind the key
  TextNode value;
};

/// The document's root. `text` must be one that `parse` reads, and have no byte order mark; of an empty
/// document it is an empty scalar at the text's end.
TextNode locate(std::string_view text);

/// Single changes of the text of a YAML document. Each returns the whole new text, in the document's own line
/// breaks and indentation. The result may be wrong where anchors or unusual layouts are involved: the caller
/// must parse it and compare.
class TextEdit {
 public:
  /// `text` must outlive this and have no byte order mark.
  explicit TextEdit(std::string_view text);

  std::string text() const { return std::string(text_); }

  /// Writes `key: value` as the first entry of a document that holds none.
  std::string begin_document(const std::string& key, const Json& value) const;

  /// Writes `key: value` behind the last entry of the mapping.
  std::string insert(const TextNode& mapping, const std::string& key, const Json& value) const;

  /// Writes another value of a member of the mapping.
  std::string replace(const TextNode& mapping, const TextMember& member, const Json& value) const;

  /// Removes a member from the mapping. `holder` is the member whose value the mapping is; nullptr for the
  /// document's root.
  std::string remove(const TextNode& mapping, const TextMember& member, const TextMember* holder) const;

  /// Whether the node is `{}`, without a comment inside that rewriting it would lose.
  bool is_bare(const TextNode& node) const;

 private:
  std::size_t line_begin(std::size_t at) const;
  std::size_t line_end(std::size_t at) const;  ///< behind the line's break; `at` when it begins a line
  std::size_t column(std::size_t at) const;    ///< from 0
  std::size_t value_begin(const TextMember& member) const;  ///< behind the colon
  std::size_t skip_comments(std::size_t at, std::size_t least_column) const;
  std::size_t blanks_before(std::size_t at) const;
  int step_at(const TextNode& node) const;
  std::string lines(const std::string& key, const Json& value, std::size_t indent, int step) const;
  std::string spliced(std::size_t begin, std::size_t end, std::string_view with) const;
  std::string insert_lines(std::size_t at, std::string lines) const;
  std::string replace_by_lines(const TextMember& member, std::string lines) const;
  std::string replace_in_line(const TextMember& member, const std::string& value) const;
  std::string remove_from_flow(const TextNode& mapping, const TextMember& member) const;

  std::string_view text_;
  std::string_view line_break_ = "\n";
};

}  // namespace ktx::yaml
