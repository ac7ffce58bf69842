#include "ktx/yaml/document.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <new>
#include <string>
#include <unordered_set>
#include <utility>

#include "ktx/util/text.hpp"
#include "ktx/yaml/node.hpp"
#include "typing_slip.hpp"

namespace ktx::yaml {
namespace {

// Limits against files that would take all memory or the whole stack; models are far below them.
constexpr std::size_t max_bytes = 64UL * 1024 * 1024;
constexpr int max_depth = 64;
constexpr std::size_t max_expanded_values = 1'000'000;
constexpr std::size_t few = 8;  // members of a mapping: see has_few_and_unique_keys
constexpr std::string_view core_tag_prefix = "tag:yaml.org,2002:";

std::string_view view(const yaml_char_t* text) {
  return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}

std::size_t count_values(const Node& node) {
  std::size_t count = 1;
  for (const Node& item : node.items) count += count_values(item);
  for (const Member& member : node.members) count += count_values(member.value);
  return count;
}

// Builds the tree from the events. Throws `Fault`, which `parse` catches.
class Composer {
 public:
  Composer(std::string_view text, std::uint32_t file) : events_(text, file) {}

  Node document() {
    events_.next();  // the stream's start
    if (events_.next().type == YAML_STREAM_END_EVENT) {
      Node nothing;
      nothing.mark.file = events_.mark().file;
      return nothing;
    }
    events_.next();
    Node root = value(0);
    events_.next();  // the document's end
    if (events_.next().type != YAML_STREAM_END_EVENT) {
      throw Fault{events_.mark(), "a second document begins here", "Put it into a file of its own"};
    }
    return root;
  }

 private:
  struct Anchor {
    Node node;
    std::size_t count;
  };

  Node value(int depth) {
    if (depth > max_depth) {
      throw Fault{events_.mark(), "nested more than " + std::to_string(max_depth) + " levels deep", ""};
    }
    const yaml_event_t& event = events_.current();
    switch (event.type) {
      case YAML_ALIAS_EVENT: return alias(std::string(view(event.data.alias.anchor)));
      case YAML_SCALAR_EVENT: return remember(view(event.data.scalar.anchor), scalar(event));
      case YAML_SEQUENCE_START_EVENT: {
        // Copied: the event is gone once the next one has been read.
        const std::string anchor(view(event.data.sequence_start.anchor));
        check_tag(view(event.data.sequence_start.tag), "seq");
        return remember(anchor, sequence(depth));
      }
      default: {
        const std::string anchor(view(event.data.mapping_start.anchor));
        check_tag(view(event.data.mapping_start.tag), "map");
        return remember(anchor, mapping(depth));
      }
    }
  }

  // Aliases are copied out, so ten lines of aliases to aliases could grow to billions of values.
  void expand(std::size_t count) {
    expanded_ += count;
    if (expanded_ > max_expanded_values) {
      throw Fault{events_.mark(), "the aliases expand to too many values", "Write the values out"};
    }
  }

  Node remember(std::string_view anchor, Node node) {
    if (anchor.empty()) return node;
    const std::size_t count = count_values(node);
    expand(count);
    anchors_.insert_or_assign(std::string(anchor), Anchor{node, count});
    return node;
  }

  Node alias(const std::string& name) {
    const auto found = anchors_.find(name);
    if (found == anchors_.end()) {
      throw Fault{
          events_.mark(), "the alias *" + name + " has no finished anchor before it",
          "Put the value in quotes, or write &" + name + " at the value that it stands for, above this line"};
    }
    // Counted before the copy is made.
    expand(found->second.count);
    return found->second.node;
  }

  void check_tag(std::string_view tag, std::string_view expected) const {
    if (tag.empty() || tag == std::string(core_tag_prefix).append(expected)) return;
    throw Fault{events_.mark(), "the tag " + std::string(tag) + " is not supported here", "Remove the tag"};
  }

  Node scalar(const yaml_event_t& event) const {
    const auto& data = event.data.scalar;
    Node node = Node::string({reinterpret_cast<const char*>(data.value), data.length}, events_.mark());
    const std::string_view tag = view(data.tag);
    if (tag.empty()) {
      if (data.plain_implicit != 0) node.kind = plain_scalar_kind(node.text);
      return node;
    }
    // `!!str 12` is text; `!!int 12` must be what the text looks like.
    if (tag == std::string(core_tag_prefix) + "str") return node;
    node.kind = plain_scalar_kind(node.text);
    check_tag(tag, tag_of(node.kind));
    return node;
  }

  static std::string_view tag_of(Kind kind) {
    switch (kind) {
      case Kind::null: return "null";
      case Kind::boolean: return "bool";
      case Kind::integer: return "int";
      case Kind::real: return "float";
      default: return "str";
    }
  }

  Node sequence(int depth) {
    Node node = Node::sequence(events_.mark());
    const std::size_t first = items_.size();
    while (events_.next().type != YAML_SEQUENCE_END_EVENT) items_.push_back(value(depth + 1));
    node.items = take_from(items_, first);
    return node;
  }

  Node mapping(int depth) {
    Node node = Node::mapping(events_.mark());
    std::vector<Node> merged;
    const std::size_t first = members_.size();
    while (events_.next().type != YAML_MAPPING_END_EVENT) {
      const Mark at = events_.mark();
      // "<<" in quotes is an ordinary key.
      const bool quoted =
          events_.current().type == YAML_SCALAR_EVENT && events_.current().data.scalar.plain_implicit == 0;
      std::string name = key(depth);
      // Looked for where a letter beyond ASCII begins a key, which is rare.
      if (!quoted && !name.empty() && (name[0] & 0x80) != 0) {
        if (auto slip = odd_blank_in(name, at)) throw *std::move(slip);
      }
      events_.next();
      Node member = value(depth + 1);
      if (name == "<<" && !quoted) {
        if (!merged.empty()) throw second_merge_key(at);
        merged = member.is(Kind::sequence) ? std::move(member.items) : std::vector{std::move(member)};
      } else {
        members_.push_back({std::move(name), at, std::move(member)});
      }
    }
    node.members = take_from(members_, first);
    check_duplicates(node);
    if (!merged.empty()) merge(node, merged);
    return node;
  }

  // The values of `open` from `first` on, in exactly as much memory as they need: a model has many small
  // lists.
  template <typename Value>
  static std::vector<Value> take_from(std::vector<Value>& open, std::size_t first) {
    const auto begin = open.begin() + static_cast<std::ptrdiff_t>(first);
    std::vector<Value> values(std::make_move_iterator(begin), std::make_move_iterator(open.end()));
    open.erase(begin, open.end());
    return values;
  }

  static Fault second_merge_key(Mark at) {
    return {at, "a second merge key << in one mapping", "Write one with a list: <<: [*a, *b]"};
  }

  std::string key(int depth) {
    Node node = value(depth + 1);
    if (node.is(Kind::sequence) || node.is(Kind::mapping)) {
      throw Fault{node.mark, "a key must be text, not " + std::string(describe(node.kind)),
                  "Put a value that begins with '{' or '[' in quotes"};
    }
    return std::move(node.text);
  }

  // Most mappings are so small that comparing each key with each is faster than sorting them.
  static bool has_few_and_unique_keys(const Node& node) {
    if (node.members.size() > few) return false;
    for (auto one = node.members.begin(); one != node.members.end(); ++one) {
      if (std::ranges::find(node.members.begin(), one, one->key, &Member::key) != one) return false;
    }
    return true;
  }

  static void check_duplicates(const Node& node) {
    if (has_few_and_unique_keys(node)) return;
    std::vector<const Member*> sorted;
    sorted.reserve(node.members.size());
    for (const Member& member : node.members) sorted.push_back(&member);
    std::ranges::stable_sort(sorted, {}, &Member::key);
    const auto twice = std::ranges::adjacent_find(sorted, {}, &Member::key);
    if (twice == sorted.end()) return;
    const Member& first = **twice;
    throw Fault{(*std::next(twice))->mark,
                "the key \"" + first.key + "\" is already in line " + std::to_string(first.mark.line),
                "Keep one of the two"};
  }

  // YAML 1.1's merge key, which people use although 1.2 has dropped it: own keys win, then the earlier
  // mapping.
  static void merge(Node& target, const std::vector<Node>& sources) {
    std::unordered_set<std::string> keys;
    for (const Member& member : target.members) keys.insert(member.key);
    for (const Node& source : sources) {
      if (!source.is(Kind::mapping)) {
        throw Fault{source.mark, "the merge key << takes a mapping or a list of mappings",
                    "Give it an alias of a mapping, or quote the key"};
      }
      for (const Member& member : source.members) {
        if (keys.insert(member.key).second) target.members.push_back(member);
      }
    }
  }

  Events events_;
  // The values of all open lists and mappings, the innermost last: one growing vector instead of one for
  // each.
  std::vector<Node> items_;
  std::vector<Member> members_;
  std::map<std::string, Anchor, std::less<>> anchors_;
  std::size_t expanded_ = 0;
};

}  // namespace

std::variant<Node, Fault> parse(std::string_view text, std::uint32_t file) {
  // The byte order mark of UTF-8, as editors on Windows write it; two of them, where a tool added one to it.
  while (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (text.size() > max_bytes) {
    return Fault{{file, 1, 1}, "the file is larger than 64 MiB", "Split it into several files"};
  }
  if (const auto offset = first_invalid_utf8(text)) {
    return Fault{mark_of_offset(text, *offset, file), "the text is not UTF-8", "Save the file as UTF-8"};
  }
  try {
    return Composer(text, file).document();
  } catch (Fault& fault) {
    return merge_conflict(text, file).value_or(std::move(fault));
  }
}

Mark mark_of_offset(std::string_view text, std::size_t offset, std::uint32_t file) {
  const std::string_view before = text.substr(0, offset);
  const auto line = std::ranges::count(before, '\n');
  const auto start = before.rfind('\n') + 1;  // npos + 1 is 0
  return {file, static_cast<std::uint32_t>(line) + 1,
          static_cast<std::uint32_t>(count_code_points(before.substr(start))) + 1};
}

Events::Events(std::string_view text, std::uint32_t file) : text_(text), file_(file) {
  if (yaml_parser_initialize(&parser_) == 0) throw std::bad_alloc();
  // Otherwise libyaml guesses the encoding from the first bytes, and may take the text for UTF-16.
  yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());  // libyaml's type for bytes
  yaml_parser_set_input_string(&parser_, bytes, text.size());
}

Events::~Events() {
  yaml_event_delete(&event_);
  yaml_parser_delete(&parser_);
}

const yaml_event_t& Events::next() {
  yaml_event_delete(&event_);
  if (yaml_parser_parse(&parser_, &event_) == 0) throw fault();
  return event_;
}

Mark Events::mark_at(const yaml_mark_t& mark) const {
  return {file_, static_cast<std::uint32_t>(mark.line) + 1, static_cast<std::uint32_t>(mark.column) + 1};
}

char Events::character_at(const yaml_mark_t& mark) const {
  // libyaml's index counts characters, not bytes.
  std::string_view rest = text_;
  for (std::size_t i = 0; i < mark.index; ++i) {
    if (!take_code_point(rest)) return '\0';
  }
  return rest.empty() ? '\0' : rest[0];
}

Fault Events::fault() const {
  if (parser_.error == YAML_MEMORY_ERROR) throw std::bad_alloc();
  if (parser_.error != YAML_READER_ERROR) return scanner_fault();
  return {mark_of_offset(text_, parser_.problem_offset, file_),
          std::string("the text cannot be read: ") + parser_.problem, "Remove the control character"};
}

Fault Events::scanner_fault() const {
  const std::string problem = parser_.problem == nullptr ? "not YAML" : parser_.problem;
  const std::string context = parser_.context == nullptr ? "" : parser_.context;
  // libyaml's messages are its own source's words; the common ones are translated to what the user did.
  if (context == "while scanning a quoted scalar" && problem.starts_with("found unexpected")) {
    return {mark_at(parser_.context_mark), "the quoted text that begins here is never closed",
            "Close it with the same quote"};
  }
  if (problem == "found character that cannot start any token") {
    const char character = character_at(parser_.problem_mark);
    if (character == '\t') {
      return {mark_at(parser_.problem_mark), "a tab cannot indent YAML", "Indent with spaces"};
    }
    return {mark_at(parser_.problem_mark), std::string("no value can begin with '") + character + "'",
            "Put the value in quotes"};
  }
  if (problem.find("tab character") != std::string::npos) {
    return {mark_at(parser_.problem_mark), "a tab cannot indent YAML", "Indent with spaces"};
  }
  if (context == "while scanning an alias" || context == "while scanning an anchor") {
    return {mark_at(parser_.context_mark),
            std::string("a value that begins with ") + (context.ends_with("alias") ? "*" : "&") +
                " is a reference, and this names nothing",
            "Put the value in quotes"};
  }
  if (auto slip = typing_slip(text_, mark_at(parser_.problem_mark))) return *std::move(slip);
  if (problem == "mapping values are not allowed in this context") {
    return {mark_at(parser_.problem_mark), "a ':' stands where no key can be",
            "Put a value that holds ': ' in quotes, or mend the indentation"};
  }
  std::string message = problem;
  if (!context.empty()) {
    message += " " + context + " that begins in line " + std::to_string(parser_.context_mark.line + 1);
  }
  return {mark_at(parser_.problem_mark), message, "Mend the YAML; often the indentation is off"};
}

}  // namespace ktx::yaml
