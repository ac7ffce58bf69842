#pragma once

#include "ktx/runtime/feature.hpp"

namespace ktx::runtime {

// The features' names, short enough for tables of cases.
constexpr Feature core = Feature::core;
constexpr Feature embeddings = Feature::local_embeddings;
constexpr Feature torch = Feature::sentence_transformers;
constexpr Feature bigquery = Feature::bigquery;
constexpr Feature trino = Feature::trino;

}  // namespace ktx::runtime
