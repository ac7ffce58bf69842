#include "ktx/util/error.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

namespace ktx {

std::string_view id(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::usage: return "usage";
    case ErrorKind::project: return "project";
    case ErrorKind::model: return "model";
    case ErrorKind::query: return "query";
    case ErrorKind::unsupported: return "unsupported";
    case ErrorKind::connection: return "connection";
    case ErrorKind::database: return "database";
    case ErrorKind::asset: return "asset";
    case ErrorKind::runtime_missing: return "runtime-missing";
    case ErrorKind::runtime_broken: return "runtime-broken";
    case ErrorKind::interpreter: return "interpreter";
    case ErrorKind::uv: return "uv";
    case ErrorKind::install: return "install";
    case ErrorKind::daemon: return "daemon";
    case ErrorKind::busy: return "busy";
    case ErrorKind::io: return "io";
    case ErrorKind::interrupted: return "interrupted";
    case ErrorKind::internal: return "internal";
  }
  return "internal";
}

int exit_code(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::usage: return 2;
    case ErrorKind::interrupted: return 130;
    default: return 1;
  }
}

Error::Error(ErrorKind kind, std::string message, std::string fix, std::vector<std::string> details)
    : kind_(kind), message_(std::move(message)), fix_(std::move(fix)), details_(std::move(details)) {}

namespace {

// What to do if the disk takes no more; empty for every other reason.
std::string disk_fix(int errno_value) {
  switch (errno_value) {
    case ENOSPC: return "Free some room on that disk, then try again";
    case EDQUOT: return "Free some of your own room on that disk, or have your quota raised, then try again";
    case EROFS: return "Mount that file system writable, or use a folder on another one";
    default: return {};
  }
}

}  // namespace

Error system_error(std::string_view what, std::string_view path, int errno_value) {
  std::string message(what);
  message.append(" ").append(path).append(": ");
  // Not strerror(3), whose buffer threads share.
  message += std::generic_category().message(errno_value);
  return {ErrorKind::io, std::move(message), disk_fix(errno_value)};
}

}  // namespace ktx
