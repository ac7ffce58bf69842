#pragma once

#include <CLI/App.hpp>
#include <cstddef>
#include <string>
#include <vector>

namespace ktx::cli {

/// The option that an argument names, as `--name` or `--name=value`; nullptr if none of the commands has it.
const CLI::Option* option_of(const std::string& argument, const std::vector<const CLI::App*>& commands);

/// The index of the first argument, from `begin` on, that is neither an option of the commands nor the value
/// of one. Returns the number of arguments if there is none.
std::size_t first_word(const std::vector<std::string>& arguments, std::size_t begin,
                       const std::vector<const CLI::App*>& commands);

/// The subcommand that the word is close to, as "query" to "qurey"; empty if there is none.
std::string nearly(const CLI::App& group, const std::string& word);

/// Expands what `ktx sl` lets users leave out: `ktx sl` means `ktx sl list`, and `ktx sl paid orders` means
/// `ktx sl search paid orders`. `arguments` lacks the name of the program. Throws a `usage` error if the
/// first word is close to a subcommand and an option follows that a search does not have: it was probably
/// mistyped. Other arguments are returned unchanged.
std::vector<std::string> written_out(const CLI::App& app, std::vector<std::string> arguments);

}  // namespace ktx::cli
