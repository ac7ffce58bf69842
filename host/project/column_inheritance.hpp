#pragma once

#include <span>

#include "findings.hpp"
#include "ktx/project/source.hpp"

namespace ktx::project {

/// Fills the blank type, role and descriptions of the source's columns from the manifest source that its
/// `inherits_columns_from` names: by the source's name, else by its table, of which either may be
/// written with fewer qualifiers ("orders" is "shop.public.orders"). Reports a name that fits none or
/// several.
void inherit_columns(Source& source, std::span<const Source> manifest, Findings& findings);

}  // namespace ktx::project
