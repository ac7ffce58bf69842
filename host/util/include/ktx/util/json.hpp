#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ktx/util/error.hpp"

namespace ktx {

/// JSON that keeps the order in which its keys were written: what users and golden files see.
using Json = nlohmann::ordered_json;

/// Parses one JSON document. Throws `kind` with "<what> is not valid JSON: <reason>".
Json parse_json(std::string_view text, std::string_view what, ErrorKind kind);

/// A key that an object has twice.
struct RepeatedKey {
  std::string key;
  std::size_t offset;  ///< where it stands the second time, in bytes
};

/// The first key that its object has already, in a text that `parse_json` takes; of the two values that keeps
/// only the second.
std::optional<RepeatedKey> repeated_key(std::string_view text);

/// Two-space indent and a final newline. Bytes that are not UTF-8 are replaced, never thrown on.
std::string pretty_json(const Json& value);

/// One line without spaces, without a newline.
std::string compact_json(const Json& value);

/// Reads the members of a JSON object strictly: a missing or ill-typed member is an error that names
/// the member's path ("asset manifest: wheel.sha256 must be a string"), never a default.
class JsonObject {
 public:
  /// `what` names the document in errors; `kind` is the kind that they have. The value must outlive
  /// the reader.
  JsonObject(const Json& value, std::string what, ErrorKind kind);

  std::string string(std::string_view key) const;
  std::string non_empty_string(std::string_view key) const;
  std::int64_t integer(std::string_view key) const;
  std::uint64_t count(std::string_view key) const;  ///< an integer that is not negative
  bool boolean(std::string_view key) const;
  const Json& array(std::string_view key) const;
  std::vector<std::string> strings(std::string_view key) const;
  JsonObject object(std::string_view key) const;

  /// The object at `index` of the array `key`.
  JsonObject element(std::string_view key, std::size_t index) const;

  bool has(std::string_view key) const;
  const Json& value() const { return value_; }

  /// The error for an existing member that breaks a rule: "<what>: <key> <rule>".
  Error wrong(std::string_view key, std::string_view rule) const;

 private:
  JsonObject(const Json& value, std::string what, std::string path, ErrorKind kind);
  const Json& member(std::string_view key) const;

  const Json& value_;
  std::string what_;
  std::string path_;
  ErrorKind kind_;
};

}  // namespace ktx
