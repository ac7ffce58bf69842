#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ktx/check/health.hpp"
#include "ktx/runtime/inventory.hpp"
#include "ktx/runtime/layout.hpp"
#include "ktx/runtime/status.hpp"

namespace ktx::runtime {

/// One thing that is not as it was shipped or installed.
struct Difference {
  std::string subject;   ///< stable: `asset`, `runtime`, `file`, `link`, `interpreter`, `embeddings`
  std::string detail;    ///< one line, with the path
  std::string fix = {};  ///< what helps where a repair does not
};

/// The result of comparing a runtime with everything that is known about it.
struct Verification {
  Status status;
  std::size_t files = 0;  ///< how many installed files were compared
  std::vector<Difference> differences;

  bool intact() const { return status.kind == StatusKind::ready && differences.empty(); }
};

/// Compares the shipped files with their manifest, the receipt with this ktx, and every file of the
/// environment with its inventory; then starts the interpreter in another process by `health`, and tries the
/// model by `embeddings` if it is installed. Changes nothing, and throws only `interrupted`.
Verification verify_runtime(const Layout& layout,
                            const std::function<InterpreterHealth(const Interpreter&)>& health,
                            const EmbeddingsCheck& embeddings = {});

}  // namespace ktx::runtime
