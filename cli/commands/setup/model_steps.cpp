#include "setup/model_steps.hpp"

#include <array>

#include "ktx/app/embedding_choice.hpp"

namespace ktx::cli {
namespace {

/// The reference to a key that the options give; empty when they give none.
std::string key_reference(const std::optional<std::string>& variable,
                          const std::optional<std::string>& file) {
  if (variable) return "env:" + *variable;
  return file ? "file:" + *file : "";
}

void set_embeddings(SetupSession& session, const std::string& backend) {
  const SetupOptions& options = session.options();
  if (backend == "openai") {
    // As older versions have it; searches by meaning are made on this machine, so it does not count for them.
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

}  // namespace

StepEnd run_llm_step(SetupSession& session, Arrival arrival) {
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

}  // namespace ktx::cli
