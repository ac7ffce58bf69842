#pragma once

#include "context.hpp"
#include "ktx/project/project.hpp"

namespace ktx::cli {

/// Finds and reads the project that the command is about. What is odd in ktx.yaml goes to stderr, as does
/// the folder under --debug.
project::Project open_project(const Context& context);

/// Writes every finding to stderr. Returns whether there was no error among them.
bool report_findings(const Terminal& terminal, const std::vector<project::Diagnostic>& findings);

}  // namespace ktx::cli
