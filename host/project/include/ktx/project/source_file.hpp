#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ktx/project/diagnostic.hpp"
#include "ktx/project/source_tree.hpp"
#include "ktx/util/json.hpp"

namespace ktx::project {

/// Whether `name` can name a source's file: lower-case letters, digits and '_', not beginning with '_'.
bool is_source_name(std::string_view name);

/// "semantic-layer/shop/orders.yaml", relative to the project: where `ktx sl write` puts a source.
std::string source_path(const std::string& connection_id, const std::string& name);

/// What stands in the file of the source, byte for byte: the one of its name, else the one that declares it.
/// std::nullopt if it is declared in a manifest only, or not at all. `tree` is of that connection. Throws an
/// `io` error when the file cannot be read.
std::optional<std::string> read_source_text(const std::filesystem::path& project_directory,
                                            const std::string& connection_id, const std::string& name,
                                            const SourceTree& tree);

/// What is wrong with a text that is to become the file of a source.
struct SourceTextCheck {
  std::vector<Diagnostic> faults;   ///< for which it must not be written
  std::vector<Diagnostic> remarks;  ///< what is wrong with the source only together with other files
};

/// Judges `text` as the file of the source `name`, among the other files of the connection, as they would be
/// loaded then. Faults are errors of the text itself, another name in it, a second declaration of the source
/// in another file, and an overlay without a base. Where joins lead is a remark: the other end may be written
/// next. Places are in the text, under the name that the file will have.
SourceTextCheck check_source_text(const std::filesystem::path& project_directory,
                                  const std::string& connection_id, const std::string& name,
                                  const std::string& text);

/// Writes the text, which ends in a line break then, as the source's file: whole or not at all, with the
/// folders that it needs. A link is followed, and the file keeps its mode. Throws `io`.
void write_source_text(const std::filesystem::path& project_directory, const std::string& connection_id,
                       const std::string& name, std::string text);

/// The text of a source's file; `definition` is its mapping. Throws a `project` error when it is nested too
/// deeply.
std::string source_yaml(const Json& definition);

/// The name of the file for a source: its own name with what a file's name should not have as "_", and
/// ".yaml".
std::string source_file_name(const std::string& source);

}  // namespace ktx::project
