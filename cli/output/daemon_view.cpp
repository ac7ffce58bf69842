#include "ktx/output/daemon_view.hpp"

#include "ktx/daemon/state.hpp"
#include "ktx/output/progress.hpp"
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

std::string state_of(const CacheStatus& status) {
  if (status.objection) return "not used: the folder " + *status.objection;
  return status.enabled ? "in use" : "switched off here";
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
  if (!is_running(loaded))
    return "daemon process: not running (" + layout.daemon_state_path.string() + " is stale)\n";
  return "daemon process: " + std::to_string(loaded.state->process.pid) + " at " +
         daemon::url(*loaded.state) + "\n";
}

Json daemon_status_json(const runtime::Layout& layout) {
  const daemon::LoadedState loaded = daemon::load_state(layout);
  Json document = {{"state", loaded.absent()      ? "stopped"
                             : is_running(loaded) ? "running"
                                                  : "stale"},
                   {"stateFile", layout.daemon_state_path.string()}};
  if (!loaded.refusal.empty()) document["detail"] = loaded.refusal;
  if (loaded.state) document.update(public_part(*loaded.state));
  return document;
}

std::string cache_status_text(const CacheStatus& status) {
  std::string text = "cache: " + status.directory.string() + "\nstatus: " + state_of(status) + "\n";
  for (const auto& [kind, usage] : status.parts) {
    text += std::string(kind.content) + ": " + std::to_string(usage.entries) + ", " + size_text(usage.bytes) +
            " of at most " + size_text(kind.all_bytes()) + "\n";
  }
  return text;
}

std::string cache_status_json(const CacheStatus& status) {
  Json parts = Json::array();
  for (const auto& [kind, usage] : status.parts) {
    parts.push_back({{"name", kind.name},
                     {"entries", usage.entries},
                     {"bytes", usage.bytes},
                     {"maxBytes", kind.all_bytes()}});
  }
  Json json = {{"directory", status.directory.string()}, {"enabled", status.enabled}};
  if (status.objection) json["objection"] = *status.objection;
  json["parts"] = std::move(parts);
  return pretty_json(json);
}

std::string cache_clear_text(const std::filesystem::path& directory, const cache::Usage& removed) {
  // An empty cache is not an error: the state is the one asked for.
  if (removed.entries == 0) return "Nothing is kept in " + directory.string() + "\n";
  const std::string count = std::to_string(removed.entries) + (removed.entries == 1 ? " entry" : " entries");
  return "Removed " + count + ", " + size_text(removed.bytes) + ", from " + directory.string() + "\n";
}

std::string cache_clear_json(const std::filesystem::path& directory, const cache::Usage& removed) {
  return pretty_json(
      {{"directory", directory.string()}, {"entries", removed.entries}, {"bytes", removed.bytes}});
}

}  // namespace ktx::cli
