#include "ktx/mcp/cursor.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "ktx/util/digest.hpp"

namespace ktx::mcp {
namespace {

constexpr std::string_view cursor_mark = "ktx1";
constexpr std::size_t call_digits = 8;
constexpr std::size_t answer_digits = 20;

std::vector<std::string_view> fields_of(std::string_view text) {
  std::vector<std::string_view> fields;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('.', begin), text.size());
    fields.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return fields;
}

bool is_hex(std::string_view text, std::size_t digits) {
  return text.size() == digits &&
         std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool read_count(std::string_view text, std::size_t& count) {
  const auto read = std::from_chars(text.data(), text.data() + text.size(), count);
  return read.ec == std::errc() && read.ptr == text.data() + text.size();
}

}  // namespace

std::string call_digest(std::string_view tool, const Json& arguments) {
  // Not the ordered kind: a client may send the same arguments in another order.
  nlohmann::json sorted = nlohmann::json::parse(compact_json(arguments));
  sorted.erase("max_tokens");
  sorted.erase("cursor");
  return hex(sha256(std::string(tool) + "\n" + sorted.dump())).substr(0, call_digits);
}

std::string answer_digest(const Answer& answer) {
  std::string bytes = compact_json(answer.head);
  for (const Part& part : answer.parts) bytes.append("\n").append(part.name).append(compact_json(part.value));
  return hex(sha256(bytes)).substr(0, answer_digits);
}

std::string text_of(const Cursor& cursor) {
  std::string text(cursor_mark);
  text.append(".").append(cursor.call).append(".").append(cursor.answer);
  for (const std::size_t number : {cursor.at.part, cursor.at.offset, cursor.at.piece}) {
    text.append(".").append(std::to_string(number));
  }
  return text;
}

std::optional<Cursor> cursor_in(std::string_view text) {
  const auto fields = fields_of(text);
  if (fields.size() != 6 || fields[0] != cursor_mark) return std::nullopt;
  if (!is_hex(fields[1], call_digits) || !is_hex(fields[2], answer_digits)) return std::nullopt;
  Cursor cursor{std::string(fields[1]), std::string(fields[2]), {}};
  const bool is_read = read_count(fields[3], cursor.at.part) && read_count(fields[4], cursor.at.offset) &&
                       read_count(fields[5], cursor.at.piece);
  return is_read ? std::optional(std::move(cursor)) : std::nullopt;
}

void KeptAnswers::keep(const std::string& digest, std::shared_ptr<const Answer> answer) {
  if (find(digest) != nullptr) return;
  constexpr std::size_t largest = std::size_t{16} * 1024 * 1024;
  std::size_t bytes = 0;
  for (const Part& part : answer->parts) bytes += compact_json(part.value).size();
  if (bytes > largest) return;
  const std::lock_guard lock(mutex_);
  kept_.push_front({digest, std::move(answer)});
  if (kept_.size() > most) kept_.pop_back();
}

std::shared_ptr<const Answer> KeptAnswers::find(const std::string& digest) {
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find(kept_, digest, &Kept::digest);
  return found == kept_.end() ? nullptr : found->answer;
}

}  // namespace ktx::mcp
