#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "ktx/util/filesystem.hpp"

namespace ktx {

/// Identifies this build of the program: the linker's build id, in hexadecimal. Empty if the linker wrote
/// none.
std::string build_id();

/// Identifies one process. A pid alone does not: pids are reused, also after a restart of the machine, and
/// the same pid means another process in another container.
struct ProcessIdentity {
  pid_t pid = 0;
  std::uint64_t start_time = 0;  ///< clock ticks since the system was started, as /proc/<pid>/stat has it
  std::string boot_id;           ///< of the system's start
  std::string pid_namespace;     ///< "pid:[4026531836]"

  bool operator==(const ProcessIdentity&) const = default;
};

/// This process. Throws an `io` error where there is no /proc.
ProcessIdentity own_identity();

/// The start time in the text of a /proc/<pid>/stat; std::nullopt if the text is something else. The process
/// name in it may hold blanks and parentheses.
std::optional<std::uint64_t> start_time_of(const std::string& stat);

/// Exactly one process, held by a pidfd: signals reach no other process, even if its pid is reused.
class Process {
 public:
  /// The process; std::nullopt if it has ended, waited for or not, or is not the one that `identity`
  /// describes.
  static std::optional<Process> find(const ProcessIdentity& identity);

  /// Sends the signal; a process that has ended meanwhile is no error.
  void signal(int number) const;

  /// Whether it ends within the time.
  bool wait_for_end(std::chrono::milliseconds limit) const;

 private:
  explicit Process(FileDescriptor descriptor) : descriptor_(std::move(descriptor)) {}
  FileDescriptor descriptor_;
};

/// Lets all threads allocate from one heap, which grows in large steps. For a server that answers on many
/// threads: the C library gives each its own heap otherwise, and that grows by a page a system call.
void use_one_heap();

/// The high-water mark of this program's own memory. std::nullopt where the kernel does not tell.
std::optional<double> peak_memory_mib();

/// The processor time that this process has used, all threads together, the start of the program included.
std::chrono::nanoseconds processor_time();

}  // namespace ktx
