#include "source_composition.hpp"

#include <algorithm>
#include <map>
#include <span>
#include <utility>

#include "column_inheritance.hpp"
#include "findings.hpp"
#include "ktx/project/suggestion.hpp"
#include "ktx/util/spans.hpp"
#include "overlay_composition.hpp"
#include "source_checks.hpp"

namespace ktx::project {
namespace {

/// The sources as far as they are composed.
class Composition {
 public:
  explicit Composition(const std::vector<std::string>& files) : findings_(files) {}

  void add(const std::string& name, ParsedFile file) {
    std::ranges::move(file.findings, std::back_inserter(findings_.diagnostics));
    if (!file.holds_mapping) unread_.insert(name);
    for (Source& source : file.sources) add(std::move(source));
    if (file.overlay) overlays_.push_back(*std::move(file.overlay));
    if (file.is_shard) manifest_sources_ = sources_.size();
  }

  /// To be called once, after the last file.
  void finish() {
    inherit();
    std::ranges::sort(sources_, {}, &Source::name);
    apply_overlays();
    check_sources(sources_, unread_.empty(), findings_);
    for (Source& source : sources_) drop_unsent_keys(source.definition);
    sort_by_place(findings_.diagnostics);
  }

  /// Leaves nothing behind.
  SourceTree take(std::vector<std::string> files) {
    return {std::move(files), std::move(sources_), std::move(findings_.diagnostics), std::move(unread_)};
  }

 private:
  void add(Source source) {
    const auto [first, added] = places_.emplace(source.name, source.mark);
    if (added) {
      sources_.push_back(std::move(source));
      return;
    }
    findings_.about(source.name);
    findings_.error(
        source.mark, "duplicate-source",
        "Duplicate source name '" + source.name + "'; the other is at " + findings_.place(first->second),
        {"",
         "Rename one of the two; to change a source without declaring it again, write an "
         "overlay: a file without table and sql"});
  }

  /// Only files say where columns come from, and only manifest tables give them.
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

  /// Keys that are for the files only: the planner does not know them.
  static void drop_unsent_keys(YamlNode& definition) {
    for (const char* key : {"source_type", "inherits_columns_from"}) definition.erase(key);
  }

  Findings findings_;
  std::vector<Source> sources_;
  std::size_t manifest_sources_ = 0;  ///< these come first until they are sorted
  std::vector<Overlay> overlays_;
  std::map<std::string, Mark> places_;
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
