#include "ktx/plugin/health.hpp"

#include <array>
#include <chrono>
#include <cmath>
#include <optional>
#include <string>

#include "ktx/plugin/plugin.hpp"
#include "ktx/util/process.hpp"

namespace ktx::plugin {
namespace {

// The smallest query that goes through every part: a source, a dimension and a measure.
constexpr std::string_view probe_request = R"json({
  "sources": [{"name": "orders", "table": "orders", "grain": ["id"],
               "columns": [{"name": "id", "type": "number"}, {"name": "status", "type": "string"}],
               "measures": [{"name": "order_count", "expr": "count(id)"}]}],
  "query": {"measures": ["orders.order_count"], "dimensions": ["orders.status"]},
  "dialect": "sqlite"})json";

class Stopwatch {
 public:
  double milliseconds() const {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin_).count();
  }

 private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

// Two decimals: what a person compares.
double rounded(double value) { return std::round(value * 100) / 100; }

// The compiled SQL of a reply, or null and a fault.
Json probe_sql(const Json& reply, Json& faults) {
  Json sql = reply.value(Json::json_pointer("/ok/sql"), Json(nullptr));
  if (sql.is_string()) return sql;
  faults.push_back(
      "The probe query does not compile: " +
      reply.value(Json::json_pointer("/error/message"), "the reply has no SQL: " + compact_json(reply)));
  return nullptr;
}

Json parse_reply(const std::string& reply) {
  return parse_json(reply, "the reply of the Python side", ErrorKind::internal);
}

// What is measured here; the plugin reports the rest.
struct Measurements {
  double start_ms = 0;
  double first_call_ms = 0;  ///< importing the packages and answering the probe
  std::optional<double> peak_memory_mib;
};

Json assemble(const Json& plugin_report, const Json& probe_reply, const Measurements& measured) {
  Json report = plugin_report;
  const Json& import_ms = plugin_report.at("importMs");
  report["startMs"] = rounded(measured.start_ms);
  report["importMs"] = import_ms.is_null() ? Json(nullptr) : Json(rounded(import_ms.get<double>()));
  report["probeMs"] =
      import_ms.is_null() ? Json(nullptr) : Json(rounded(measured.first_call_ms - import_ms.get<double>()));
  report["sql"] = probe_sql(probe_reply, report["faults"]);
  report["peakMemoryMiB"] =
      measured.peak_memory_mib ? Json(rounded(*measured.peak_memory_mib)) : Json(nullptr);
  return report;
}

Json in_order(const Json& report) {
  constexpr std::array keys = {"version",       "prefix",  "executable", "libpython", "plugin",
                               "packages",      "startMs", "importMs",   "probeMs",   "sql",
                               "peakMemoryMiB", "openssl", "faults"};
  Json ordered = Json::object();
  for (const char* key : keys) ordered[key] = report.at(key);
  return ordered;
}

}  // namespace

Json interpreter_health(const runtime::Interpreter& interpreter,
                        const std::filesystem::path& plugin_directory) {
  Measurements measured;
  const Stopwatch start;
  Plugin& plugin = Plugin::start(interpreter, plugin_directory);
  measured.start_ms = start.milliseconds();
  const Stopwatch first_call;
  const Json probe_reply = parse_reply(plugin.call("semantic-query", probe_request));
  measured.first_call_ms = first_call.milliseconds();
  measured.peak_memory_mib = peak_memory_mib();
  Json report = parse_reply(plugin.call("health", "{}")).at("ok");
  report["libpython"] = interpreter.libpython.path.string();
  report["plugin"] = plugin_path(plugin_directory, interpreter.tag).string();
  return in_order(assemble(report, probe_reply, measured));
}

std::string embeddings_health(const runtime::Interpreter& interpreter,
                              const std::filesystem::path& plugin_directory, const std::string& backend) {
  const Json request = {{"backend", backend}, {"verify", true}};
  return Plugin::start(interpreter, plugin_directory).call("embedding-info", compact_json(request));
}

}  // namespace ktx::plugin
