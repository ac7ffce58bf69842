#include "ktx/runtime/feature.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "ktx/util/error.hpp"
#include "ktx/util/text.hpp"

namespace ktx::runtime {
namespace {

constexpr std::array all_features = {Feature::core, Feature::local_embeddings};
constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20U;

bool contains(const Features& features, Feature feature) {
  return std::find(features.begin(), features.end(), feature) != features.end();
}

std::uint64_t disk_space(Feature feature) {
  return feature == Feature::core ? 250 * mebibyte : 400 * mebibyte;
}

}  // namespace

std::string_view name(Feature feature) { return feature == Feature::core ? "core" : "local-embeddings"; }

Feature feature_from_name(std::string_view text) {
  for (const Feature feature : all_features) {
    if (name(feature) == text) return feature;
  }
  throw Error(ErrorKind::usage, "Unknown runtime feature: " + std::string(text),
              "Choose one of: " + join_names({all_features.begin(), all_features.end()}));
}

Features normalize(const Features& requested) {
  Features features;
  for (const Feature feature : all_features) {
    if (feature == Feature::core || contains(requested, feature)) features.push_back(feature);
  }
  return features;
}

bool satisfies(const Features& installed, const Features& requested) {
  const Features needed = normalize(requested);
  return std::all_of(needed.begin(), needed.end(), [&](Feature f) { return contains(installed, f); });
}

std::string join_names(const Features& features) {
  std::vector<std::string_view> names;
  for (const Feature feature : features) names.push_back(name(feature));
  return comma_separated(names);
}

std::uint64_t approximate_download(Feature feature) {
  return feature == Feature::core ? 45 * mebibyte : 130 * mebibyte;
}

std::uint64_t approximate_disk_space(const Features& features) {
  std::uint64_t total = 0;
  for (const Feature feature : features) total += disk_space(feature);
  return total;
}

std::uint64_t approximate_files(const Features& features) {
  std::uint64_t total = 0;
  for (const Feature feature : features) total += feature == Feature::core ? 8'500 : 10'000;
  return total;
}

}  // namespace ktx::runtime
