#pragma once

#include "findings.hpp"
#include "ktx/project/source.hpp"

namespace ktx::project {

/// Changes `base` as the overlay says: descriptions merge (its `description` as the key "user"), named
/// columns and joins go, its columns and new joins are appended, its grain, measures, segments and
/// default time dimension take the place of the base's. Reports names that the base does not have.
void apply_overlay(Source& base, const YamlNode& overlay, Findings& findings);

}  // namespace ktx::project
