#pragma once

#include <exception>
#include <string>
#include <string_view>
#include <vector>

namespace ktx {

/// What went wrong, as a closed list. Each kind is described, with its exit code, in docs/errors.md;
/// `id()` is the name it has there.
enum class ErrorKind {
  usage,            ///< the command line cannot be understood
  project,          ///< no project here, or its ktx.yaml is wrong
  model,            ///< the semantic-layer YAML is wrong
  query,            ///< the question cannot be answered from this model
  unsupported,      ///< a right question that this version, or this dialect, cannot answer
  connection,       ///< the connection is missing or not configured for what was asked
  database,         ///< the database refused or failed
  asset,            ///< the wheel or lock shipped with ktx is missing or damaged
  runtime_missing,  ///< the managed runtime is not installed and may not be installed now
  runtime_broken,   ///< the managed runtime is there but cannot be used
  interpreter,      ///< no fit CPython, or it does not load
  uv,               ///< uv is missing, too old or does not answer
  install,          ///< installing the managed runtime failed
  daemon,           ///< the daemon could not be started, stopped or trusted
  busy,             ///< another process holds what this one needs
  io,               ///< a file or directory could not be read or written
  interrupted,      ///< the user asked to stop
  internal,         ///< a defect of ktx
};

/// The kind's stable name, as in docs/errors.md.
std::string_view id(ErrorKind kind);

/// The process's exit code for the kind: 2 for usage, 130 for interrupted, 1 for all others.
int exit_code(ErrorKind kind);

/// What a program needs to mend what it asked, beside the words for people, which say the same.
struct ErrorHints {
  std::vector<std::string> suggestions = {};          ///< what was probably meant, the likeliest first
  std::string place = {};                             ///< "file:line:column" in the project; empty for none
  std::vector<std::vector<std::string>> routes = {};  ///< names of sources; one has to be chosen
  std::string request_path = {};  ///< the part of the request that is wrong, as a JSON pointer: "/measures/0"
};

/// The one exception type of ktx. A library's own exceptions are translated where the library is
/// called; `main` alone catches this.
class Error : public std::exception {
 public:
  /// `message` says what, where and why in one line; `fix` says what to do next and may be empty. `details`
  /// are lines that are shown between the two, such as the last lines that a failed program printed.
  Error(ErrorKind kind, std::string message, std::string fix = {}, std::vector<std::string> details = {});

  /// The same error with hints.
  Error with(ErrorHints hints) const;

  ErrorKind kind() const { return kind_; }
  const std::string& message() const { return message_; }
  const std::string& fix() const { return fix_; }
  const std::vector<std::string>& details() const { return details_; }
  const ErrorHints& hints() const { return hints_; }
  const char* what() const noexcept override { return message_.c_str(); }

 private:
  ErrorKind kind_;
  std::string message_;
  std::string fix_;
  std::vector<std::string> details_;
  ErrorHints hints_;
};

/// An `io` error that ends in the system's own words for `errno_value`:
/// "Cannot read /x/y: Permission denied".
Error system_error(std::string_view what, std::string_view path, int errno_value);

}  // namespace ktx
