#include "json_text.hpp"

#include <algorithm>

#include "ktx/util/text.hpp"

namespace ktx::settings {
namespace {

constexpr std::string_view json_blanks = " \t\r\n";

// "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error while parsing value - …"
std::string words_of_parser(std::string_view words) {
  const auto at = words.find("while parsing ");
  return at == std::string_view::npos ? "this is not JSON"
                                      : "this is not JSON (" + std::string(words.substr(at)) + ")";
}

}  // namespace

std::size_t string_end(std::string_view text, std::size_t at) {
  for (++at; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      return at + 1;
    }
  }
  return text.size();
}

Error fault_at(std::string_view text, std::size_t offset, const std::string& file, const std::string& what) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const auto line = 1 + std::ranges::count(before, '\n');
  const auto begin = before.rfind('\n');
  const std::string_view left = begin == std::string_view::npos
                                    ? before.substr(std::min(mark_length(text), before.size()))
                                    : before.substr(begin + 1);
  return {ErrorKind::io, file + ":" + std::to_string(line) + ":" +
                             std::to_string(count_code_points(left) + 1) + ": " + what};
}

std::string line_break_in(std::string_view text) {
  const auto end = text.find('\n');
  return end != std::string_view::npos && end > 0 && text[end - 1] == '\r' ? "\r\n" : "\n";
}

std::size_t mark_length(std::string_view text) { return text.starts_with("\xEF\xBB\xBF") ? 3 : 0; }

std::string spliced(std::string_view text, const std::vector<Splice>& splices) {
  std::string result;
  std::size_t done = 0;
  for (const Splice& splice : splices) {
    result.append(text.substr(done, splice.begin - done)).append(splice.with);
    done = splice.end;
  }
  return result.append(text.substr(done));
}

const JsonMember* JsonPlace::find(std::string_view key) const {
  const auto found = std::ranges::find(members, key, &JsonMember::key);
  return found == members.end() ? nullptr : &*found;
}

JsonText::JsonText(std::string_view text, const std::string& file) : text_(text), plain_(text) {
  // JSON takes it for a blank, and programs disagree on whether it ends a comment.
  for (auto at = text.find('\r'); at != std::string_view::npos; at = text.find('\r', at + 1)) {
    if (!text.substr(at).starts_with("\r\n"))
      throw fault_at(text, at, file, "this line ends with a CR alone");
  }
  blank_comments(file);
  is_empty_ = plain_.find_first_not_of(json_blanks) == std::string::npos;
  if (!is_empty_) read(file);
}

void JsonText::blank_comments(const std::string& file) {
  std::fill_n(plain_.begin(), mark_length(text_), ' ');
  const auto blank = [this](std::size_t from, std::size_t to, bool to_line_end) {
    comments_.push_back({from, to, to_line_end});
    for (; from < to; ++from) {
      if (plain_[from] != '\n' && plain_[from] != '\r') plain_[from] = ' ';
    }
  };
  char last = ' ';  // what came last, blanks and comments aside
  char before_comma = ' ';
  std::size_t comma = 0;
  for (std::size_t at = mark_length(text_); at < text_.size();) {
    const char c = text_[at];
    const std::string_view rest = text_.substr(at);
    std::size_t next = at + 1;
    if (rest.starts_with("//")) {
      next = std::min(text_.find_first_of("\r\n", at), text_.size());
      blank(at, next, true);
    } else if (rest.starts_with("/*")) {
      const auto end = text_.find("*/", at + 2);
      if (end == std::string_view::npos) throw fault_at(text_, at, file, "this comment is not closed");
      next = end + 2;
      blank(at, next, false);
    } else if (json_blanks.find(c) == std::string_view::npos) {
      if (c == '"') next = string_end(text_, at);
      const bool closes = c == '}' || c == ']';
      if (closes && last == ',' && std::string_view("{[,: ").find(before_comma) == std::string_view::npos) {
        plain_[comma] = ' ';
        last_commas_.push_back(comma);
      }
      if (c == ',') {
        comma = at;
        before_comma = last;
      }
      last = c;
    }
    at = next;
  }
}

bool JsonText::is_in_comment(std::size_t at) const {
  const auto next = std::ranges::upper_bound(comments_, at, {}, &Comment::begin);
  return next != comments_.begin() && at < std::prev(next)->end;
}

bool JsonText::ends_line_comment(std::size_t at) const {
  const auto next = std::ranges::upper_bound(comments_, at, {}, &Comment::begin);
  return next != comments_.begin() && std::prev(next)->to_line_end && std::prev(next)->end == at;
}

void JsonText::read(const std::string& file) {
  try {
    value_ = Json::parse(plain_);
  } catch (const Json::parse_error& error) {
    throw fault_at(text_, error.byte > 0 ? error.byte - 1 : 0, file, words_of_parser(error.what()));
  } catch (const Json::exception&) {
    throw fault_at(text_, 0, file, "this JSON has a number that no program can hold");
  }
  if (!value_.is_object()) {
    throw fault_at(text_, plain_.find_first_not_of(json_blanks), file, "an object in { } was expected here");
  }
}

std::size_t JsonText::skip_blanks(std::size_t at) const {
  return std::min(plain_.find_first_not_of(json_blanks, at), plain_.size());
}

std::size_t JsonText::value_end(std::size_t at) const {
  if (plain_[at] == '"') return string_end(plain_, at);
  if (plain_[at] != '{' && plain_[at] != '[')
    return std::min(plain_.find_first_of(",]} \t\r\n", at), plain_.size());
  std::size_t depth = 0;
  while (at < plain_.size()) {
    const char c = plain_[at];
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    at = c == '"' ? string_end(plain_, at) : at + 1;
    if (depth == 0) break;
  }
  return at;
}

std::optional<std::size_t> JsonText::last_comma(std::size_t from, std::size_t to) const {
  const auto found = std::ranges::lower_bound(last_commas_, from);
  return found != last_commas_.end() && *found < to ? std::optional(*found) : std::nullopt;
}

JsonPlace JsonText::object_at(std::size_t begin) const {
  JsonPlace place{.begin = begin};
  std::size_t at = skip_blanks(begin + 1);
  while (plain_[at] != '}') {
    JsonMember member;
    member.key_begin = at;
    at = string_end(plain_, at);
    member.key = Json::parse(plain_.substr(member.key_begin, at - member.key_begin)).get<std::string>();
    member.begin = skip_blanks(skip_blanks(at) + 1);  // behind the colon
    member.end = value_end(member.begin);
    at = skip_blanks(member.end);
    if (plain_[at] == ',') {
      member.comma = at;
      at = skip_blanks(at + 1);
    } else {
      member.comma = last_comma(member.end, at);
    }
    place.members.push_back(std::move(member));
  }
  place.end = at + 1;
  return place;
}

}  // namespace ktx::settings
