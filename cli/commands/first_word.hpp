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

/// The arguments, without the program's name, with what `ktx sl` leaves out written out: `ktx sl` is `ktx sl
/// list`, and `ktx sl paid orders` is `ktx sl search paid orders`. A first word that is nearly a sub-command
/// is taken for a slip when an option follows that a search does not have: then a usage error asks what was
/// meant. Everything else stays as it is.
std::vector<std::string> written_out(const CLI::App& app, std::vector<std::string> arguments);

}  // namespace ktx::cli
