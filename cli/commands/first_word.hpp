#pragma once

#include <CLI/App.hpp>
#include <cstddef>
#include <string>
#include <vector>

namespace ktx::cli {

/// The option that an argument names, `--name` or `--name=value`; null pointer when none of the commands has
/// it.
const CLI::Option* option_of(const std::string& argument, const std::vector<const CLI::App*>& commands);

/// The place of the first argument from `begin` on that is neither an option of the commands nor the value of
/// one; the number of arguments when there is none.
std::size_t first_word(const std::vector<std::string>& arguments, std::size_t begin,
                       const std::vector<const CLI::App*>& commands);

}  // namespace ktx::cli
