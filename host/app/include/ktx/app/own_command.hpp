#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "ktx/util/environment.hpp"

namespace ktx::app {

/// The words by which this ktx can be started again in a shell in `folder`: "ktx" if that is on the user's
/// PATH; "npx ktx", "yarn ktx" and the like in a project of Node.js; "uvx --from kaelio-ktx-cli ktx" and the
/// like where a package manager of Python started it for once; else the path of its launcher. A program that
/// no launcher started is "ktx". Made of what launchers leave in KTX_LAUNCHER and of what package managers
/// leave in the environment; looks at a few files, starts nothing. Has no character that JSON escapes.
std::string own_command(const Environment& environment, const std::filesystem::path& folder);

/// `text` with `command` in the place of the word "ktx" in each command line of ktx, such as "ktx sl list".
/// Other uses of the word stay, as do command lines that begin with `command` already.
std::string with_own_command(std::string text, std::string_view command);

}  // namespace ktx::app
