#pragma once

#include <span>

#include "ktx/project/diagnostic.hpp"
#include "ktx/project/source.hpp"

namespace ktx::project {

/// Changes `base` as the overlay says: descriptions merge (its `description` as the key "user"), named
/// columns and joins go, its columns and new joins are appended, its grain, measures, segments and
/// default time dimension take the place of the base's. Reports names that the base does not have.
void apply_overlay(Source& base, const yaml::Node& overlay, Findings& findings);

/// Fills the blank type, role and descriptions of the source's columns from the manifest source that its
/// `inherits_columns_from` names: by the source's name, else by its table, of which either may be
/// written with fewer qualifiers ("orders" is "shop.public.orders"). Reports a name that fits none or
/// several.
void inherit_columns(Source& source, std::span<const Source> manifest, Findings& findings);

}  // namespace ktx::project
