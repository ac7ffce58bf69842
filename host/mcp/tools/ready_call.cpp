#include "ready_call.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "ktx/project/measure.hpp"
#include "plain_words.hpp"

namespace ktx::mcp {
namespace {

constexpr std::array<std::string_view, 5> grouping_words = {"by", "per", "each", "across", "every"};
constexpr std::array<std::pair<std::string_view, std::string_view>, 10> time_words = {{{"hour", "hour"},
                                                                                       {"hourly", "hour"},
                                                                                       {"day", "day"},
                                                                                       {"daily", "day"},
                                                                                       {"week", "week"},
                                                                                       {"weekly", "week"},
                                                                                       {"month", "month"},
                                                                                       {"monthly", "month"},
                                                                                       {"quarter", "quarter"},
                                                                                       {"year", "year"}}};

}  // namespace

std::vector<std::string> grouped_by(const std::vector<std::string>& words) {
  const auto found = std::ranges::find_if(words, [](const std::string& word) {
    return std::ranges::find(grouping_words, word) != grouping_words.end();
  });
  return found == words.end() ? std::vector<std::string>() : std::vector(found + 1, words.end());
}

namespace {

std::string quoted_value(const std::string& value) {
  std::string text = "'";
  for (const char c : value) text += c == '\'' ? std::string("''") : std::string(1, c);
  return text + "'";
}

// The time column of a source that is meant when none is named.
std::string time_column(const Model::Entry& entry) {
  if (const std::string column = project::default_time_of(entry.source); !column.empty()) {
    return column.find('.') == std::string::npos ? entry.source.name + "." + column : column;
  }
  for (const Field& field : fields_of(entry)) {
    if (field.kind == "dimension" && field.type == "time") return field.reference();
  }
  return {};
}

std::vector<std::string> looked_up_from(const Model::Entry& entry) {
  std::vector<std::string> names;
  const yaml::Node* joins = entry.source.definition.find_value("joins");
  if (joins == nullptr) return names;
  for (const yaml::Node& join : joins->items) names.push_back(join.find_text("to").value_or(""));
  return names;
}

// The time column of the source, else of the nearest that it looks up.
std::string nearest_time_column(const Model& model, const Field& measure) {
  std::vector<std::string> near = {measure.source};
  for (std::size_t i = 0; i < near.size(); ++i) {
    const Model::Entry* entry = model.find(measure.connection_id, near[i]);
    if (entry == nullptr) continue;
    if (std::string column = time_column(*entry); !column.empty()) return column;
    for (std::string& name : looked_up_from(*entry)) {
      if (std::ranges::find(near, name) == near.end()) near.push_back(std::move(name));
    }
  }
  return {};
}

// One question in words, with one of the measures.
class CallDraft {
 public:
  CallDraft(const Model& model, const QuestionMatter& matter, const Field& measure)
      : matter_(matter), measure_(measure), words_(words_of(matter.query)), grouping_(grouped_by(words_)) {
    add_dimensions();
    add_time(model);
    add_segments();
    add_filters();
  }

  // From the fullest to the plainest.
  std::vector<Json> tries() const {
    std::vector<Json> all = {call(dimensions_, segments_, filters_)};
    if (!filters_.empty()) all.push_back(call(dimensions_, segments_, Json::array()));
    if (!segments_.empty()) all.push_back(call(dimensions_, Json::array(), Json::array()));
    Json fewer = dimensions_;
    while (!fewer.empty()) {
      fewer.erase(fewer.size() - 1);
      all.push_back(call(fewer, Json::array(), Json::array()));
    }
    return all;
  }

 private:
  bool is_near(const Field& field) const { return field.connection_id == measure_.connection_id; }

  void add_dimensions() {
    constexpr std::size_t most = 3;
    std::vector<std::string> left = grouping_;
    for (const Field& field : matter_.dimensions) {
      if (!is_near(field) || dimensions_.size() == most) continue;
      const std::vector<std::string> own = own_words(field.source, field.name);
      if (!has_all(left, own)) continue;
      dimensions_.push_back(field.reference());
      std::erase_if(left, [&](const std::string& word) { return has_word(own, word); });
    }
  }

  void add_time(const Model& model) {
    const std::string column = nearest_time_column(model, measure_);
    if (column.empty()) return;
    for (const auto& [word, granularity] : time_words) {
      const bool is_adverb = word.ends_with("ly") && has_word(words_, word);
      if (!is_adverb && !has_word(grouping_, word)) continue;
      dimensions_.push_back(column + ":" + std::string(granularity));
      return;
    }
  }

  void add_segments() {
    for (const Field& field : matter_.segments) {
      // A segment restricts measures of its own source only.
      const bool is_own = is_near(field) && field.source == measure_.source;
      if (is_own && has_all(words_, words_of(search::title_of(field.name)))) {
        segments_.push_back(field.reference());
        for (const std::string& word : words_of(search::title_of(field.name))) taken_.push_back(word);
      }
    }
  }

  void add_filters() {
    constexpr std::size_t most = 2;
    for (const auto& [place, match] : matter_.values) {
      if (!place.starts_with(measure_.connection_id + "/")) continue;
      const std::string column = place.substr(measure_.connection_id.size() + 1) + "." + match.column;
      for (const std::string& value : match.values) {
        const std::vector<std::string> own = words_of(value);
        if (filters_.size() == most || !has_all(words_, own) || has_all(taken_, own)) continue;
        filters_.push_back(column + " = " + quoted_value(value));
        taken_.insert(taken_.end(), own.begin(), own.end());
      }
    }
  }

  Json call(const Json& dimensions, const Json& segments, const Json& filters) const {
    Json arguments = {{"connectionId", measure_.connection_id},
                      {"measures", Json::array({measure_.reference()})}};
    if (!dimensions.empty()) arguments["dimensions"] = dimensions;
    if (!segments.empty()) arguments["segments"] = segments;
    if (!filters.empty()) arguments["filters"] = filters;
    return arguments;
  }

  const QuestionMatter& matter_;
  const Field& measure_;
  std::vector<std::string> words_;
  std::vector<std::string> grouping_;
  std::vector<std::string> taken_;  // words that a segment or a filter stands for
  Json dimensions_ = Json::array();
  Json segments_ = Json::array();
  Json filters_ = Json::array();
};

}  // namespace

Json ready_call(const Model& model, const QuestionMatter& matter,
                const std::function<bool(const Json& arguments)>& compiles) {
  constexpr std::size_t most_measures = 3;
  constexpr std::size_t most_tries = 12;
  std::size_t tried = 0;
  for (std::size_t i = 0; i < std::min(most_measures, matter.measures.size()); ++i) {
    for (const Json& arguments : CallDraft(model, matter, matter.measures[i]).tries()) {
      if (tried++ == most_tries) return nullptr;
      if (compiles(arguments)) return arguments;
    }
  }
  return nullptr;
}

}  // namespace ktx::mcp
