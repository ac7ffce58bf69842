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
};

/// Looks at the receipt, the bundled manifest and a few files. Starts no process, and does not throw for what
/// it finds.
Status runtime_status(const Layout& layout);

/// Whether the runtime can be loaded and has every feature in `needed`.
bool is_ready(const Status& status, const Features& needed);

}  // namespace ktx::runtime
