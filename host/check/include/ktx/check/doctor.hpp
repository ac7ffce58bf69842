#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ktx/check/health.hpp"
#include "ktx/runtime/layout.hpp"
#include "ktx/util/environment.hpp"
#include "ktx/util/json.hpp"
#include "ktx/util/subprocess.hpp"

namespace ktx::runtime {

enum class CheckStatus {
  pass,
  warn,  ///< works, but needs attention
  fail,
};

/// "pass", "warn", "fail".
std::string_view name(CheckStatus status);

/// One finding. The ids and labels are stable.
struct DoctorCheck {
  CheckStatus status = CheckStatus::fail;
  std::string id;
  std::string label;
  std::string detail;
  std::string fix;  ///< empty when passed
};

struct DoctorReport {
  /// `uv`, `asset`, `runtime`; with something installed `receipt`; with a receipt that can be read
  /// `version`, `python`, `daemon`, `receipt-files`, `libpython`, `interpreter`; with local embeddings
  /// installed `embeddings`; and as warnings, where there is cause, `permissions`, `leftovers`,
  /// `file-system`, `environment`.
  std::vector<DoctorCheck> checks;

  /// The loaded interpreter's own report, if it answered.
  std::optional<Json> interpreter;

  /// Whether nothing fails; warnings do not count.
  bool passed() const;
};

/// What the doctor uses of the world around it.
struct DoctorServices {
  const Environment& environment;
  CommandRunner& runner;
  std::function<InterpreterHealth(const Interpreter&)> health;
  EmbeddingsCheck embeddings = {};
};

/// Runs every check. Faults are in the report, not thrown; nothing is changed.
DoctorReport run_doctor(const Layout& layout, const DoctorServices& services);

}  // namespace ktx::runtime
