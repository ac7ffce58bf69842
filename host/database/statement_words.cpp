#include "statement_words.hpp"

namespace ktx::database {
namespace {

constexpr std::string_view white_space = " \t\r\n\f\v";

// Takes one comment off the front; false when there is none.
bool take_comment(std::string_view& sql) {
  std::string_view end;
  if (sql.starts_with("--")) {
    end = "\n";
  } else if (sql.starts_with("/*")) {
    end = "*/";
  } else {
    return false;
  }
  const auto found = sql.find(end, 2);
  sql.remove_prefix(found == std::string_view::npos ? sql.size() : found + end.size());
  return true;
}

std::string_view without_leading(std::string_view sql, std::string_view characters) {
  do {
    const auto first = sql.find_first_not_of(characters);
    sql.remove_prefix(first == std::string_view::npos ? sql.size() : first);
  } while (take_comment(sql));
  return sql;
}

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool begins_with_word(std::string_view sql, std::string_view word) {
  if (sql.size() < word.size()) return false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    // Sets the bit that makes an ASCII letter lower-case.
    if ((static_cast<unsigned char>(sql[i]) | 0x20U) != static_cast<unsigned char>(word[i])) return false;
  }
  return sql.size() == word.size() || !is_word_character(sql[word.size()]);
}

// The first word of the next statement, after white space, comments and semicolons; empty when there is
// none.
std::string first_word(std::string_view sql) {
  const std::string_view statement = without_leading(sql, " \t\r\n\f\v;");
  std::size_t length = 0;
  while (length < statement.size() && is_word_character(statement[length])) ++length;
  return std::string(statement.substr(0, length));
}

}  // namespace

bool is_select(std::string_view sql) {
  const std::string_view statement = without_leading(sql, white_space);
  return begins_with_word(statement, "select") || begins_with_word(statement, "with");
}

bool is_blank(std::string_view sql) { return without_leading(sql, " \t\r\n\f\v;").empty(); }

std::string beginning_of(std::string_view sql) {
  const std::string word = first_word(sql);
  return word.empty() ? "" : ", which begins with `" + word + "`";
}

std::string limit_rows(std::string_view sql, std::int64_t max_rows) {
  // On a line of its own: a comment at the statement's end must not swallow the parenthesis.
  return "select * from (\n" + std::string(sql) + "\n) as ktx_query_result limit " + std::to_string(max_rows);
}

}  // namespace ktx::database
