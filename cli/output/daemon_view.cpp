#include "ktx/output/daemon_view.hpp"

#include "ktx/daemon/state.hpp"
#include "ktx/util/json.hpp"

namespace ktx::cli {
namespace {

// What may be shown of a state: never the token. A list of what is shown, so that a new member stays hidden
// until it is added here.
Json public_part(const daemon::State& state) {
  Json document = daemon::to_json(state);
  Json shown = {{"pid", document["pid"]}, {"url", daemon::url(state)}};
  for (const char* key : {"port", "version", "features", "codeExecution", "startedAt", "log", "output"}) {
    shown[key] = document[key];
  }
  return shown;
}

std::string features_line(const daemon::State& state) {
  return "features: " + runtime::join_names(state.features) + "\n";
}

bool is_running(const daemon::LoadedState& loaded) {
  // The state file may be left over from a daemon that was killed.
  return loaded.state && Process::find(loaded.state->process).has_value();
}

}  // namespace

std::string started_text(const daemon::State& state, bool existing) {
  return std::string(existing ? "Using existing" : "Started") +
         " KTX Python daemon\nurl: " + daemon::url(state) + "\n" + features_line(state) +
         "log: " + state.log + "\n";
}

std::string started_json(const daemon::State& state, const runtime::Layout& layout, bool existing) {
  Json document = {{"state", existing ? "existing" : "started"},
                   {"stateFile", layout.daemon_state_path.string()}};
  document.update(public_part(state));
  return pretty_json(document);
}

std::string stopped_text(const daemon::StopResult& result) {
  switch (result.kind) {
    case daemon::StopKind::none: return "No KTX Python daemon is running\n";
    case daemon::StopKind::stopped:
      return "Stopped KTX Python daemon\nurl: " + daemon::url(*result.state) + "\n";
    case daemon::StopKind::stale: break;
  }
  return "No KTX Python daemon is running\nRemoved what one had left: " + result.detail + "\n";
}

std::string stopped_json(const daemon::StopResult& result) {
  // In the order of `StopKind`.
  constexpr const char* names[] = {"none", "stopped", "stale"};
  Json document = {{"state", names[static_cast<std::size_t>(result.kind)]}};
  if (!result.detail.empty()) document["detail"] = result.detail;
  if (result.state) document["daemon"] = public_part(*result.state);
  return pretty_json(document);
}

std::string daemon_status_text(const runtime::Layout& layout) {
  const daemon::LoadedState loaded = daemon::load_state(layout);
  if (loaded.absent()) return {};
  if (loaded.is_foreign) return "daemon process: not known (" + loaded.refusal + ")\n";
  if (!is_running(loaded))
    return "running daemon: none (" + layout.daemon_state_path.string() + " is stale)\n";
  return "running daemon: process " + std::to_string(loaded.state->process.pid) + " at " +
         daemon::url(*loaded.state) + "\n";
}

Json daemon_status_json(const runtime::Layout& layout) {
  const daemon::LoadedState loaded = daemon::load_state(layout);
  Json document = {{"state", loaded.absent()      ? "stopped"
                             : loaded.is_foreign  ? "unknown"
                             : is_running(loaded) ? "running"
                                                  : "stale"},
                   {"stateFile", layout.daemon_state_path.string()}};
  if (!loaded.refusal.empty()) document["detail"] = loaded.refusal;
  if (loaded.state) document.update(public_part(*loaded.state));
  return document;
}

}  // namespace ktx::cli
