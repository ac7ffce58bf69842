#include "chosen_python.hpp"

#include <optional>

#include "ktx/util/error.hpp"
#include "python_fetch.hpp"

namespace ktx::runtime {
namespace {

FitPython find_python(const Layout& layout, const std::optional<std::string>& requested,
                      const InstallRequest& request, const InstallServices& services, const Uv& uv) {
  const InterpreterSearchContext context{services.environment, layout, services.runner, services.loads,
                                         request.python_minors};
  InterpreterSearch search = search_interpreters(context, requested);
  const auto version = fetchable_version(layout, requested);
  if (!search.best && version && !request.offline) {
    if (services.progress) services.progress({.step = "Downloading Python " + *version});
    const auto failure = fetch_python(layout, services, uv, *version);
    if (!failure) search = search_interpreters(context, requested);
    if (failure) search.rejected.push_back({"uv python install " + *version, {}, *failure});
  }
  if (!search.best) throw no_interpreter(search, requested);
  return *std::move(search.best);
}

}  // namespace

ChosenPython choose_python(const Layout& layout, const std::string& remembered, const InstallRequest& request,
                           const InstallServices& services, const Uv& uv) {
  const auto requested = requested_interpreter(services.environment, request.python);
  if (requested || remembered.empty()) {
    return {find_python(layout, requested, request, services, uv), requested.value_or("")};
  }
  try {
    return {find_python(layout, remembered, request, services, uv), remembered};
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::interpreter) throw;
    if (services.notice) services.notice(error.message() + ", so another is used");
    return {find_python(layout, std::nullopt, request, services, uv), ""};
  }
}

}  // namespace ktx::runtime
