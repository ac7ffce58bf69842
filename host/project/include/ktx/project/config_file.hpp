#pragma once

#include <filesystem>
#include <functional>
#include <string>

namespace ktx::project {

/// Puts what `edit` makes of the text of ktx.yaml in `directory` in the file's place, whole or not at all.
/// Two that edit at once do it one after the other; the file's mode stays, and where it is a symbolic link,
/// the file behind it changes. Nothing is written when `edit` returns the text as it was.
///
/// Throws a `project` error when there is no ktx.yaml, when the result could not be loaded as one, and what
/// `edit` throws; an `io` error when the file cannot be written. It is then as it was.
void edit_config_file(const std::filesystem::path& directory,
                      const std::function<std::string(const std::string& text)>& edit);

/// Makes the folder `.ktx` of a project, for what ktx keeps there on this machine, with a `.gitignore` unless
/// it has one. Throws an `io` error.
std::filesystem::path make_local_folder(const std::filesystem::path& directory);

}  // namespace ktx::project
