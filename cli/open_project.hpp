#pragma once

#include <optional>
#include <string>
#include <vector>

#include "context.hpp"
#include "ktx/project/project.hpp"

namespace ktx::cli {

/// Finds and reads the project that the command is about. Under --debug its folder goes to stderr.
project::Project read_project(const Context& context);

/// The same; what is odd in ktx.yaml goes to stderr too.
project::Project open_project(const Context& context);

/// The connections whose sources a command is about: the requested one, which need only have a folder of
/// sources, else all that have one, sorted. Throws a `connection` error when the requested one is unknown.
std::vector<std::string> connections_meant(const project::Project& project,
                                           const std::optional<std::string>& requested);

/// Writes every finding to stderr. Returns whether there was no error among them.
bool report_findings(const Terminal& terminal, const std::vector<project::Diagnostic>& findings);

}  // namespace ktx::cli
