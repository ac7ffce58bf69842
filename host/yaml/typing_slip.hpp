#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "ktx/yaml/fault.hpp"

namespace ktx::yaml {

/// Where git left a conflict, whose marks no tool may take for a value; std::nullopt if nowhere.
std::optional<Fault> merge_conflict(std::string_view text, std::uint32_t file);

/// A no-break space, or another blank that is none of YAML's, before the words of a line or behind a colon or
/// a dash in it; std::nullopt if there is none. `start` is where the line begins.
std::optional<Fault> odd_blank_in(std::string_view line, const Mark& start);

/// What a person did that makes a text no YAML, if it is one of the common slips; the library's own words and
/// place for it lead astray. `found` is where the library stopped. A blank that is none of YAML's, or words
/// behind a value that has ended already.
std::optional<Fault> typing_slip(std::string_view text, const Mark& found);

}  // namespace ktx::yaml
