#include "setup/context_step.hpp"

#include "ktx/semantic/introspection.hpp"
#include "ktx/util/error.hpp"
#include "setup/database_tables.hpp"
#include "setup/pending_connections.hpp"
#include "setup/source_files.hpp"

namespace ktx::cli {
namespace {

/// What came of one connection.
enum class Outcome : std::uint8_t {
  made,
  left,  ///< for a later run
  none,  ///< nothing is to be made, and nothing was asked
  back,
};

/// Says why a connection has no sources, and what to do.
void say_left(const SetupSession& session, const std::string& id, const Error& error) {
  session.say("No sources were made for " + id + ": " + error.message());
  if (!error.fix().empty()) session.say("Fix: " + error.fix());
}

Outcome make_sources(SetupSession& session, const project::Connection& connection,
                     const database::ConnectionReport& report, bool backward) {
  try {
    const auto tables = choose_tables(session, connection, report, backward);
    if (!tables) return Outcome::back;
    const auto written = write_first_sources(session, session.python(), connection, *tables);
    session.say(connection.id + ": " + std::to_string(written) + " of " + std::to_string(tables->size()) +
                " tables are new sources in semantic-layer/" + connection.id);
    return Outcome::made;
  } catch (const Error& error) {
    const bool is_at_database = error.kind() == ErrorKind::database && session.prompter() != nullptr;
    if (error.kind() != ErrorKind::runtime_missing && !is_at_database) throw;
    say_left(session, connection.id, error);
    return Outcome::left;
  }
}

Outcome look_into(SetupSession& session, const project::Connection& connection, bool backward) {
  const auto report = session.memory().reports.find(connection.id);
  if (report == session.memory().reports.end()) return Outcome::left;  // why was said when it was tried
  const std::string driver = connection.driver.value_or("");
  if (semantic::can_introspect(driver)) return make_sources(session, connection, report->second, backward);
  if (!backward) {
    session.say("The tables of " + connection.id + " (" + driver +
                ") are not read in this version: write its sources to semantic-layer/" + connection.id +
                "/<source>.yaml");
  }
  return Outcome::none;
}

/// Looks into one connection after the other; going back, into those before, until one has something to ask.
class Walk {
 public:
  Walk(SetupSession& session, bool backward)
      : session_(session),
        pending_(pending_connections(session)),
        backward_(backward),
        next_(backward ? pending_.size() : 0) {}

  StepEnd run() {
    while (backward_ || next_ < pending_.size()) {
      if (backward_ && next_ == 0) return asked_ ? StepEnd::back : StepEnd::nothing;
      const std::size_t here = backward_ ? next_ - 1 : next_;
      const Outcome outcome = look_into(session_, pending_[here], backward_);
      left_ = left_ || outcome == Outcome::left;
      asked_ = asked_ || outcome == Outcome::back;
      if (outcome == Outcome::back || outcome == Outcome::made) backward_ = outcome == Outcome::back;
      next_ = backward_ ? here : here + 1;
    }
    if (!left_) session_.complete("context");
    return StepEnd::done;
  }

 private:
  SetupSession& session_;
  std::vector<project::Connection> pending_;
  bool backward_;
  std::size_t next_;    ///< those before it are done
  bool left_ = false;   ///< something, for a later run
  bool asked_ = false;  ///< for a step back
};

}  // namespace

StepEnd run_context_step(SetupSession& session, Arrival arrival) {
  const bool backward = arrival == Arrival::backward;
  const bool has_databases = !session.config().setup.database_connection_ids.empty();
  if (session.options().skip_databases || !has_databases) return backward ? StepEnd::nothing : StepEnd::done;
  return Walk(session, backward).run();
}

}  // namespace ktx::cli
