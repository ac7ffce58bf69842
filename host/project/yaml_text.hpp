#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "ktx/project/yaml_node.hpp"

namespace ktx::project {

struct TextMember;

/// Where a value stands in the text of a YAML document: what an edit of that text must know, and no more.
/// Places are offsets in bytes.
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

  /// The member with this key; null pointer when there is none.
  const TextMember* find(std::string_view key) const;
};

struct TextMember {
  std::string key;
  std::size_t begin = 0;    ///< of the key
  std::size_t key_end = 0;  ///< behind the key
  TextNode value;
};

/// The document's root. `text` must be one that `parse_yaml` reads, and have no byte order mark; of an empty
/// document it is an empty scalar at the text's end.
TextNode locate_yaml(std::string_view text);

}  // namespace ktx::project
