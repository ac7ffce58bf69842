#pragma once

#include <pybind11/pybind11.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "ktx/plugin/plugin_abi.h"
#include "ktx/util/json.hpp"

namespace ktx::bindings {

/// The reply of ktx_daemon.dispatch.dispatch(operation, request), or an error reply (see EntryPoint).
std::string dispatch(std::string_view operation, std::string_view request);

/// Imports what `operation` needs, without calling it. Replies {"ok": {}}, or with the error of the import.
std::string prepare(std::string_view operation);

/// The same as `dispatch`, as a piece of work that `interrupt` can end. If `is_cancelled` says so when
/// `interrupt` would reach it, it ends at once.
std::string dispatch_as(std::uint64_t number, const std::function<bool()>& is_cancelled,
                        std::string_view operation, std::string_view request);

/// Ends the piece of work of that number, if it runs.
void interrupt(std::uint64_t number);

/// From here on, an operation that waits for a database is interrupted once a file descriptor becomes
/// readable. `descriptor` is its number in decimal digits.
std::string watch_interrupts(std::string_view descriptor);

/// How long importing ktx_daemon.dispatch took, in milliseconds; std::nullopt until it has been imported.
std::optional<double> import_milliseconds();

/// What an `ErrorKind::interpreter` is called in a reply.
inline constexpr std::string_view interpreter_kind = "interpreter";

/// {"error": {"kind", "message", "fix"}}, without `fix` when it is empty.
std::string error_reply(std::string_view kind, std::string_view message, std::string_view fix = {});

/// {"error": error}.
std::string error_reply(const Json& error);

/// Hands `json` to the program, which returns it through `release`.
void give(std::string json, ktx_reply* reply) noexcept;

/// Hands out a constant error reply, which needs no memory of its own.
void give_out_of_memory(ktx_reply* reply) noexcept;

/// Frees what `give` handed out and empties the reply, so that a second release does no harm.
void release(ktx_reply* reply) noexcept;

/// A function of the installed packages that answers with bytes. It is imported when it is first called
/// and kept for the life of the process, because Python is never finalised.
class EntryPoint {
 public:
  constexpr EntryPoint(const char* module, const char* function) : module_(module), name_(function) {}

  /// Returns the function's bytes unchanged. An exception becomes an error reply; one from the import is of
  /// kind "interpreter", because then the installed packages are missing or damaged.
  std::string call(const pybind11::tuple& arguments);

  /// How long the import took, in milliseconds; std::nullopt until it has been imported.
  std::optional<double> import_milliseconds() const { return import_time_; }

 private:
  void import();
  std::string import_failure(const pybind11::error_already_set& error) const;
  std::string call_imported(const pybind11::tuple& arguments) const;

  const char* module_;
  const char* name_;
  PyObject* function_ = nullptr;
  std::optional<double> import_time_;
};

}  // namespace ktx::bindings
