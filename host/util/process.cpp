#include "ktx/util/process.hpp"

#include <elf.h>
#include <link.h>
#include <malloc.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <span>
#include <sstream>
#include <string>
#include <string_view>

#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"

namespace ktx {
namespace {

// An ELF note: its header (three 32-bit numbers), a name and a content, each padded to `alignment`.
constexpr std::size_t alignment = 4;  // of a note's parts

std::size_t padded(std::size_t size) { return (size + alignment - 1) / alignment * alignment; }

std::string hexadecimal(std::span<const unsigned char> bytes) {
  constexpr const char* digits = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : bytes) {
    text += digits[byte >> 4U];
    text += digits[byte & 0xFU];
  }
  return text;
}

std::string find_in_notes(std::span<const unsigned char> notes) {
  ElfW(Nhdr) header;
  while (notes.size() >= sizeof header) {
    std::memcpy(&header, notes.data(), sizeof header);
    const std::size_t content = sizeof header + padded(header.n_namesz);
    const std::size_t end = content + padded(header.n_descsz);
    if (end > notes.size()) break;
    const bool is_gnu =
        header.n_namesz == sizeof ELF_NOTE_GNU &&
        std::memcmp(notes.subspan(sizeof header).data(), ELF_NOTE_GNU, sizeof ELF_NOTE_GNU) == 0;
    if (is_gnu && header.n_type == NT_GNU_BUILD_ID) {
      return hexadecimal(notes.subspan(content, header.n_descsz));
    }
    notes = notes.subspan(end);
  }
  return {};
}

// Looks at the first object only: dl_iterate_phdr begins with the program itself.
int find_in_object(dl_phdr_info* object, std::size_t, void* found) {
  const std::span segments(object->dlpi_phdr, object->dlpi_phnum);
  for (const auto& segment : segments) {
    // Not by the segment's own alignment: mold puts notes of four and of eight bytes into one of eight. Four
    // reads them all, for those of eight have sizes that need no more padding.
    if (segment.p_type != PT_NOTE) continue;
    // The loader gives addresses as numbers.
    // NOLINTNEXTLINE(performance-no-int-to-ptr)
    const auto* begin = reinterpret_cast<const unsigned char*>(object->dlpi_addr + segment.p_vaddr);
    *static_cast<std::string*>(found) = find_in_notes({begin, segment.p_memsz});
    if (!static_cast<std::string*>(found)->empty()) break;
  }
  // Anything but 0 ends the iteration.
  return 1;
}

}  // namespace

std::string build_id() {
  std::string id;
  ::dl_iterate_phdr(find_in_object, &id);
  return id;
}

namespace {

constexpr const char* boot_id_file = "/proc/sys/kernel/random/boot_id";

std::string without_line_break(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

std::string current_pid_namespace() {
  std::error_code failure;
  const auto target = std::filesystem::read_symlink("/proc/self/ns/pid", failure);
  if (failure) throw system_error("Cannot read", "/proc/self/ns/pid", failure.value());
  return target.string();
}

std::optional<std::uint64_t> start_time_of_pid(pid_t pid) {
  try {
    const auto stat = read_file_if_exists("/proc/" + std::to_string(pid) + "/stat");
    return stat ? start_time_of(*stat) : std::nullopt;
  } catch (const Error&) {
    return std::nullopt;  // the process ended meanwhile
  }
}

bool is_readable_within(int descriptor, int milliseconds) {
  pollfd watched{.fd = descriptor, .events = POLLIN, .revents = 0};
  int count = 0;
  do {
    count = ::poll(&watched, 1, milliseconds);
  } while (count < 0 && errno == EINTR);
  return count > 0;
}

}  // namespace

std::optional<std::uint64_t> start_time_of(const std::string& stat) {
  // "pid (name) state …": the name may hold blanks and parentheses, so the last one counts.
  const auto name_end = stat.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream fields(stat.substr(name_end + 1));
  // From the state, which follows the name, to the field before the start time.
  constexpr int fields_before = 19;
  std::string skipped;
  for (int i = 0; i < fields_before; ++i) fields >> skipped;
  std::uint64_t start_time = 0;
  return fields >> start_time ? std::optional(start_time) : std::nullopt;
}

ProcessIdentity own_identity() {
  const pid_t pid = ::getpid();
  const auto start_time = start_time_of_pid(pid);
  if (!start_time) throw system_error("Cannot read", "/proc/self/stat", ENOENT);
  return {pid, *start_time, without_line_break(read_file(boot_id_file)), current_pid_namespace()};
}

std::optional<Process> Process::find(const ProcessIdentity& identity) {
  const ProcessIdentity own = own_identity();
  if (identity.boot_id != own.boot_id || identity.pid_namespace != own.pid_namespace || identity.pid <= 0) {
    return std::nullopt;
  }
  // The descriptor first: from then on the pid cannot be given to another process unnoticed. By syscall,
  // because older C libraries have no wrapper.
  FileDescriptor descriptor(static_cast<int>(::syscall(SYS_pidfd_open, identity.pid, 0)));
  if (!descriptor || start_time_of_pid(identity.pid) != identity.start_time) return std::nullopt;
  // A pidfd becomes readable when its process has ended, even before its parent has waited for it.
  if (is_readable_within(descriptor.value(), 0)) return std::nullopt;
  return Process(std::move(descriptor));
}

void Process::signal(int number) const {
  const long result = ::syscall(SYS_pidfd_send_signal, descriptor_.value(), number, nullptr, 0);
  if (result != 0 && errno != ESRCH) throw system_error("Cannot signal", "the process", errno);
}

bool Process::wait_for_end(std::chrono::milliseconds limit) const {
  return is_readable_within(descriptor_.value(), static_cast<int>(limit.count()));
}

void use_one_heap() {
#ifdef M_ARENA_MAX  // glibc's; musl has one heap anyway
  constexpr int step = 1 << 20;
  ::mallopt(M_ARENA_MAX, 1);
  ::mallopt(M_TOP_PAD, step);
#endif
}

std::optional<double> peak_memory_mib() {
  // Not getrusage: its maximum includes the parent's, whose memory this process had between fork and execve.
  std::istringstream status(read_file_if_exists("/proc/self/status").value_or(""));
  constexpr std::string_view key = "VmHWM:";
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(key)) return std::stod(line.substr(key.size())) / 1024;
  }
  return std::nullopt;
}

std::chrono::nanoseconds processor_time() {
  timespec used{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

}  // namespace ktx
