#include "suspect_expression.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "ktx/util/text.hpp"

namespace ktx::cli {
namespace {

constexpr std::string_view quotes = "'\"`";

bool is_word_character(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
         c == '_' || c == '$' || byte >= 0x80;
}

/// The words of a text, in lower case, each with the character on either side of it (0 at an end).
template <typename Take>
void for_each_word(std::string_view text, const Take& take) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!is_word_character(text[i])) continue;
    const std::size_t start = i;
    while (i < text.size() && is_word_character(text[i])) ++i;
    take(lower_case(std::string(text.substr(start, i - start))), start == 0 ? '\0' : text[start - 1],
         i == text.size() ? '\0' : text[i]);
  }
}

/// What a database quotes or calls: "gone" of `column "gone" does not exist`, "foo" of `function
/// foo(integer)` and of `no such function: foo`.
std::set<std::string> names_in(std::string_view message) {
  std::set<std::string> names;
  for_each_word(message, [&](const std::string& word, char before, char after) {
    const bool quoted =
        quotes.find(before) != std::string_view::npos && quotes.find(after) != std::string_view::npos;
    if (quoted || after == '(') names.insert(word);
  });
  const auto last = message.rfind(": ");
  if (message.find("no such ") != std::string_view::npos && last != std::string_view::npos) {
    for_each_word(message.substr(last), [&](const std::string& word, char, char) { names.insert(word); });
  }
  return names;
}

bool has_any(std::string_view expression, const std::set<std::string>& names) {
  bool found = false;
  for_each_word(expression,
                [&](const std::string& word, char, char) { found = found || names.contains(word); });
  return found;
}

/// The expressions that the SQL was compiled from, by what they are called.
std::map<std::string, std::string> expressions_of(const semantic::Query& query, const Json& plan) {
  std::map<std::string, std::string> expressions;
  for (const std::string& filter : query.filters) expressions["the filter `" + filter + "`"] = filter;
  const auto measures = plan.find("measures");
  if (measures == plan.end() || !measures->is_array()) return expressions;
  for (const Json& measure : *measures) {
    std::string text;
    for (const char* part : {"expr", "filter"}) {
      const auto found = measure.find(part);
      if (found != measure.end() && found->is_string()) text += found->get<std::string>() + "\n";
    }
    const std::string name = measure.value("name", "");
    if (!text.empty()) expressions["the measure " + name] = text;
  }
  return expressions;
}

}  // namespace

Error with_suspect(const Error& error, const semantic::Query& query,
                   const semantic::CompiledQuery& compiled) {
  const std::set<std::string> names = names_in(error.message());
  std::string suspect;
  for (const auto& [what, text] : expressions_of(query, compiled.plan)) {
    if (!has_any(text, names)) continue;
    if (!suspect.empty()) return error;
    suspect = what;
  }
  if (suspect.empty()) return error;
  return {error.kind(), error.message(), "Look at " + suspect + ". " + error.fix(), error.details()};
}

}  // namespace ktx::cli
