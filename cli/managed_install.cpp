#include "managed_install.hpp"

#include "ktx/runtime/embeddings_health.hpp"
#include "ktx/runtime/interpreter_health.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/subprocess.hpp"

namespace ktx::cli {

runtime::InstallResult managed_install(const Context& context, const runtime::Layout& layout,
                                       const runtime::InstallRequest& request, Progress& progress) {
  ProcessRunner runner;
  const auto verify = [&](const runtime::Interpreter& interpreter) {
    const auto health = runtime::interpreter_health(runner, context.environment, layout, interpreter);
    if (health.healthy) return;
    throw Error(ErrorKind::interpreter, health.detail);
  };
  // What is installed is to work, whatever model the user's variable names.
  Environment own_model = context.environment;
  own_model.variables.erase("KTX_EMBEDDING_MODEL_DIR");
  const auto verify_embeddings = [&](const runtime::Interpreter& interpreter,
                                     const runtime::Features& features) {
    const auto health = runtime::embeddings_health(runner, own_model, layout, interpreter, features);
    if (health.healthy) return;
    throw Error(ErrorKind::interpreter, health.detail);
  };
  const runtime::InstallServices services{
      .environment = context.environment,
      .runner = runner,
      .loads = runtime::library_check(runner, context.environment),
      .verify = verify,
      .verify_embeddings = verify_embeddings,
      .progress = [&](const runtime::InstallProgress& now) { progress.show(now); },
      .notice = [&](const std::string& text) { progress.notice(text); }};
  auto result = runtime::install(layout, request, services);
  progress.clear();
  return result;
}

}  // namespace ktx::cli
