#pragma once

#include <functional>
#include <string>

#include "ktx/runtime/feature.hpp"
#include "ktx/runtime/file_system.hpp"
#include "ktx/runtime/layout.hpp"

namespace ktx::runtime {

/// Checks, before anything is made, that a runtime with `features` can be installed and run where its root
/// is: a folder, on a file system that is not mounted read-only or noexec, writable, with room and with
/// inodes. Throws an `install` error that names the folder and what to do. `notice` is told when it is a
/// network file system.
void check_place(const Layout& layout, const Features& features,
                 const std::function<void(const std::string&)>& notice,
                 const FileSystemProbe& probe = file_system_facts);

/// Creates a directory and those above it. Throws an `install` error that names it.
void make_directories(const std::filesystem::path& directory);

}  // namespace ktx::runtime
