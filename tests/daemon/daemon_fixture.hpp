#pragma once

#include "ktx/daemon/state.hpp"
#include "ktx/runtime/layout.hpp"
#include "temporary_directory.hpp"

namespace ktx::test {

/// A runtime root of its own, and a state that names this process.
class DaemonFixture {
 public:
  DaemonFixture() {
    Environment environment;
    environment.home = root_.path();
    environment.variables["KTX_RUNTIME_ROOT"] = root_.path().string();
    environment.executable = root_ / "package/bin/ktx";
    environment.host = "test";
    layout = runtime::make_layout(environment, "0.1.0");
  }

  static daemon::State state() {
    daemon::State state;
    state.instance = "5f";
    state.process = own_identity();
    state.port = 58731;
    state.token = std::string(64, 'a');
    state.version = "0.1.0";
    state.receipt = "r";
    state.features = {runtime::Feature::core};
    state.started_at = "2026-05-11T00:00:00.000Z";
    state.log = "/l";
    state.output = "/o";
    return state;
  }

  void write(const daemon::State& state) const {
    daemon::make_daemon_directory(layout);
    daemon::write_state(layout, state);
  }

  runtime::Layout layout;

 private:
  TemporaryDirectory root_;
};

}  // namespace ktx::test
