#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

namespace ktx::cli {

/// The arguments, without the program's name, with what `ktx sl` leaves out written out: `ktx sl` is `ktx sl
/// list`, and `ktx sl paid orders` is `ktx sl search paid orders`. A first word that is nearly a sub-command
/// is taken for a slip when an option follows that a search does not have: then a usage error asks what was
/// meant. Everything else stays as it is.
std::vector<std::string> written_out(const CLI::App& app, std::vector<std::string> arguments);

}  // namespace ktx::cli
