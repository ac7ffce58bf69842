#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <string>

#include "fault_injection.hpp"
#include "ktx/install/install.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/subprocess.hpp"
#include "runtime_fixture.hpp"

namespace ktx::test {

/// uv and Python as functions of this process, so that an install takes milliseconds and its every call is
/// seen. Where calls fail, a real process that does nothing is started for each command too.
class FakeTools : public CommandRunner {
 public:
  explicit FakeTools(std::filesystem::path base_prefix) : base_prefix_(std::move(base_prefix)) {}

  /// A call that fails in a tool makes the tool fail.
  CommandResult run(const Command& command) override;

 private:
  CommandResult answer(const Command& command) const;

  std::filesystem::path base_prefix_;
};

/// What came of an action with a fault in it.
struct Attempt {
  std::string failed;          ///< see `FaultInjection::failed`
  bool has_succeeded = false;  ///< in spite of the fault
  std::string complaint;       ///< what is wrong with the error that it ended in; empty when nothing is
};

/// A packaged ktx, and tools with which it can install.
class FaultsFixture : public RuntimeFixture {
 public:
  FaultsFixture();

  /// Installs, or installs once more. Throws what `runtime::install` throws.
  void install(bool force = false);

  static Attempt attempt(const Fault& fault, const std::function<void()>& action);

  /// Whether the status is ready and the environment of the receipt is complete.
  bool works() const;

  std::string status() const;  ///< "ready: …"

  /// What is below the root beside a settled runtime: one path a line.
  std::string leftovers() const;

  /// That the next command finds what it needs, whatever happened before, and the next install tidies up.
  void expect_recovery();

 private:
  std::filesystem::path base_prefix_ = directory / "base";
  FakeTools tools_{base_prefix_};
};

}  // namespace ktx::test
