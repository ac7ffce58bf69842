#include "open_project.hpp"

namespace ktx::cli {

project::Project open_project(const Context& context) {
  const auto directory = project::find_project_directory(context.project_directory, context.environment);
  if (context.debug) context.terminal.err("[debug] projectDir=" + directory.string() + "\n");
  project::Project project = project::load_project(directory);
  report_findings(context.terminal, project.config.findings);
  return project;
}

bool report_findings(const Terminal& terminal, const std::vector<project::Diagnostic>& findings) {
  std::string text;
  for (const project::Diagnostic& finding : findings) text += project::render(finding);
  terminal.err(text);
  return !project::has_errors(findings);
}

}  // namespace ktx::cli
