#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ktx::yaml {

/// Where a value was written: which file (an index into the owner's list of files), and the line and
/// column there, both from 1; a column counts characters.
struct Mark {
  std::uint32_t file = 0;
  std::uint32_t line = 1;
  std::uint32_t column = 1;

  bool operator==(const Mark&) const = default;
};

enum class Kind : std::uint8_t { null, boolean, integer, real, string, sequence, mapping };

/// The kind in the words of a message: "text", "a list", "a mapping".
std::string_view describe(Kind kind);

struct Member;

/// One value of a YAML document. Aliases and merge keys are expanded, scalars are typed by the YAML 1.2
/// core schema (so `on` and `yes` are strings), and every value knows where it was written.
struct Node {
  Kind kind = Kind::null;
  Mark mark;
  std::string text;             ///< a scalar as written, quotes and escapes resolved
  std::vector<Node> items;      ///< of a sequence
  std::vector<Member> members;  ///< of a mapping, in the order of the file, keys unique

  bool is(Kind wanted) const { return kind == wanted; }

  /// The member's value; nullptr if this is no mapping or has no such key.
  const Node* find(std::string_view key) const;
  Node* find(std::string_view key);

  /// As `find`, but a member whose value is null counts as absent.
  const Node* find_value(std::string_view key) const;

  /// The text of a string member; std::nullopt if it is absent or no string.
  std::optional<std::string> find_text(std::string_view key) const;

  bool boolean() const;          ///< of a boolean
  std::int64_t integer() const;  ///< of an integer
  double real() const;           ///< of a real or an integer

  /// Sets the member `key`, replacing its value if there is one.
  void set(std::string_view key, Node value);
  void erase(std::string_view key);

  static Node string(std::string text, Mark mark);
  static Node sequence(Mark mark);
  static Node mapping(Mark mark);
};

struct Member {
  std::string key;
  Mark mark;  ///< of the key
  Node value;
};

/// The kind of a plain (unquoted, untagged) scalar by the YAML 1.2 core schema, with one difference: `.inf`
/// and `.nan` are strings, because values are handed on as JSON, which has no such numbers.
Kind plain_scalar_kind(std::string_view text);

/// The value of a core-schema integer (`-12`, `0o17`, `0x1F`); std::nullopt for any other text and for an
/// integer that needs more than 64 bits.
std::optional<std::int64_t> integer_value(std::string_view text);

/// The value of a core-schema number.
double real_value(std::string_view text);

/// Appends the value as JSON on one line. Written straight from the tree: a model of a thousand sources
/// goes this way on every query.
void append_json(std::string& json, const Node& node);

}  // namespace ktx::yaml
