#include "ktx/plugin/plugin.hpp"

#include <dlfcn.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <thread>

#include "ktx/plugin/libpython.hpp"
#include "ktx/runtime/interpreter.hpp"
#include "ktx/runtime/layout.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/util/json.hpp"
#include "ktx/util/spans.hpp"

namespace ktx::plugin {
namespace {

constexpr const char* damaged = "reinstall ktx: its interpreter plugin is damaged";

Plugin* started = nullptr;

ktx_bytes bytes(std::string_view text) { return {text.data(), text.size()}; }

std::string take(const ktx_plugin_api& api, ktx_reply& reply) {
  std::string json(reply.json.data, reply.json.size);
  api.release(&reply);
  return json;
}

Error misfit(const std::filesystem::path& path, const std::string& reason) {
  return {ErrorKind::interpreter, "Cannot load the interpreter plugin " + path.string() + ": " + reason,
          damaged};
}

// RTLD_LOCAL: nobody else needs its one symbol. RTLD_NOW: a libpython without a function that the plugin uses
// is found here, not in the middle of a query.
const ktx_plugin_api& load(const std::filesystem::path& path, const std::string& tag) {
  const ScopedSpan span("load plugin");
  void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) throw misfit(path, ::dlerror());
  const auto entry = reinterpret_cast<ktx_plugin_entry_function>(::dlsym(library, KTX_PLUGIN_ENTRY_SYMBOL));
  if (entry == nullptr) throw misfit(path, "it has no " KTX_PLUGIN_ENTRY_SYMBOL);
  const ktx_plugin_api* api = entry(KTX_PLUGIN_ABI_VERSION);
  if (api == nullptr || api->abi_version != KTX_PLUGIN_ABI_VERSION) {
    throw misfit(path, "it belongs to another version of ktx");
  }
  if (api->python_tag != tag) throw misfit(path, std::string("it was built for ") + api->python_tag);
  return *api;
}

void require_plugin(const std::filesystem::path& path, const std::string& tag) {
  if (path_exists(path)) return;
  // A program that was copied without its package has none at all; no other Python would help.
  if (runtime::plugin_minors(path.parent_path()).empty()) {
    throw Error(ErrorKind::interpreter,
                "This ktx has no interpreter plugins: there is nothing in " + path.parent_path().string(),
                "Keep bin/ktx in its package: link to it (ln -s) instead of copying it, or reinstall ktx");
  }
  throw Error(ErrorKind::interpreter,
              "This ktx has no plugin for CPython " + minor_version(tag) + ": there is no " + path.string(),
              "Run: ktx runtime repair");
}

// Throws the error of a start that failed.
void require_ok(const std::string& reply) {
  const Json document = parse_json(reply, "the interpreter plugin's reply", ErrorKind::internal);
  if (document.contains("ok")) return;
  const JsonObject error =
      JsonObject(document, "the interpreter plugin's reply", ErrorKind::internal).object("error");
  throw Error(ErrorKind::interpreter, error.string("message"), error.has("fix") ? error.string("fix") : "");
}

int finish_python(Plugin& plugin, int exit_code) {
  const ScopedSpan span("leave");
  return plugin.finish(exit_code);
}

}  // namespace

std::filesystem::path plugin_path(const std::filesystem::path& directory, const std::string& tag) {
  return directory / ("ktx-plugin-" + tag + ".so");
}

Plugin& Plugin::start(const runtime::Interpreter& interpreter, const std::filesystem::path& directory) {
  if (started != nullptr) throw Error(ErrorKind::internal, "This process already runs an interpreter");
  const auto path = plugin_path(directory, interpreter.tag);
  require_plugin(path, interpreter.tag);
  load_libpython(interpreter);
  const ktx_plugin_api& api = load(path, interpreter.tag);
  const ScopedSpan span("start interpreter");
  ktx_reply reply{};
  api.start(bytes(compact_json(runtime::to_json(interpreter))), &reply);
  require_ok(take(api, reply));
  started = new Plugin(api);
  return *started;
}

Plugin* Plugin::running() { return started; }

void Plugin::prepare(std::string_view operation) {
  const ScopedSpan span("import packages");
  call("prepare", operation);  // a failure here fails again in the call, which reports it
}

std::string Plugin::call(std::string_view operation, std::string_view request) {
  if (finished_) throw Error(ErrorKind::internal, "The interpreter was called after its end");
  ktx_reply reply{};
  api_.call(bytes(operation), bytes(request), &reply);
  return take(api_, reply);
}

void Plugin::share() { api_.share(); }

std::string Plugin::call_as(std::string_view operation, std::string_view request,
                            Cancellation& cancellation) {
  if (finished_) throw Error(ErrorKind::internal, "The interpreter was called after its end");
  const std::uint64_t number = next_call_++;
  // In a thread of its own: what cancels must not wait for the interpreter, which may be busy.
  const Cancellation::Listener listener(
      cancellation, [this, number] { std::thread([this, number] { api_.interrupt(number); }).detach(); });
  const auto is_cancelled = [](void* context) {
    return static_cast<Cancellation*>(context)->is_cancelled() ? 1 : 0;
  };
  ktx_reply reply{};
  api_.call_as(number, is_cancelled, &cancellation, bytes(operation), bytes(request), &reply);
  return take(api_, reply);
}

std::string Plugin::serve(std::string_view configuration) {
  if (finished_) throw Error(ErrorKind::internal, "The interpreter was called after its end");
  ktx_reply reply{};
  api_.serve(bytes(configuration), &reply);
  return take(api_, reply);
}

int Plugin::finish(int exit_code) {
  if (finished_.exchange(true)) return exit_code;
  const int status = api_.finish();
  return exit_code == 0 ? status : exit_code;
}

void leave(int exit_code, const std::function<void(int)>& last) {
  Plugin* plugin = Plugin::running();
  const int status = plugin == nullptr ? exit_code : finish_python(*plugin, exit_code);
  if (last) last(status);
  if (plugin == nullptr) std::exit(status);
  // _exit flushes no C streams.
  std::fflush(nullptr);
  ::_exit(status);
}

}  // namespace ktx::plugin
