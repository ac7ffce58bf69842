#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ktx/project/source_tree.hpp"
#include "ktx/util/finding.hpp"
#include "ktx/util/json.hpp"

namespace ktx::project {

/// Whether `name` can name a source's file: lower-case letters, digits and '_', not beginning with '_'.
bool is_source_name(std::string_view name);

/// "semantic-layer/shop/orders.yaml", relative to the project: where `ktx sl write` puts a source.
std::string source_path(const std::string& connection_id, const std::string& name);

/// The text of the source's file, byte for byte: the file of its name, else the file that declares it.
/// std::nullopt if the source is declared only in a manifest, or not at all. `tree` is that of the
/// connection. Throws an `io` error if the file cannot be read.
std::optional<std::string> read_source_text(const std::filesystem::path& project_directory,
                                            const std::string& connection_id, const std::string& name,
                                            const SourceTree& tree);

/// What is wrong with a text that is to become the file of a source.
struct SourceTextCheck {
  std::vector<Finding> faults;   ///< with any of these, it must not be written
  std::vector<Finding> remarks;  ///< what is wrong only together with other files
};

/// Checks `text` as the file of the source `name`, as it would be loaded with the other files of the
/// connection. Faults are errors of the text itself, another name in it, a second declaration of the source
/// in another file, and an overlay without a base. A join to an unknown source is a remark: that source may
/// be written next. Places are in the text, under the name that the file will have.
SourceTextCheck check_source_text(const std::filesystem::path& project_directory,
                                  const std::string& connection_id, const std::string& name,
                                  const std::string& text);

/// The connection's sources as they would be with `text` as the file of the source `name`, or, without a
/// text, without that file. Throws an `io` error if a folder cannot be listed.
SourceTree source_tree_with(const std::filesystem::path& project_directory, const std::string& connection_id,
                            const std::string& name, const std::optional<std::string>& text);

/// Writes the text, with a final line break, as the source's file: whole or not at all, with the folders that
/// it needs. A symbolic link is followed, and the file keeps its mode. Throws `io`.
void write_source_text(const std::filesystem::path& project_directory, const std::string& connection_id,
                       const std::string& name, std::string text);

/// The text of a source's file; `definition` is its mapping. Throws a `project` error if it is nested too
/// deeply.
std::string source_yaml(const Json& definition);

/// The name of a source's file: the source's name, with "_" for each character that does not belong into file
/// names, and ".yaml".
std::string source_file_name(const std::string& source);

}  // namespace ktx::project
