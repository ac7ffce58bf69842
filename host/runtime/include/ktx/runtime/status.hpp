#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ktx/runtime/layout.hpp"
#include "ktx/runtime/receipt.hpp"

namespace ktx::runtime {

enum class StatusKind {
  missing,     ///< nothing is installed
  ready,       ///< it can be loaded, as far as its files show
  mismatched,  ///< it belongs to another ktx or another wheel
  broken,      ///< its receipt or its files cannot be used
};

/// "missing", "ready", "mismatched", "broken".
std::string_view name(StatusKind kind);

struct Status {
  StatusKind kind = StatusKind::missing;
  std::string detail;              ///< why, in one line
  std::optional<Receipt> receipt;  ///< when there is one that can be read; always when ready
  std::string newer_writer;        ///< mismatched: the ktx that wrote a receipt newer than this one knows
  std::string fix = {};            ///< broken: what helps where an install by this user would not
  bool libpython_moved = false;    ///< ready: libpython is a copy; `receipt` has where it is now
};

/// Looks at the receipt, the bundled manifest and a few files; reads libpython if it may be a copy. Starts no
/// process, writes nothing, and does not throw for what it finds.
Status runtime_status(const Layout& layout);

/// Whether the runtime can be loaded and has every feature in `needed`.
bool is_ready(const Status& status, const Features& needed);

}  // namespace ktx::runtime
