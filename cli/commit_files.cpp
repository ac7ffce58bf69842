#include "commit_files.hpp"

#include "ktx/project/repository.hpp"
#include "ktx/util/spans.hpp"
#include "ktx/util/subprocess.hpp"

namespace ktx::cli {

void commit_files(const Context& context, const project::Project& project,
                  const std::vector<std::string>& paths, const std::string& message) {
  const ScopedSpan span("commit");
  ProcessRunner runner;
  const project::GitOutcome outcome = project::commit_files(project.directory, project.config.storage, paths,
                                                            message, context.environment, runner);
  if (!outcome.note.empty()) context.terminal.err(outcome.note + "\n");
}

}  // namespace ktx::cli
