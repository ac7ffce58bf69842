#include "fields.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "ktx/app/project_access.hpp"
#include "ktx/app/python_access.hpp"
#include "ktx/mcp/engine.hpp"
#include "ktx/project/measure.hpp"
#include "plain_words.hpp"
#include "tool_table.hpp"

namespace ktx::mcp {
namespace {

const std::vector<yaml::Node>& nodes_at(const yaml::Node& node, std::string_view key) {
  static const std::vector<yaml::Node> none;
  const yaml::Node* found = node.find_value(key);
  return found == nullptr ? none : found->items;
}

std::string listed_values(const yaml::Node& column) {
  std::string text;
  const yaml::Node* lists = column.find_value("enum_values");
  if (lists == nullptr) return text;
  for (const yaml::Member& list : lists->members) {
    for (const yaml::Node& value : list.value.items) text += (text.empty() ? "" : ", ") + value.text;
  }
  return text;
}

Field field_of(const Model::Entry& entry, const char* kind, const yaml::Node& node) {
  return {kind,
          entry.connection_id,
          entry.source.name,
          node.find_text("name").value_or(""),
          node.find_text("type").value_or(""),
          project::expression_of(node),
          project::description_of(node),
          listed_values(node)};
}

// The collection of the fields in an index in memory; no connection can have this name.
constexpr const char* field_collection = ":fields";

search::Document document_of(const Field& field, std::size_t number) {
  search::Document document;
  document.connection_id = field_collection;
  // In the order of the fields, which the search keeps for equally good ones.
  const std::string digits = std::to_string(number);
  document.name = std::string(8 - std::min<std::size_t>(8, digits.size()), '0') + digits;
  document.title = search::title_of(field.name);
  document.text =
      document.title + ". " + field.description + ". " + field.values + ". " + search::title_of(field.source);
  document.meaning = document.text;
  return document;
}

// How fully the question says what the field is called; what it names in full outweighs every rank, and of
// two such fields the one that it names first is what it asks for.
double naming(const std::vector<std::string>& question, const Field& field) {
  constexpr double weight = 0.06;
  constexpr double first_weight = 0.03;
  const std::vector<std::string> own = own_words(field.source, field.name);
  const auto named =
      std::ranges::count_if(own, [&](const std::string& word) { return has_word(question, word); });
  if (named == 0) return 0;
  const auto first =
      std::ranges::find_if(question, [&](const std::string& word) { return has_word(own, word); });
  const double place = static_cast<double>(first - question.begin()) / static_cast<double>(question.size());
  const double share = static_cast<double>(named) / static_cast<double>(own.size());
  return weight * share * share + first_weight * share * (1 - place);
}

// Fields of so many sources, of the best ones, are compared by words: more would cost more than it finds.
constexpr std::size_t most_sources = 60;

class FieldSearch {
 public:
  FieldSearch(const Model& model, std::vector<std::string> kinds) : model_(model), kinds_(std::move(kinds)) {}

  void take_sources(const search::Answer& answer) {
    for (const search::Hit& hit : answer.hits) {
      const Model::Entry& entry = model_.sources[hit.document];
      std::vector<Field> fields = fields_of(entry);
      if (wants("source")) found_.fields.push_back({fields.front(), hit.score});
      for (const auto& match : hit.dictionary) {
        found_.values.emplace_back(entry.connection_id + "/" + entry.source.name, match);
      }
      if (sources_++ < most_sources) take_fields(std::move(fields), hit.score);
    }
    found_.notes = answer.notes;
    take_metric_times();
  }

  FoundFields ranked(const std::string& query, std::size_t limit) && {
    std::vector<search::Document> documents;
    for (std::size_t i = 0; i < candidates_.size(); ++i)
      documents.push_back(document_of(candidates_[i].field, i));
    search::Request request;
    request.query = query;
    request.limit = documents.size();
    request.connection_id = field_collection;
    const search::Answer answer = search::search_in_memory(documents, request);
    for (const search::Hit& hit : answer.hits) {
      FoundField& candidate = candidates_[hit.document];
      // A field counts by its own words first, and by its source's rank among equals: a source may have that
      // rank by a value or another field.
      constexpr double source_weight = 0.3;
      found_.fields.push_back({std::move(candidate.field), hit.score + source_weight * candidate.score});
    }
    const std::vector<std::string> words = words_of(query);
    for (FoundField& found : found_.fields) found.score += naming(words, found.field);
    std::ranges::stable_sort(found_.fields, std::greater<>(), &FoundField::score);
    if (found_.fields.size() > limit) found_.fields.resize(limit);
    return std::move(found_);
  }

 private:
  bool wants(const std::string& kind) const { return std::ranges::find(kinds_, kind) != kinds_.end(); }

  void take_fields(std::vector<Field> fields, double score) {
    for (Field& field : fields) {
      if (field.kind != "source" && wants(field.kind)) candidates_.push_back({std::move(field), score});
    }
  }

  // Of no source, and so not found with one.
  void take_metric_times() {
    if (!wants("dimension")) return;
    std::set<std::string> connections;
    for (const Model::Entry& entry : model_.sources) connections.insert(entry.connection_id);
    for (const std::string& id : connections) {
      if (auto field = metric_time_of(model_, id)) candidates_.push_back({*std::move(field), 0});
    }
  }

  const Model& model_;
  std::vector<std::string> kinds_;
  std::size_t sources_ = 0;
  std::vector<FoundField> candidates_;
  FoundFields found_;
};

}  // namespace

const Model::Entry* Model::find(const std::optional<std::string>& connection_id,
                                std::string_view name) const {
  const auto found = std::ranges::find_if(sources, [&](const Entry& entry) {
    return entry.source.name == name && (!connection_id || entry.connection_id == *connection_id);
  });
  return found == sources.end() ? nullptr : &*found;
}

Model read_model(const project::Project& project, const std::optional<std::string>& connection_id) {
  Model model;
  for (const std::string& id : app::connections_meant(project, connection_id)) {
    project::SourceTree tree = project::load_source_tree(project.directory, id);
    for (project::Source& source : tree.sources) {
      const std::string path = tree.files[source.mark.file];
      model.sources.push_back({id, path, std::move(source)});
    }
    std::ranges::move(tree.findings, std::back_inserter(model.findings));
  }
  return model;
}

std::vector<Field> fields_of(const Model::Entry& entry) {
  const project::Source& source = entry.source;
  std::vector<Field> fields = {
      {"source", entry.connection_id, source.name, source.name, "", "", source.description(), ""}};
  for (const yaml::Node* node : project::visible_measures(source)) {
    fields.push_back(field_of(entry, "measure", *node));
  }
  for (const yaml::Node* node : search::visible_columns(source)) {
    fields.push_back(field_of(entry, "dimension", *node));
  }
  for (const yaml::Node& node : nodes_at(source.definition, "segments")) {
    fields.push_back(field_of(entry, "segment", node));
  }
  return fields;
}

std::optional<Field> metric_time_of(const Model& model, const std::string& connection_id) {
  const bool is_dated = std::ranges::any_of(model.sources, [&](const Model::Entry& entry) {
    return entry.connection_id == connection_id && !project::default_time_of(entry.source).empty();
  });
  if (!is_dated) return std::nullopt;
  return Field{"dimension",
               connection_id,
               "",
               project::metric_time,
               "time",
               "",
               "Each measure's own time, so that several sources share their periods: metric_time:month",
               ""};
}

FoundFields find_fields(CallSession& session, const Engine& engine, const project::Project& project,
                        const Model& model, const FieldQuestion& question) {
  std::vector<search::Document> documents;
  for (const Model::Entry& entry : model.sources) {
    documents.push_back(search::make_document(entry.connection_id, entry.source));
  }
  const app::EmbeddingChoice choice = app::choose_embeddings(session, project, engine.python());
  search::Request request;
  request.query = question.query;
  request.limit = std::max(question.limit, most_sources);
  request.connection_id = question.connection_id;
  FieldSearch found(model, question.kinds);
  found.take_sources(search::search(project, session.environment, documents, request, choice.embeddings));
  return std::move(found).ranked(question.query, question.limit);
}

Json field_json(const Field& field) {
  Json json = {{"kind", field.kind}, {"reference", field.reference()}, {"connectionId", field.connection_id}};
  if (!field.type.empty()) json["type"] = field.type;
  if (!field.expr.empty()) json["expr"] = field.expr;
  if (!field.description.empty()) json["description"] = field.description;
  return json;
}

Json field_schema() {
  return object_schema({{"kind", choice_schema({"source", "measure", "dimension", "segment"}, "")},
                        {"reference", text_schema("as a query names it")},
                        {"connectionId", text_schema("")},
                        {"type", text_schema("")},
                        {"expr", text_schema("")},
                        {"description", text_schema("")},
                        {"score", {{"type", "number"}}}},
                       {"kind", "reference", "connectionId"});
}

}  // namespace ktx::mcp
