#include "ktx/util/json.hpp"

#include <set>
#include <utility>

namespace ktx {

Json parse_json(std::string_view text, std::string_view what, ErrorKind kind) {
  try {
    return Json::parse(text);
  } catch (const Json::exception&
               error) {  // a number too large for a double is an out_of_range, not a parse_error
    // The library's text begins with an id in brackets, which tells a user nothing.
    std::string_view reason(error.what());
    if (const auto end = reason.find("] "); end != std::string_view::npos) reason.remove_prefix(end + 2);
    throw Error(kind, std::string(what) + " is not valid JSON: " + std::string(reason));
  }
}

namespace {

// Finds a key that its object has already, in a text that is JSON.
class KeyScanner {
 public:
  explicit KeyScanner(std::string_view text) : text_(text) {}

  std::optional<RepeatedKey> scan() {
    for (; at_ < text_.size(); ++at_) {
      const char letter = text_[at_];
      if (letter == '{' || letter == '[') open_.emplace_back();
      if (letter == '}' || letter == ']') open_.pop_back();
      if (letter != '"') continue;
      const std::size_t start = at_;
      skip_string();
      const std::size_t next = text_.find_first_not_of(" \t\r\n", at_ + 1);
      if (next == std::string_view::npos || text_[next] != ':') continue;
      auto key = Json::parse(text_.substr(start, at_ + 1 - start)).get<std::string>();
      if (!open_.back().insert(key).second) return RepeatedKey{std::move(key), start};
    }
    return std::nullopt;
  }

 private:
  // To the quote that ends it.
  void skip_string() {
    for (++at_; text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\') ++at_;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<std::set<std::string>> open_;  ///< the keys of each open object; none of a list
};

}  // namespace

std::optional<RepeatedKey> repeated_key(std::string_view text) { return KeyScanner(text).scan(); }

std::string pretty_json(const Json& value) {
  return value.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string compact_json(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

JsonObject::JsonObject(const Json& value, std::string what, ErrorKind kind)
    : JsonObject(value, std::move(what), "", kind) {}

JsonObject::JsonObject(const Json& value, std::string what, std::string path, ErrorKind kind)
    : value_(value), what_(std::move(what)), path_(std::move(path)), kind_(kind) {
  if (!value_.is_object()) {
    throw Error(kind_, what_ + ": " + (path_.empty() ? "the document" : path_) + " must be an object");
  }
}

Error JsonObject::wrong(std::string_view key, std::string_view rule) const {
  std::string message = what_ + ": " + (path_.empty() ? "" : path_ + ".");
  message.append(key).append(" ").append(rule);
  return {kind_, std::move(message)};
}

bool JsonObject::has(std::string_view key) const { return value_.contains(key); }

const Json& JsonObject::member(std::string_view key) const {
  const auto found = value_.find(key);
  if (found == value_.end()) throw wrong(key, "is missing");
  return *found;
}

std::string JsonObject::string(std::string_view key) const {
  const Json& found = member(key);
  if (!found.is_string()) throw wrong(key, "must be a string");
  return found.get<std::string>();
}

std::string JsonObject::non_empty_string(std::string_view key) const {
  std::string text = string(key);
  if (text.empty()) throw wrong(key, "must not be empty");
  return text;
}

std::int64_t JsonObject::integer(std::string_view key) const {
  const Json& found = member(key);
  if (!found.is_number_integer()) throw wrong(key, "must be an integer");
  if (found.is_number_unsigned() && !std::in_range<std::int64_t>(found.get<std::uint64_t>())) {
    throw wrong(key, "is too large");
  }
  return found.get<std::int64_t>();
}

std::uint64_t JsonObject::count(std::string_view key) const {
  const Json& found = member(key);
  if (found.is_number_unsigned()) return found.get<std::uint64_t>();
  if (integer(key) < 0) throw wrong(key, "must not be negative");
  return static_cast<std::uint64_t>(integer(key));
}

bool JsonObject::boolean(std::string_view key) const {
  const Json& found = member(key);
  if (!found.is_boolean()) throw wrong(key, "must be true or false");
  return found.get<bool>();
}

const Json& JsonObject::array(std::string_view key) const {
  const Json& found = member(key);
  if (!found.is_array()) throw wrong(key, "must be an array");
  return found;
}

std::vector<std::string> JsonObject::strings(std::string_view key) const {
  std::vector<std::string> texts;
  for (const Json& item : array(key)) {
    if (!item.is_string()) throw wrong(key, "must be an array of strings");
    texts.push_back(item.get<std::string>());
  }
  return texts;
}

JsonObject JsonObject::element(std::string_view key, std::size_t index) const {
  const std::string name = std::string(key) + "[" + std::to_string(index) + "]";
  return {array(key).at(index), what_, path_.empty() ? name : path_ + "." + name, kind_};
}

JsonObject JsonObject::object(std::string_view key) const {
  const Json& found = member(key);
  if (!found.is_object()) throw wrong(key, "must be an object");
  return {found, what_, path_.empty() ? std::string(key) : path_ + "." + std::string(key), kind_};
}

}  // namespace ktx
