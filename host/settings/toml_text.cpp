#include "toml_text.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "json_text.hpp"
#include "ktx/util/text.hpp"

namespace ktx::settings {
namespace {

constexpr std::size_t deepest = 100;

bool is_bare(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-'; }

// Of a number, a date, a time or a word: which of these it is does not matter here.
bool is_of_plain_value(char c) { return is_bare(c) || c == '+' || c == '.' || c == ':'; }

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t') || byte == 0x7F;
}

void append_code_point(std::string& text, char32_t point) {
  const auto byte = [&](char32_t value) { text += static_cast<char>(static_cast<unsigned char>(value)); };
  if (point < 0x80) return byte(point);
  if (point < 0x800) {
    byte(0xC0 | point >> 6U);
  } else if (point < 0x10000) {
    byte(0xE0 | point >> 12U);
    byte(0x80 | (point >> 6U & 0x3FU));
  } else {
    byte(0xF0 | point >> 18U);
    byte(0x80 | (point >> 12U & 0x3FU));
    byte(0x80 | (point >> 6U & 0x3FU));
  }
  byte(0x80 | (point & 0x3FU));
}

// Reads one document from its begin to its end.
class TomlScanner {
 public:
  TomlScanner(std::string_view text, const std::string& file)
      : text_(text), file_(file), at_(mark_length(text)) {
    if (const auto offset = first_invalid_utf8(text)) fail("these bytes are not UTF-8", *offset);
  }

  std::vector<TomlStatement> statements() {
    while (at_ < text_.size()) {
      const std::size_t begin = at_;
      skip_blanks();
      if (!is_at_line_end() && peek() != '#') statement(begin);
      end_line();
      if (!statements_.empty() && statements_.back().line_end == 0) statements_.back().line_end = at_;
    }
    return std::move(statements_);
  }

 private:
  [[noreturn]] void fail(const std::string& what, std::size_t at) const {
    throw fault_at(text_, at, file_, what);
  }
  [[noreturn]] void fail(const std::string& what) const { fail(what, at_); }

  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  bool has(std::string_view word) const { return text_.substr(at_).starts_with(word); }
  bool is_at_line_end() const { return at_ >= text_.size() || has("\n") || has("\r\n"); }

  bool take(std::string_view word) {
    const bool is_there = has(word);
    if (is_there) at_ += word.size();
    return is_there;
  }

  void skip_blanks() {
    while (peek() == ' ' || peek() == '\t') ++at_;
  }

  void skip_comment() {
    if (peek() != '#') return;
    while (!is_at_line_end()) {
      if (is_control(peek())) fail("a control character stands in this comment");
      ++at_;
    }
  }

  void end_line() {
    skip_blanks();
    skip_comment();
    if (!is_at_line_end()) fail("the end of the line was expected here");
    if (!take("\r\n")) take("\n");
  }

  // Blanks, comments and line breaks, as between the items of a list.
  void skip_space() {
    while (true) {
      skip_blanks();
      skip_comment();
      if (!take("\r\n") && !take("\n")) return;
    }
  }

  void statement(std::size_t line) {
    TomlStatement statement;
    statement.begin = line;
    if (peek() == '[') {
      header(statement);
    } else {
      statement.names = header_;
      statement.header_names = header_.size();
      pair(statement.names, statement.value_begin, statement.value, 0);
    }
    statement.end = at_;
    statements_.push_back(std::move(statement));
  }

  void header(TomlStatement& statement) {
    const bool is_array = take("[[");
    if (!is_array) take("[");
    statement.kind = is_array ? TomlStatement::Kind::array_of_tables : TomlStatement::Kind::table;
    header_ = key();
    if (!take(is_array ? "]]" : "]")) fail(is_array ? "]] was expected here" : "] was expected here");
    statement.names = header_;
    statement.header_names = header_.size();
  }

  // A key with dots; appended to `names`.
  std::vector<std::string> key() {
    std::vector<std::string> names;
    do {
      skip_blanks();
      names.push_back(simple_key());
      skip_blanks();
    } while (take("."));
    return names;
  }

  std::string simple_key() {
    if (peek() == '"' || peek() == '\'') return one_line_string();
    const std::size_t begin = at_;
    while (is_bare(peek())) ++at_;
    if (at_ == begin) fail("a key was expected here");
    return std::string(text_.substr(begin, at_ - begin));
  }

  void pair(std::vector<std::string>& names, std::size_t& value_begin, Json& result, std::size_t depth) {
    std::ranges::copy(key(), std::back_inserter(names));
    if (!take("=")) fail("= was expected here");
    skip_blanks();
    value_begin = at_;
    result = value(depth);
  }

  Json value(std::size_t depth) {
    if (depth > deepest) fail("this is too deep");
    if (has(R"(""")") || has("'''")) return long_string();
    if (peek() == '"' || peek() == '\'') return one_line_string();
    if (peek() == '[') return list(depth);
    if (peek() == '{') return inline_table(depth);
    return plain_value();
  }

  Json list(std::size_t depth) {
    Json items = Json::array();
    take("[");
    skip_space();
    while (!take("]")) {
      items.push_back(value(depth + 1));
      skip_space();
      if (!take(",") && peek() != ']') fail(", or ] was expected here");
      skip_space();
    }
    return items;
  }

  Json inline_table(std::size_t depth) {
    Json table = Json::object();
    take("{");
    skip_space();
    while (!take("}")) {
      std::vector<std::string> names;
      std::size_t begin = 0;
      Json result;
      pair(names, begin, result, depth + 1);
      Json* at = &table;
      for (const std::string& name : names) {
        if (!at->is_object() && !at->is_null()) fail("this key is there twice", begin);
        at = &(*at)[name];
      }
      *at = std::move(result);
      skip_space();
      if (!take(",") && peek() != '}') fail(", or } was expected here");
      skip_space();
    }
    return table;
  }

  Json plain_value() {
    const std::size_t begin = at_;
    while (is_of_plain_value(peek())) ++at_;
    // A date and a time may be two words.
    if (at_ - begin == 10 && text_[begin + 4] == '-' && peek() == ' ' &&
        std::isdigit(static_cast<unsigned char>(peek(1))) != 0) {
      ++at_;
      while (is_of_plain_value(peek())) ++at_;
    }
    const std::string word(text_.substr(begin, at_ - begin));
    if (word == "true" || word == "false") return word == "true";
    const bool is_number = std::ranges::any_of(word, [](unsigned char c) { return std::isdigit(c) != 0; });
    if (!is_number && !word.ends_with("inf") && !word.ends_with("nan"))
      fail("a value was expected here", begin);
    return word;
  }

  std::string one_line_string() {
    const std::size_t begin = at_;
    const char quote = text_[at_++];
    std::string result;
    while (peek() != quote) {
      if (is_at_line_end()) fail("this text is not closed", begin);
      character(quote == '"', result);
    }
    ++at_;
    return result;
  }

  std::string long_string() {
    const std::size_t begin = at_;
    const std::string_view quotes = text_.substr(at_, 3);
    at_ += 3;
    if (!take("\r\n")) take("\n");
    std::string result;
    while (!has(quotes)) {
      if (at_ >= text_.size()) fail("this text is not closed", begin);
      if (quotes[0] == '"' && peek() == '\\' && skip_line_end()) continue;
      if (take("\r\n") || take("\n")) {
        result += '\n';
      } else {
        character(quotes[0] == '"', result);
      }
    }
    at_ += 3;
    // Up to two quotes may stand before the closing ones.
    for (int more = 0; more < 2 && peek() == quotes[0]; ++more, ++at_) result += quotes[0];
    return result;
  }

  // A backslash at the end of a line takes the blanks and line breaks behind it away.
  bool skip_line_end() {
    const auto end = text_.find_first_not_of(" \t", at_ + 1);
    if (end == std::string_view::npos || (text_[end] != '\n' && text_.substr(end, 2) != "\r\n")) return false;
    at_ = std::min(text_.find_first_not_of(" \t\r\n", end), text_.size());
    return true;
  }

  void character(bool has_escapes, std::string& result) {
    if (is_control(peek())) fail("a control character stands in this text");
    if (has_escapes && peek() == '\\') return escape(result);
    result += text_[at_++];
  }

  void escape(std::string& result) {
    constexpr std::string_view names = "btnfre\"\\";
    constexpr std::string_view meanings = "\b\t\n\f\r\x1B\"\\";
    const char name = peek(1);
    const std::size_t digits = name == 'u' ? 4 : name == 'U' ? 8 : name == 'x' ? 2 : 0;
    const auto index = names.find(name);
    if (digits == 0 && (name == '\0' || index == std::string_view::npos)) fail("this escape is none of TOML");
    at_ += 2;
    if (digits == 0) {
      result += meanings[index];
      return;
    }
    char32_t point = 0;
    for (std::size_t i = 0; i < digits; ++i, ++at_) {
      const auto digit = std::string_view("0123456789abcdef")
                             .find(static_cast<char>(std::tolower(static_cast<unsigned char>(peek()))));
      if (peek() == '\0' || digit == std::string_view::npos) fail("hexadecimal digits were expected here");
      point = point * 16 + static_cast<char32_t>(digit);
    }
    if (point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) fail("there is no such character");
    append_code_point(result, point);
  }

  std::string_view text_;
  const std::string& file_;
  std::size_t at_;
  std::vector<std::string> header_;
  std::vector<TomlStatement> statements_;
};

}  // namespace

bool TomlStatement::is_below(const std::vector<std::string>& path) const {
  return names.size() >= path.size() && std::equal(path.begin(), path.end(), names.begin());
}

std::vector<TomlStatement> toml_statements(std::string_view text, const std::string& file) {
  return TomlScanner(text, file).statements();
}

std::string toml_string(const std::string& text) {
  // What JSON escapes, TOML reads in the same way; DEL is the one that JSON leaves.
  std::string result = compact_json(text);
  for (auto at = result.find('\x7F'); at != std::string::npos; at = result.find('\x7F', at))
    result.replace(at, 1, "\\u007F");
  return result;
}

std::string toml_key(const std::string& name) {
  return !name.empty() && std::ranges::all_of(name, is_bare) ? name : toml_string(name);
}

}  // namespace ktx::settings
