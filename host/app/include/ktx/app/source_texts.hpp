#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ktx/project/project.hpp"
#include "ktx/project/source_file.hpp"
#include "ktx/semantic/transport.hpp"
#include "ktx/util/finding.hpp"

namespace ktx::app {

/// Which source's text is asked for.
struct SourceTextRequest {
  std::string name;
  std::optional<std::string> connection_id;  ///< needed if several connections have a source of that name
  bool composed = false;                     ///< the source as queries see it, not its file
};

/// The text of a source, with its connection.
struct SourceText {
  std::string connection_id;
  std::string text;  ///< its file, or, if it has none of its own or is asked for so, what it is composed to
};

/// Looks for a source in all connections that are meant. Throws a `model` error, with what was probably
/// meant, unless exactly one connection has it, and a `connection` error if the connection is not known.
SourceText find_source_text(const project::Project& project, const SourceTextRequest& request);

/// What became of a text that was to be written as a source's file.
struct SourceWriting {
  project::SourceTextCheck check;
  std::string path;            ///< relative to the project; empty if nothing was written
  std::string commit_message;  ///< for `commit_files`
};

/// Checks the text and writes it as the file of the source `name`; with faults, nothing is written. Throws a
/// `connection` error if the connection is not known, and `io`.
SourceWriting write_source(const project::Project& project, const std::string& connection_id,
                           const std::string& name, const std::string& text);

/// The errors that the model would have, by the planner too, once `text` were the file of the source `name`
/// (or, without a text, that file were gone): those of that source, and those that the others do not have
/// now. Throws what `ModelCheck::ask` throws.
std::vector<Finding> errors_of_writing(const project::Project& project, const std::string& connection_id,
                                       const std::string& name, const std::optional<std::string>& text,
                                       const std::function<semantic::Transport&()>& planner);

/// Removes the file of the source `name`. Returns its path, relative to the project. Throws a `model` error
/// if the source has no file of its own, and `io`.
std::string remove_source(const project::Project& project, const std::string& connection_id,
                          const std::string& name);

}  // namespace ktx::app
