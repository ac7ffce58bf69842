#pragma once

#include <CLI/Option.hpp>
#include <string>

#include "completion/candidate.hpp"
#include "completion/parsed_line.hpp"
#include "ktx/util/environment.hpp"

namespace ktx::cli {

/// What may be the value of an option or of an argument, given what else stands on the line. What the option
/// allows comes first, then what its name stands for in a project, then paths where its value is one.
/// `current` is what is typed of it; candidates need not begin with that.
CompletionAnswer option_values(const CLI::Option& option, const ParsedLine& line, const std::string& current,
                               const Environment& environment);

}  // namespace ktx::cli
