#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ktx/project/project.hpp"
#include "ktx/project/source_file.hpp"
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

}  // namespace ktx::app
