#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ktx::runtime {

/// What is installed of Python. The first three are levels: each includes those before it. `local_embeddings`
/// is ONNX Runtime with a model, `sentence_transformers` is that library, with torch. The others are database
/// drivers: each adds to core, and none needs another.
enum class Feature {
  core,
  local_embeddings,
  sentence_transformers,
  bigquery,
  clickhouse,
  databricks,
  snowflake,
  spark,
  sqlserver,
  trino
};

/// Features in canonical order without duplicates, `core` among them; see `normalize`.
using Features = std::vector<Feature>;

/// "core", "local-embeddings", "trino": the name in options, in output and in the receipt.
std::string_view name(Feature feature);

/// All names, in canonical order.
std::vector<std::string_view> feature_names();
bool is_feature_name(std::string_view text);

bool contains(const Features& features, Feature feature);

/// The feature of that name. Throws a `usage` error that lists the names.
Feature feature_from_name(std::string_view text);

/// Whether the feature is a database driver and not a level.
bool is_driver(Feature feature);

/// The levels up to the highest in `requested`, `core` at least, and the drivers in it, in canonical order.
Features normalize(const Features& requested);

/// Whether every feature in `requested`, and `core`, is in `installed`.
bool satisfies(const Features& installed, const Features& requested);

/// "core, local-embeddings".
std::string join_names(const Features& features);

/// The command-line options that install the features: " --feature local-embeddings --feature trino". Empty
/// for `core`, which every install has; of the levels only the highest is named.
std::string feature_options(const Features& features);

/// About how much is downloaded for the feature alone, in bytes, for prompts.
std::uint64_t approximate_download(Feature feature);

/// About how much room the installed features take, in bytes, for the check before an install.
std::uint64_t approximate_disk_space(const Features& features);

/// "130 MB", "3.1 GB".
std::string size_in_words(std::uint64_t bytes);

/// About how many files and folders they are, for the check before an install.
std::uint64_t approximate_files(const Features& features);

}  // namespace ktx::runtime
