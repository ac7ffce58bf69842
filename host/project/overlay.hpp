#pragma once

#include <span>

#include "ktx/project/findings.hpp"
#include "ktx/project/source.hpp"

namespace ktx::project {

/// Applies the overlay to `base`: descriptions are merged (its `description` as the key "user"), excluded
/// columns and disabled joins are removed, columns and new joins are appended, and grain, measures, segments
/// and default time dimension replace the base's. Reports names that the base does not have.
void apply_overlay(Source& base, const yaml::Node& overlay, Findings& findings);

/// Fills in missing types, roles and descriptions of the source's columns from the manifest source that
/// `inherits_columns_from` names: by the source's name, else by its table, where either may have fewer
/// qualifiers than the other ("orders" is "shop.public.orders"). Reports a name that fits none or several.
void inherit_columns(Source& source, std::span<const Source> manifest, Findings& findings);

}  // namespace ktx::project
