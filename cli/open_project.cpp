#include "open_project.hpp"

#include "ktx/project/source_tree.hpp"
#include "ktx/util/spans.hpp"

namespace ktx::cli {

project::Project read_project(const Context& context) {
  const ScopedSpan span("read ktx.yaml");
  const auto directory = project::find_project_directory(context.project_directory, context.environment);
  if (context.debug) context.terminal.err("[debug] projectDir=" + directory.string() + "\n");
  return project::load_project(directory);
}

project::Project open_project(const Context& context) {
  project::Project project = read_project(context);
  report_findings(context.terminal, project.config.findings);
  return project;
}

std::vector<std::string> connections_meant(const project::Project& project,
                                           const std::optional<std::string>& requested) {
  if (!requested) return project::connections_with_sources(project.directory);
  const bool known = project.config.find_connection(*requested) != nullptr;
  if (!known && !project::has_source_directory(project.directory, *requested)) {
    throw project::unknown_connection(project.config, *requested);
  }
  return {*requested};
}

bool report_findings(const Terminal& terminal, const std::vector<project::Diagnostic>& findings) {
  std::string text;
  for (const project::Diagnostic& finding : findings) {
    const std::string_view severity = project::name(finding.severity);
    std::string lines = project::render(finding);
    // "file:line:column: error: …"; a name of a file may hold the word, but not between these.
    const std::size_t place = lines.find(": " + std::string(severity) + ": ");
    if (place != std::string::npos) {
      lines.replace(place + 2, severity.size(), terminal.err_style().severity(severity));
    }
    text += lines;
  }
  terminal.err(text);
  return !project::has_errors(findings);
}

}  // namespace ktx::cli
