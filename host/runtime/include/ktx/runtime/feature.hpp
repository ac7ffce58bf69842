#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ktx::runtime {

/// How much of Python is installed. The order is the canonical one.
enum class Feature { core, local_embeddings };

/// Features in canonical order without duplicates, `core` among them; see `normalize`.
using Features = std::vector<Feature>;

/// "core" or "local-embeddings": the name in options, in output and in the receipt.
std::string_view name(Feature feature);

/// The feature of that name. Throws a `usage` error that lists the names.
Feature feature_from_name(std::string_view text);

/// `core` and everything in `requested`, in canonical order, once each.
Features normalize(const Features& requested);

/// Whether every feature in `requested`, and `core`, is in `installed`.
bool satisfies(const Features& installed, const Features& requested);

/// "core, local-embeddings".
std::string join_names(const Features& features);

/// About how much is downloaded for the feature alone, in bytes, for prompts.
std::uint64_t approximate_download(Feature feature);

/// About how much room the installed features take, in bytes, for the check before an install.
std::uint64_t approximate_disk_space(const Features& features);

/// About how many files and folders they are, for the check before an install.
std::uint64_t approximate_files(const Features& features);

}  // namespace ktx::runtime
