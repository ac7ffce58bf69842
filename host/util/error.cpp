#include "ktx/util/error.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

#include "ktx/util/access.hpp"

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

Error Error::with(ErrorHints hints) const {
  Error error = *this;
  error.hints_ = std::move(hints);
  return error;
}

namespace {

// What to do about a failed access; empty where that depends on what was wanted.
std::string fix_for(std::string_view path, int errno_value) {
  switch (errno_value) {
    case ENOSPC: return "Free some room on that disk, then try again";
    case EDQUOT: return "Free some of your own room on that disk, or have your quota raised, then try again";
    case EROFS: return "Mount that file system writable, or use a folder on another one";
    case EACCES:
    case EPERM: return access_fix(path);
    case EISDIR: return "That is a folder: move it away, or name a file";
    case ELOOP: return "Links there lead in a circle: remove one of them";
    default: return {};
  }
}

}  // namespace

Error system_error(std::string_view what, std::string_view path, int errno_value) {
  std::string message(what);
  message.append(" ").append(path).append(": ");
  // Not strerror(3), whose buffer threads share.
  message += std::generic_category().message(errno_value);
  return {ErrorKind::io, std::move(message), fix_for(path, errno_value)};
}

}  // namespace ktx
