#include "ktx/runtime/feature.hpp"

#include <algorithm>
#include <array>

#include "ktx/util/error.hpp"
#include "ktx/util/text.hpp"

namespace ktx::runtime {
namespace {

constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20U;

// What a feature adds to those before it. The sizes were measured on Linux x86-64.
struct FeatureFacts {
  Feature feature;
  std::string_view name;
  std::uint64_t download;  ///< bytes
  std::uint64_t disk;      ///< bytes
  std::uint64_t files;     ///< and folders
};

// In the order of `Feature`, which `facts` relies on.
constexpr std::array all_features = {
    FeatureFacts{Feature::core, "core", 45 * mebibyte, 250 * mebibyte, 8'500},
    FeatureFacts{Feature::local_embeddings, "local-embeddings", 115 * mebibyte, 200 * mebibyte, 2'000},
    FeatureFacts{Feature::sentence_transformers, "sentence-transformers", 2'950 * mebibyte, 5'750 * mebibyte,
                 41'000},
    FeatureFacts{Feature::bigquery, "bigquery", 17 * mebibyte, 57 * mebibyte, 2'500},
    FeatureFacts{Feature::clickhouse, "clickhouse", 5 * mebibyte, 19 * mebibyte, 600},
    FeatureFacts{Feature::databricks, "databricks", 5 * mebibyte, 19 * mebibyte, 900},
    FeatureFacts{Feature::snowflake, "snowflake", 28 * mebibyte, 76 * mebibyte, 1'000},
    FeatureFacts{Feature::spark, "spark", 8 * mebibyte, 25 * mebibyte, 300},
    FeatureFacts{Feature::sqlserver, "sqlserver", 6 * mebibyte, 24 * mebibyte, 600},
    FeatureFacts{Feature::trino, "trino", 9 * mebibyte, 38 * mebibyte, 1'000}};

const FeatureFacts& facts(Feature feature) { return all_features.at(static_cast<std::size_t>(feature)); }

}  // namespace

std::string_view name(Feature feature) { return facts(feature).name; }

std::vector<std::string_view> feature_names() {
  std::vector<std::string_view> names;
  for (const FeatureFacts& one : all_features) names.push_back(one.name);
  return names;
}

bool is_feature_name(std::string_view text) {
  return std::ranges::find(all_features, text, &FeatureFacts::name) != all_features.end();
}

Feature feature_from_name(std::string_view text) {
  for (const FeatureFacts& one : all_features) {
    if (one.name == text) return one.feature;
  }
  throw Error(ErrorKind::usage, "Unknown runtime feature: " + std::string(text),
              "Choose one of: " + comma_separated(feature_names()));
}

bool contains(const Features& features, Feature feature) {
  return std::ranges::find(features, feature) != features.end();
}

// The levels come first in `Feature`.
bool is_driver(Feature feature) { return feature > Feature::sentence_transformers; }

Features normalize(const Features& requested) {
  Feature level = Feature::core;
  for (const Feature feature : requested) {
    if (!is_driver(feature)) level = std::max(level, feature);
  }
  Features features;
  for (const FeatureFacts& one : all_features) {
    const bool wanted = is_driver(one.feature) ? contains(requested, one.feature) : one.feature <= level;
    if (wanted) features.push_back(one.feature);
  }
  return features;
}

bool satisfies(const Features& installed, const Features& requested) {
  return std::ranges::all_of(normalize(requested), [&](Feature f) { return contains(installed, f); });
}

std::string join_names(const Features& features) {
  std::vector<std::string_view> names;
  for (const Feature feature : features) names.push_back(name(feature));
  return comma_separated(names);
}

std::string feature_options(const Features& features) {
  const Features all = normalize(features);
  const Feature level = *std::ranges::find_if_not(all.rbegin(), all.rend(), is_driver);
  std::string options;
  for (const Feature feature : all) {
    const bool named = is_driver(feature) || (feature != Feature::core && feature == level);
    if (named) options += " --feature " + std::string(name(feature));
  }
  return options;
}

std::uint64_t approximate_download(Feature feature) { return facts(feature).download; }

std::uint64_t approximate_disk_space(const Features& features) {
  std::uint64_t total = 0;
  for (const Feature feature : features) total += facts(feature).disk;
  return total;
}

std::uint64_t approximate_files(const Features& features) {
  std::uint64_t total = 0;
  for (const Feature feature : features) total += facts(feature).files;
  return total;
}

std::string size_in_words(std::uint64_t bytes) {
  constexpr std::uint64_t megabyte = 1'000'000;
  if (bytes < 1000 * megabyte) return std::to_string(bytes / megabyte) + " MB";
  // Rounded to the nearest tenth.
  const std::uint64_t tenths = (bytes + 50 * megabyte) / (100 * megabyte);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " GB";
}

}  // namespace ktx::runtime
