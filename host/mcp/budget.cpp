#include "ktx/mcp/budget.hpp"

#include <algorithm>
#include <utility>

#include "ktx/util/text.hpp"

namespace ktx::mcp {
namespace {

std::size_t json_size(const Json& value) { return compact_json(value).size(); }

// How many bytes a character needs inside a text of JSON.
std::size_t escaped_size(std::string_view character) {
  const auto byte = static_cast<unsigned char>(character[0]);
  if (byte == '"' || byte == '\\') return 2;
  if (byte == '\b' || byte == '\f' || byte == '\n' || byte == '\r' || byte == '\t') return 2;
  return byte < 0x20 ? 6 : character.size();
}

std::size_t size_of(const Part& part) {
  return part.value.is_string() ? part.value.get_ref<const std::string&>().size() : part.value.size();
}

Json cut_json(const Part& part, std::size_t shown, std::string next_cursor) {
  return {
      {"rule", "max_tokens"}, {"part", part.name},      {"unit", part.value.is_string() ? "bytes" : "items"},
      {"shown", shown},       {"total", size_of(part)}, {"next_cursor", std::move(next_cursor)}};
}

// Shortens the longest text of the head until it fits: only a name of an absurd length can get here.
Json small_head(Json head, std::size_t max_bytes) {
  constexpr std::size_t shortest = 16;
  while (json_size(head) > max_bytes) {
    std::string* longest = nullptr;
    for (auto& [key, value] : head.items()) {
      if (!value.is_string()) continue;
      auto& text = value.get_ref<std::string&>();
      if (longest == nullptr || text.size() > longest->size()) longest = &text;
    }
    if (longest == nullptr || longest->size() < shortest) break;
    *longest = std::string(fitting_text(*longest, longest->size() / 2)) + "…";
  }
  return head;
}

// With its name, a colon and a comma.
std::size_t member_size(std::string_view name, std::size_t value) { return name.size() + 4 + value; }

// Fills one page from a position on.
class PageFilling {
 public:
  PageFilling(const Answer& answer, const Position& from, std::size_t max_bytes, const CursorWriter& cursor)
      : answer_(answer), at_(from), cursor_(cursor) {
    constexpr std::size_t least_room = 64;
    const std::size_t cut = largest_cut();
    page_.structured = small_head(answer.head, max_bytes - std::min(max_bytes, cut + least_room));
    whole_ = max_bytes - std::min(max_bytes, json_size(page_.structured));
    room_ = whole_ - std::min(whole_, cut);
  }

  Page fill() && {
    const bool is_last = rest_fits();
    for (; at_.part < answer_.parts.size(); at_ = {at_.part + 1, 0, 0}) {
      const Part& part = answer_.parts[at_.part];
      if (is_last) {
        take_rest(part);
      } else if (!(part.value.is_string() ? take_text(part) : take_items(part))) {
        return cut_here(part);
      }
    }
    return std::move(page_);
  }

 private:
  static constexpr std::size_t longest_character = 6;  // in a text of JSON: \u0000

  // What `cut` may need at most, wherever the page ends.
  std::size_t largest_cut() const {
    constexpr std::size_t longest_item = 9'999'999'999;  // no item has more bytes; it bounds the digits
    std::size_t largest = 0;
    for (std::size_t i = at_.part; i < answer_.parts.size(); ++i) {
      const Part& part = answer_.parts[i];
      const std::size_t total = size_of(part);
      const Json cut = cut_json(part, total, cursor_({i, total, longest_item}));
      largest = std::max(largest, member_size("cut", json_size(cut)));
    }
    return largest;
  }

  // Whether all that is left fits on the page, which then needs no `cut`.
  bool rest_fits() const {
    if (at_.piece > 0) return false;
    std::size_t used = 0;
    for (std::size_t i = at_.part; i < answer_.parts.size() && used <= whole_; ++i) {
      const Part& part = answer_.parts[i];
      const std::size_t begin = i == at_.part ? at_.offset : 0;
      used += member_size(part.name, 2);
      if (part.value.is_string()) {
        // Not even written: it may be a megabyte, and this is asked on each of its pages.
        if (size_of(part) - begin > whole_) return false;
        used += json_size(part.value.get_ref<const std::string&>().substr(begin));
        continue;
      }
      for (std::size_t item = begin; item < part.value.size() && used <= whole_; ++item) {
        used += json_size(part.value[item]) + 1;
      }
    }
    return used <= whole_;
  }

  void take_rest(const Part& part) {
    if (part.value.is_string()) {
      page_.structured[part.name] = part.value.get_ref<const std::string&>().substr(at_.offset);
      return;
    }
    Json& items = page_.structured[part.name] = Json::array();
    for (std::size_t i = at_.offset; i < part.value.size(); ++i) items.push_back(part.value[i]);
  }

  // Takes what fits of a text. Whether that is all of it.
  bool take_text(const Part& part) {
    const std::string_view rest =
        std::string_view(part.value.get_ref<const std::string&>()).substr(at_.offset);
    const std::size_t frame = member_size(part.name, 2);
    std::size_t room = room_ - std::min(room_, frame);
    // At least one character on a page, so that there is an end.
    if (!has_part_) room = std::max(room, longest_character);
    const std::string_view taken = fitting_text(rest, room);
    if (taken.empty() && !rest.empty()) return false;
    page_.structured[part.name] = taken;
    at_.offset += taken.size();
    room_ -= std::min(room_, member_size(part.name, json_size(page_.structured[part.name])));
    has_part_ = true;
    return taken.size() == rest.size();
  }

  // Takes the items of a list that fit. Whether those are all that are left.
  bool take_items(const Part& part) {
    if (at_.piece > 0) return take_piece(part);
    const std::size_t frame = member_size(part.name, 2);
    if (room_ <= frame) return !has_part_ && at_.offset < part.value.size() && take_piece(part);
    std::size_t room = room_ - frame;
    Json items = Json::array();
    for (; at_.offset < part.value.size(); ++at_.offset) {
      const std::size_t size = json_size(part.value[at_.offset]) + 1;
      if (size > room) break;
      room -= size;
      items.push_back(part.value[at_.offset]);
    }
    const bool is_all = at_.offset == part.value.size();
    if (items.empty() && !is_all) return !has_part_ && take_piece(part);
    page_.structured[part.name] = std::move(items);
    room_ = room;
    has_part_ = true;
    return is_all;
  }

  // Takes what fits of the JSON of one item, and ends the page.
  bool take_piece(const Part& part) {
    const std::string json = compact_json(part.value[at_.offset]);
    at_.piece = std::min(at_.piece, json.size());
    Json piece = {{"part", part.name},
                  {"index", at_.offset},
                  {"offset", at_.piece},
                  {"total_bytes", json.size()},
                  {"json", ""}};
    const std::size_t frame = member_size("piece", json_size(piece));
    const std::size_t room = std::max(room_ - std::min(room_, frame), longest_character);
    const std::string_view taken = fitting_text(std::string_view(json).substr(at_.piece), room);
    piece["json"] = taken;
    page_.structured["piece"] = std::move(piece);
    at_.piece += taken.size();
    if (at_.piece >= json.size()) at_ = {at_.part, at_.offset + 1, 0};
    return false;
  }

  Page cut_here(const Part& part) {
    if (at_.offset >= size_of(part) && at_.part + 1 == answer_.parts.size()) return std::move(page_);
    page_.structured["cut"] = cut_json(part, at_.offset, cursor_(at_));
    page_.next = at_;
    return std::move(page_);
  }

  const Answer& answer_;
  Position at_;
  const CursorWriter& cursor_;
  std::size_t whole_ = 0;  // what the parts may need if the page is the last
  std::size_t room_ = 0;   // what they may still need if it is not
  bool has_part_ = false;
  Page page_;
};

}  // namespace

Page page_of(const Answer& answer, const Position& from, std::size_t max_bytes, const CursorWriter& cursor) {
  return PageFilling(answer, from, max_bytes, cursor).fill();
}

std::string_view fitting_text(std::string_view text, std::size_t max_bytes) {
  std::size_t end = 0;
  std::size_t line_end = 0;
  std::size_t used = 0;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t before = rest.size();
    // Bytes that are not UTF-8 are one character each; they are replaced when they are written.
    const bool is_valid = take_code_point(rest).has_value();
    if (!is_valid) rest.remove_prefix(1);
    const std::string_view character = text.substr(end, before - rest.size());
    used += is_valid ? escaped_size(character) : std::size_t{3};
    if (used > max_bytes) return text.substr(0, line_end > end / 2 ? line_end : end);
    end += character.size();
    if (character == "\n") line_end = end;
  }
  return text;
}

Json cut_schema() {
  return {{"type", "object"},
          {"description", "there is more: repeat the call with `cursor`: next_cursor"},
          {"required", {"rule", "part", "unit", "shown", "total", "next_cursor"}}};
}

Json piece_schema() {
  return {{"type", "object"},
          {"description", "a part of the JSON of one item that is larger than a page"},
          {"required", {"part", "index", "offset", "total_bytes", "json"}}};
}

}  // namespace ktx::mcp
