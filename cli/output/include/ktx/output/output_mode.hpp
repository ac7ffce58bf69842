#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "ktx/util/environment.hpp"

namespace ktx::cli {

/// How to write a list: for a person, one line a row for scripts, or as JSON.
enum class OutputMode : std::uint8_t { pretty, plain, json };

/// By --json, else --output, else KTX_OUTPUT, else plain under CI, else pretty on a terminal, else plain.
/// Throws a `usage` error for an unknown name.
OutputMode choose_output_mode(bool json_flag, const std::optional<std::string>& output_option,
                              const Environment& environment, bool out_is_terminal);

}  // namespace ktx::cli
