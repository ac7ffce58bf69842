#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ktx/runtime/interpreter_health.hpp"
#include "ktx/runtime/layout.hpp"
#include "ktx/util/environment.hpp"
#include "ktx/util/json.hpp"
#include "ktx/util/subprocess.hpp"

namespace ktx::runtime {

/// One finding. The ids and labels are stable.
struct DoctorCheck {
  bool passed = false;
  std::string id;
  std::string label;
  std::string detail;
  std::string fix;  ///< empty when passed
};

struct DoctorReport {
  /// `uv`, `asset`, `runtime`; and with a receipt that can be read `receipt-files`, `libpython`,
  /// `interpreter`.
  std::vector<DoctorCheck> checks;

  /// What the loaded interpreter said of itself, when it answered.
  std::optional<Json> interpreter;

  bool passed() const;
};

/// What the doctor uses of the world around it.
struct DoctorServices {
  const Environment& environment;
  CommandRunner& runner;
  std::function<InterpreterHealth(const Interpreter&)> health;
};

/// Runs every check. What is wrong is in the report; nothing is changed, nothing is thrown for it.
DoctorReport run_doctor(const Layout& layout, const DoctorServices& services);

}  // namespace ktx::runtime
