#include "setup/check_step.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "ktx/database/connection_settings.hpp"
#include "ktx/database/open_executor.hpp"
#include "ktx/terminal/shown_text.hpp"
#include "ktx/util/error.hpp"
#include "setup/connection_form.hpp"
#include "setup/connection_writing.hpp"
#include "setup/database_step.hpp"
#include "setup/options.hpp"

namespace ktx::cli {
namespace {

// What to do after a connection was tried.
enum class Verdict : std::uint8_t { settled, again, back };

std::string driver_label(const std::string& name) {
  const semantic::Driver* driver = find_offered(name);
  return driver == nullptr ? name : std::string(driver->label);
}

std::string report_line(const std::string& id, const database::ConnectionReport& report) {
  std::string text = "Connected to " + id + ": " + driver_label(report.driver);
  if (report.server_version) text += " " + printable(*report.server_version);
  text += ", " + std::to_string(report.tables) + (report.tables == 1 ? " table" : " tables");
  if (report.schemas.size() > 1) text += " in " + std::to_string(report.schemas.size()) + " schemas";
  return text + (report.read_only_enforced ? "; " : "; the database would let ktx write: ") +
         report.read_only_how;
}

// Whether the error only says that Python, or a driver in it, is not installed.
bool is_for_later(const Error& error) {
  return error.kind() == ErrorKind::runtime_missing || error.kind() == ErrorKind::unsupported;
}

// Whether a person can do something about the error: at the settings, the database or the runtime.
bool can_be_mended(const Error& error) {
  constexpr std::array kinds = {ErrorKind::database, ErrorKind::connection, ErrorKind::runtime_broken,
                                ErrorKind::uv,       ErrorKind::install,    ErrorKind::interpreter};
  return std::ranges::find(kinds, error.kind()) != kinds.end();
}

void say_error(const SetupSession& session, const std::string& what, const Error& error) {
  session.say(what + ": " + error.message());
  for (const std::string& line : error.details()) session.say("  " + line);
  if (!error.fix().empty()) session.say("Fix: " + error.fix());
}

// Tries a connection. Returns its error, or std::nullopt if it works.
std::optional<Error> try_connection(SetupSession& session, const project::Connection& connection) {
  RunMemory& memory = session.memory();
  memory.reports.erase(connection.id);
  try {
    // First of all: without Python the connection is left for later, even if its secret is missing.
    if (!database::is_sqlite(connection.driver.value_or(""))) session.python();
    const auto report =
        database::test_connection(connection, session.context().environment, session.directory(),
                                  [&session]() -> semantic::Transport& { return session.python(); });
    session.say(report_line(connection.id, report));
    memory.reports[connection.id] = report;
    return std::nullopt;
  } catch (const Error& error) {
    return error;
  }
}

Verdict ask_what_now(SetupSession& session, const project::Connection& connection, const Error& error) {
  const bool can_edit = fits_form(settings_of(connection));
  ChoiceQuestion question{.title = "The connection " + connection.id + " does not work. What now?",
                          .choices = {{"Try again", "when the database or ktx.yaml was mended"},
                                      {"Keep it anyway", "its sources are made by a later run"},
                                      {"Leave setup", "what is done is kept"}}};
  if (can_edit) question.choices.insert(question.choices.begin(), {"Change the answers"});
  const auto chosen = session.prompter()->choose(question);
  if (!chosen) return Verdict::back;
  switch (*chosen + (can_edit ? 0 : 1)) {
    case 0: edit_connection(session, connection); return Verdict::again;
    case 1: return Verdict::again;
    case 2: return Verdict::settled;
    default: throw Error(error);
  }
}

Verdict check(SetupSession& session, const project::Connection& connection) {
  const auto error = try_connection(session, connection);
  if (!error) return Verdict::settled;
  if (is_for_later(*error)) {
    say_error(session, "The connection " + connection.id + " was not tried", *error);
    return Verdict::settled;
  }
  if (session.prompter() == nullptr || !can_be_mended(*error)) throw Error(*error);
  say_error(session, "The connection " + connection.id + " does not work", *error);
  return ask_what_now(session, connection, *error);
}

}  // namespace

StepEnd run_check_step(SetupSession& session, Arrival arrival) {
  if (arrival == Arrival::backward) return StepEnd::nothing;
  std::vector<project::Connection> pending = pending_connections(session);
  for (std::size_t i = 0; i < pending.size();) {
    const Verdict verdict = check(session, pending[i]);
    if (verdict == Verdict::back) return StepEnd::back;
    if (verdict == Verdict::settled) ++i;
    if (verdict == Verdict::again) pending = pending_connections(session);  // its id may have changed
  }
  return StepEnd::done;
}

}  // namespace ktx::cli
