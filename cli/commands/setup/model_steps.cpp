#include "setup/model_steps.hpp"

#include <array>

#include "ktx/app/python_access.hpp"
#include "ktx/app/runtime_session.hpp"
#include "ktx/project/measure.hpp"
#include "ktx/project/source_tree.hpp"
#include "ktx/runtime/feature.hpp"
#include "ktx/semantic/introspection.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/shell_words.hpp"
#include "setup/connection_writing.hpp"
#include "setup/database_step.hpp"
#include "setup/source_files.hpp"

namespace ktx::cli {
namespace {

// The reference to a key given by options; empty if there is none.
std::string key_reference(const std::optional<std::string>& variable,
                          const std::optional<std::string>& file) {
  if (variable) return "env:" + *variable;
  return file ? "file:" + *file : "";
}

void set_embeddings(SetupSession& session, const std::string& backend) {
  const SetupOptions& options = session.options();
  if (backend == "openai") {
    // Where older versions have it. Not under `embeddings`: this version searches with local models only.
    session.set({"ingest", "embeddings", "backend"}, backend);
    session.set({"ingest", "embeddings", "openai", "api_key"},
                key_reference(options.embedding_key_variable, options.embedding_key_file));
    session.say(
        "openai is noted for ktx ingest, which belongs to a later version; ktx sl search uses local "
        "embeddings only");
  } else {
    session.set({"embeddings", "backend"}, backend);
  }
  session.complete("embeddings");
}

StepEnd ask_embeddings(SetupSession& session) {
  constexpr std::array backends = {"onnx", "none"};
  const bool is_local = session.config().embeddings.backend.value_or("none") != "none";
  const ChoiceQuestion question{
      .title = "Search the sources by meaning too?",
      .choices = {{"Yes, with a small model on this machine",
                   runtime::size_in_words(runtime::approximate_download(runtime::Feature::local_embeddings)) +
                       " once"},
                  {"No, by words only"},
                  {"Decide later"}},
      .initial = is_local ? 0U : 1U};
  const auto chosen = session.prompter()->choose(question);
  if (!chosen) return StepEnd::back;
  if (*chosen < backends.size()) set_embeddings(session, backends.at(*chosen));
  return StepEnd::done;
}

// The result for one connection.
enum class Outcome : std::uint8_t {
  made,
  left,  ///< for a later run
  none,  ///< nothing to make, and nothing was asked
  back,
};

// Says why no sources were made for a connection, and what to do.
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
    // A person can correct the database and run setup again; a script must see the error.
    const bool is_at_database = error.kind() == ErrorKind::database && session.prompter() != nullptr;
    if (error.kind() != ErrorKind::runtime_missing && !is_at_database) throw;
    say_left(session, connection.id, error);
    return Outcome::left;
  }
}

Outcome look_into(SetupSession& session, const project::Connection& connection, bool backward) {
  const auto report = session.memory().reports.find(connection.id);
  if (report == session.memory().reports.end()) return Outcome::left;  // the check has said why
  const std::string driver = connection.driver.value_or("");
  if (semantic::can_introspect(driver)) return make_sources(session, connection, report->second, backward);
  if (!backward) {
    session.say("The tables of " + connection.id + " (" + driver +
                ") are not read in this version: write its sources to semantic-layer/" + connection.id +
                "/<source>.yaml");
  }
  return Outcome::none;
}

// Makes sources for one connection after the other. Going back visits those before, until one has something
// to ask.
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
    // Otherwise the next run tries again.
    if (!left_) session_.complete("context");
    return StepEnd::done;
  }

 private:
  SetupSession& session_;
  std::vector<project::Connection> pending_;
  bool backward_;
  std::size_t next_;    ///< all before it are done
  bool left_ = false;   ///< something is left for a later run
  bool asked_ = false;  ///< the user asked to go back
};

// A query that the model can answer: a measure of the first source that has one.
std::string first_question(const project::Project& project) {
  const auto ids = project::connections_with_sources(project.directory);
  for (const std::string& id : ids) {
    for (const project::Source& source : project::load_source_tree(project.directory, id).sources) {
      const auto measures = project::visible_measures(source);
      if (measures.empty()) continue;
      const auto name = measures.front()->find_text("name");
      if (!name) continue;
      std::vector<std::string> words = {"ktx",      "sl", "query", "--measure", source.name + "." + *name,
                                        "--execute"};
      if (project.config.connections.size() > 1) words.insert(words.end(), {"--connection-id", id});
      return line_to_copy(words);
    }
  }
  return {};
}

std::string install_line(const Context& context, const project::Config& config) {
  const auto features = wanted_features(config);
  if (app::is_runtime_ready(context.environment, features)) return {};
  std::vector<std::string> words = {"ktx", "runtime", "install", "--yes"};
  if (features.size() > 1)
    words.insert(words.end(), {"--feature", std::string(runtime::name(features.back()))});
  return line_to_copy(words);
}

}  // namespace

StepEnd run_llm_step(SetupSession& session, Arrival arrival) {
  // It never asks anything.
  if (arrival != Arrival::forward) return StepEnd::nothing;
  const SetupOptions& options = session.options();
  const std::string key = key_reference(options.llm_key_variable, options.llm_key_file);
  if (options.skip_llm || (key.empty() && !options.llm_model)) return StepEnd::done;
  session.set({"llm", "provider", "backend"}, "anthropic");
  if (!key.empty()) session.set({"llm", "provider", "anthropic", "api_key"}, key);
  if (options.llm_model) session.set({"llm", "models", "default"}, *options.llm_model);
  session.complete("llm");
  return StepEnd::done;
}

StepEnd run_embeddings_step(SetupSession& session, Arrival arrival) {
  const SetupOptions& options = session.options();
  const bool told = options.embedding_backend || options.skip_embeddings;
  if (arrival != Arrival::forward) return told ? StepEnd::nothing : ask_embeddings(session);
  if (options.embedding_backend) {
    set_embeddings(session, *options.embedding_backend);
    return StepEnd::done;
  }
  if (options.skip_embeddings || session.is_complete("embeddings") || session.prompter() == nullptr)
    return StepEnd::done;
  return ask_embeddings(session);
}

runtime::Features wanted_features(const project::Config& config) {
  const std::string backend = config.embeddings.backend.value_or("none");
  return backend == "none" ? runtime::Features{runtime::Feature::core} : app::embedding_features(backend);
}

StepEnd run_context_step(SetupSession& session, Arrival arrival) {
  const bool backward = arrival == Arrival::backward;
  const bool has_databases = !session.config().setup.database_connection_ids.empty();
  if (session.options().skip_databases || !has_databases) return backward ? StepEnd::nothing : StepEnd::done;
  return Walk(session, backward).run();
}

std::string line_to_copy(const std::vector<std::string>& words) { return "  " + shell_command(words) + "\n"; }

std::string change_to(const Context& context, const std::filesystem::path& folder) {
  if (folder == context.environment.directory) return {};
  const auto relative = folder.lexically_relative(context.environment.directory);
  const bool below = !relative.empty() && *relative.begin() != "..";
  if (!below) return line_to_copy({"cd", folder.string()});
  // Else `cd` would take it for an option, or, for "-", go back to where it was.
  const bool is_like_option = relative.string().starts_with('-');
  return line_to_copy({"cd", (is_like_option ? "./" : "") + relative.string()});
}

std::string suggestions(const Context& context, const project::Project& project) {
  const std::string text =
      "Try:\n" + change_to(context, project.directory) + install_line(context, project.config);
  const std::string question = first_question(project);
  if (question.empty()) return text + line_to_copy({"ktx", "setup"});
  return text + line_to_copy({"ktx", "sl", "list"}) + question + line_to_copy({"ktx", "sl", "validate"});
}

}  // namespace ktx::cli
