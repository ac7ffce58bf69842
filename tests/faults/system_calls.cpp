// The C library's functions by which ktx changes the world, defined once more: the program's own definition
// is the one that every library it is linked with calls, libstdc++ and its std::filesystem included. Each
// asks whether it shall fail, and otherwise calls the C library's.

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>

#include "fault_injection.hpp"

#define KTX_REPLACES extern "C" __attribute__((visibility("default")))

namespace {

/// The definition that this program's hides.
template <typename Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

/// Looking at files changes nothing.
bool is_change(int flags) { return (flags & (O_CREAT | O_TRUNC)) != 0 || (flags & O_ACCMODE) != O_RDONLY; }

bool open_fails(const char* name, const char* path, int flags) {
  return is_change(flags) && ktx::test::call_fails(name, path);
}

mode_t mode_argument(int flags, va_list& arguments) {
  return (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;
}

using Open = int(const char*, int, ...);
using OpenAt = int(int, const char*, int, ...);

int exec_error = 0;

}  // namespace

using ktx::test::call_fails;

KTX_REPLACES int open(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_argument(flags, arguments);
  va_end(arguments);
  return open_fails("open", path, flags) ? -1 : next<Open>("open")(path, flags, mode);
}

KTX_REPLACES int open64(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_argument(flags, arguments);
  va_end(arguments);
  return open_fails("open", path, flags) ? -1 : next<Open>("open64")(path, flags, mode);
}

KTX_REPLACES int openat(int directory, const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_argument(flags, arguments);
  va_end(arguments);
  return open_fails("openat", path, flags) ? -1 : next<OpenAt>("openat")(directory, path, flags, mode);
}

KTX_REPLACES FILE* fopen64(const char* path, const char* mode) {
  if (mode[0] != 'r' && call_fails("open", path)) return nullptr;
  return next<FILE*(const char*, const char*)>("fopen64")(path, mode);
}

KTX_REPLACES int mkostemp(char* name, int flags) {
  return call_fails("mkostemp", name) ? -1 : next<int(char*, int)>("mkostemp")(name, flags);
}

KTX_REPLACES ssize_t write(int file, const void* bytes, size_t size) {
  if (call_fails("write", "")) return -1;
  return next<ssize_t(int, const void*, size_t)>("write")(file, bytes, size);
}

KTX_REPLACES ssize_t writev(int file, const iovec* parts, int count) {
  if (call_fails("write", "")) return -1;
  return next<ssize_t(int, const iovec*, int)>("writev")(file, parts, count);
}

KTX_REPLACES ssize_t pwrite(int file, const void* bytes, size_t size, off_t offset) {
  if (call_fails("pwrite", "")) return -1;
  return next<ssize_t(int, const void*, size_t, off_t)>("pwrite")(file, bytes, size, offset);
}

KTX_REPLACES ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t offset) {
  if (call_fails("pwrite", "")) return -1;
  return next<ssize_t(int, const void*, size_t, off64_t)>("pwrite64")(file, bytes, size, offset);
}

// That bytes outlive a power cut is not what is looked at here, and waiting for a disk takes long.
KTX_REPLACES int fsync(int /*file*/) { return call_fails("fsync", "") ? -1 : 0; }

KTX_REPLACES int fdatasync(int /*file*/) { return call_fails("fsync", "") ? -1 : 0; }

KTX_REPLACES int ftruncate64(int file, off64_t size) noexcept {
  return call_fails("ftruncate", "") ? -1 : next<int(int, off64_t)>("ftruncate64")(file, size);
}

KTX_REPLACES int ftruncate(int file, off_t size) noexcept {
  return call_fails("ftruncate", "") ? -1 : next<int(int, off_t)>("ftruncate")(file, size);
}

KTX_REPLACES int flock(int file, int operation) noexcept {
  return call_fails("flock", "") ? -1 : next<int(int, int)>("flock")(file, operation);
}

KTX_REPLACES int chmod(const char* path, mode_t mode) noexcept {
  return call_fails("chmod", path) ? -1 : next<int(const char*, mode_t)>("chmod")(path, mode);
}

KTX_REPLACES int fchmod(int file, mode_t mode) noexcept {
  return call_fails("fchmod", "") ? -1 : next<int(int, mode_t)>("fchmod")(file, mode);
}

KTX_REPLACES int fchmodat(int directory, const char* path, mode_t mode, int flags) noexcept {
  if (call_fails("chmod", path)) return -1;
  return next<int(int, const char*, mode_t, int)>("fchmodat")(directory, path, mode, flags);
}

KTX_REPLACES int mkdir(const char* path, mode_t mode) noexcept {
  return call_fails("mkdir", path) ? -1 : next<int(const char*, mode_t)>("mkdir")(path, mode);
}

KTX_REPLACES int symlink(const char* target, const char* path) noexcept {
  return call_fails("symlink", path) ? -1 : next<int(const char*, const char*)>("symlink")(target, path);
}

KTX_REPLACES int link(const char* from, const char* path) noexcept {
  return call_fails("link", path) ? -1 : next<int(const char*, const char*)>("link")(from, path);
}

KTX_REPLACES int rename(const char* from, const char* to) noexcept {
  return call_fails("rename", to) ? -1 : next<int(const char*, const char*)>("rename")(from, to);
}

KTX_REPLACES int renameat(int from_directory, const char* from, int to_directory, const char* to) noexcept {
  if (call_fails("rename", to)) return -1;
  return next<int(int, const char*, int, const char*)>("renameat")(from_directory, from, to_directory, to);
}

KTX_REPLACES int unlink(const char* path) noexcept {
  return call_fails("unlink", path) ? -1 : next<int(const char*)>("unlink")(path);
}

KTX_REPLACES int unlinkat(int directory, const char* path, int flags) noexcept {
  if (call_fails("unlinkat", path)) return -1;
  return next<int(int, const char*, int)>("unlinkat")(directory, path, flags);
}

KTX_REPLACES int remove(const char* path) noexcept {
  return call_fails("remove", path) ? -1 : next<int(const char*)>("remove")(path);
}

KTX_REPLACES int pipe2(int* ends, int flags) noexcept {
  return call_fails("pipe2", "") ? -1 : next<int(int*, int)>("pipe2")(ends, flags);
}

KTX_REPLACES int socketpair(int domain, int type, int protocol, int* ends) noexcept {
  if (call_fails("socketpair", "")) return -1;
  return next<int(int, int, int, int*)>("socketpair")(domain, type, protocol, ends);
}

/// The child's part is not counted, for its calls and the parent's come in any order: whether its program can
/// be run is asked here.
KTX_REPLACES pid_t fork() noexcept {
  if (call_fails("fork", "")) return -1;
  exec_error = call_fails("execve", "") ? errno : 0;
  const pid_t child = next<pid_t()>("fork")();
  if (child == 0) ktx::test::FaultInjection::leave_process();
  return child;
}

KTX_REPLACES int execve(const char* path, char* const argv[], char* const envp[]) noexcept {
  if (exec_error == 0) return next<decltype(::execve)>("execve")(path, argv, envp);
  errno = exec_error;
  return -1;
}

/// Only what opens a descriptor of a process; the C++ library waits by others.
KTX_REPLACES long syscall(long number, ...) noexcept {
  va_list arguments;
  va_start(arguments, number);
  long values[6];
  for (long& value : values) value = va_arg(arguments, long);
  va_end(arguments);
  if (number == SYS_pidfd_open && call_fails("pidfd_open", "")) return -1;
  return next<long(long, ...)>("syscall")(number, values[0], values[1], values[2], values[3], values[4],
                                          values[5]);
}

/// Never fails, and never finds too little room: how much memory there is shall not decide.
KTX_REPLACES int statvfs(const char* path, struct statvfs* status) noexcept {
  const int result = next<int(const char*, struct statvfs*)>("statvfs")(path, status);
  status->f_bavail = status->f_blocks = 1UL << 40U;
  return result;
}
