#include "source_composition.hpp"

#include <algorithm>
#include <map>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "ktx/project/findings.hpp"
#include "ktx/project/measure.hpp"
#include "ktx/project/source.hpp"
#include "ktx/util/finding.hpp"
#include "ktx/util/spans.hpp"
#include "overlay.hpp"

namespace ktx::project {
namespace {

using Names = std::unordered_map<std::string_view, const yaml::Node*>;

std::vector<std::string_view> keys(const Names& names) {
  std::vector<std::string_view> result;
  for (const auto& [name, node] : names) result.push_back(name);
  std::ranges::sort(result);  // the order of a hash map must not choose the suggestion
  return result;
}

// The names in a list of named things; reports a name that occurs twice.
Names check_unique(const Source& source, std::string_view list, std::string_view what, Findings& findings) {
  Names names;
  const yaml::Node* nodes = source.definition.find(list);
  if (nodes == nullptr) return names;
  for (const yaml::Node& node : nodes->items) {
    const yaml::Node* name = node.find("name");
    if (name == nullptr || !name->is(yaml::Kind::string)) continue;
    const auto [first, added] = names.emplace(name->text, name);
    if (added) continue;
    std::string fix = "Rename or remove one of the two";
    // Two files: the second is an overlay that wants to replace a column.
    if (what == "column" && first->second->mark.file != name->mark.file) {
      fix = "To replace the base's column, name it in exclude_columns";
    }
    findings.error(name->mark, "duplicate-" + std::string(what),
                   "Duplicate " + std::string(what) + " '" + name->text + "'" +
                       (source.has_rows() ? " on source '" + source.name + "'" : "") + "; the other is at " +
                       findings.place(first->second->mark),
                   {"", fix});
  }
  return names;
}

void check_column_types(const Source& source, std::size_t shards, Findings& findings) {
  const yaml::Node* columns = source.definition.find("columns");
  if (columns == nullptr) return;
  for (const yaml::Node& column : columns->items) {
    // Checked here and not in the file's shape, because a type may be inherited from a manifest.
    if (column.mark.file >= shards) check_type(column, findings);
  }
}

void check_grain(const Source& source, const Names& columns, Findings& findings) {
  const yaml::Node* grain = source.definition.find("grain");
  if (grain == nullptr || !grain->is(yaml::Kind::sequence)) return;
  if (grain->items.empty()) {
    findings.error(grain->mark, "empty-grain", "grain must be non-empty",
                   {"", "Name the columns that identify a row of " + source.name});
  }
  for (const yaml::Node& column : grain->items) {
    if (!column.is(yaml::Kind::string) || columns.contains(column.text)) continue;
    findings.error(
        column.mark, "unknown-grain-column",
        "Source '" + source.name + "' has grain column '" + column.text + "' that is not in its columns list",
        {closest(column.text, keys(columns)), "Declare the column, or correct the grain"});
  }
}

void check_joins(const Source& source, const std::vector<Source>& sources, Findings& findings) {
  const yaml::Node* joins = source.definition.find("joins");
  if (joins == nullptr) return;
  for (const yaml::Node& join : joins->items) {
    const yaml::Node* target = join.find("to");
    if (target == nullptr || !target->is(yaml::Kind::string)) continue;
    if (std::ranges::binary_search(sources, target->text, {}, &Source::name)) continue;
    std::vector<std::string_view> names;
    for (const Source& other : sources) names.push_back(other.name);
    findings.error(target->mark, "unknown-join-target",
                   "Source '" + source.name + "' joins to '" + target->text + "', but '" + target->text +
                       "' is not defined",
                   {closest(target->text, names), "Declare the source, or correct or remove the join"});
  }
}

// A question means each measure's own time by `metric_time`, and could not name a source that is called so.
void check_reserved_names(const Source& source, Findings& findings) {
  const Help help{"", "Choose another name: questions call each measure's own time so"};
  if (source.name == metric_time) {
    findings.error(source.mark, "reserved-name", "a source cannot be called 'metric_time'", help);
  }
  const yaml::Node* joins = source.definition.find("joins");
  if (joins == nullptr) return;
  for (const yaml::Node& join : joins->items) {
    const yaml::Node* alias = join.find_value("alias");
    if (alias == nullptr || alias->text != metric_time) continue;
    findings.error(alias->mark, "reserved-name", "the alias of a join cannot be called 'metric_time'", help);
  }
}

// Checks the composed sources: each has a grain of its own columns, columns have types, names of columns,
// measures and segments are unique in a source, none has a reserved name, and joins lead to existing sources.
// `sources` is sorted by name; unless it is `complete`, joins are not checked. Tables of the first `shards`
// files had the types of their columns checked when they were parsed.
void check_sources(const std::vector<Source>& sources, bool complete, std::size_t shards,
                   Findings& findings) {
  const ScopedSpan span("check sources");
  for (const Source& source : sources) {
    findings.about(source.name);
    const Names columns = check_unique(source, "columns", "column", findings);
    check_unique(source, "measures", source.has_rows() ? "measure" : "metric", findings);
    check_unique(source, "segments", "segment", findings);
    check_column_types(source, shards, findings);
    check_reserved_names(source, findings);
    check_grain(source, columns, findings);
    if (complete) check_joins(source, sources, findings);
  }
}

// The sources composed so far.
class Composition {
 public:
  explicit Composition(const std::vector<std::string>& files) : findings_(files) {}

  void add(const std::string& name, ParsedFile file) {
    std::ranges::move(file.findings, std::back_inserter(findings_.found));
    if (!file.holds_mapping) unread_.insert(name);
    for (Source& source : file.sources) add(std::move(source));
    if (file.overlay) overlays_.push_back(*std::move(file.overlay));
    std::ranges::move(file.metrics, std::back_inserter(metrics_));
    if (file.role != FileRole::shard) return;
    ++shards_;
    manifest_sources_ = sources_.size();
  }

  // To be called once, after the last file.
  void finish() {
    inherit();
    std::ranges::sort(sources_, {}, &Source::name);
    apply_overlays();
    add_metrics();
    // With an unread file, a join to a source in it would be reported as an error of the join.
    check_sources(sources_, unread_.empty(), shards_, findings_);
    for (Source& source : sources_) drop_unsent_keys(source.definition);
    sort_by_place(findings_.found);
  }

  // Moves the result out; to be called last.
  SourceTree take(std::vector<std::string> files) {
    return {std::move(files), std::move(sources_), std::move(findings_.found), std::move(unread_)};
  }

 private:
  void add(Source source) {
    const auto [first, added] = places_.emplace(source.name, source.mark);
    if (added) {
      sources_.push_back(std::move(source));
      return;
    }
    const std::string fix = source.has_rows()
                                ? "Rename one of the two; to change a source without declaring it again, "
                                  "write an overlay: a file without table and sql"
                                : "Rename the source: the metrics in the folder _metrics are called so";
    findings_.about(source.name);
    findings_.error(
        source.mark, "duplicate-source",
        "Duplicate source name '" + source.name + "'; the other is at " + findings_.place(first->second),
        {"", fix});
  }

  // After the overlays, which have nothing to change in them.
  void add_metrics() {
    if (metrics_.empty()) return;
    const yaml::Mark mark = metrics_.front().mark;
    Source metrics{metrics_source, mark, yaml::Node::mapping(mark)};
    for (const char* key : {"name", "kind"})
      metrics.definition.set(key, yaml::Node::string(metrics_source, mark));
    yaml::Node list = yaml::Node::sequence(mark);
    list.items = std::move(metrics_);
    metrics.definition.set("measures", std::move(list));
    add(std::move(metrics));
    std::ranges::sort(sources_, {}, &Source::name);
  }

  // Only source files inherit columns, and only from manifest tables.
  void inherit() {
    const std::span<Source> all(sources_);
    for (Source& source : all.subspan(manifest_sources_)) {
      findings_.about(source.name);
      inherit_columns(source, all.first(manifest_sources_), findings_);
    }
  }

  void apply_overlays() {
    for (const Overlay& overlay : overlays_) {
      findings_.about(overlay.name);
      const auto base = std::ranges::lower_bound(sources_, overlay.name, {}, &Source::name);
      if (base != sources_.end() && base->name == overlay.name) {
        apply_overlay(*base, overlay.node, findings_);
        continue;
      }
      if (!unread_.empty()) continue;  // its base may be in a file that could not be read
      std::vector<std::string_view> names;
      for (const Source& source : sources_) names.push_back(source.name);
      findings_.warning(overlay.mark, "overlay-without-base",
                        "the overlay '" + overlay.name + "' has no source to change and is left out",
                        {closest(overlay.name, names), "Give the file a table or sql, or correct its name"});
    }
  }

  // Removes keys that the planner does not know.
  static void drop_unsent_keys(yaml::Node& definition) {
    for (const char* key : {"source_type", "inherits_columns_from"}) definition.erase(key);
  }

  Findings findings_;
  std::vector<Source> sources_;
  std::size_t shards_ = 0;            ///< how many files are; these come first
  std::size_t manifest_sources_ = 0;  ///< these come first until they are sorted
  std::vector<Overlay> overlays_;
  std::vector<yaml::Node> metrics_;
  std::map<std::string, yaml::Mark> places_;
  std::set<std::string> unread_;
};

}  // namespace

SourceTree compose_sources(std::vector<std::string> files, std::vector<ParsedFile> parsed) {
  const ScopedSpan span("compose sources");
  Composition composition(files);
  for (std::size_t i = 0; i < files.size(); ++i) composition.add(files[i], std::move(parsed[i]));
  composition.finish();
  return composition.take(std::move(files));
}

}  // namespace ktx::project
