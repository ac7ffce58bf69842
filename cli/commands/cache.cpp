#include "cache.hpp"

#include <CLI/CLI.hpp>
#include <memory>

#include "ktx/app/query_planning.hpp"
#include "ktx/cache/store.hpp"
#include "ktx/output/cache_view.hpp"
#include "ktx/util/error.hpp"
#include "options.hpp"

namespace ktx::cli {
namespace {

cache::Store find_store(const Context& context) {
  if (auto directory = cache::cache_directory(context.environment))
    return cache::Store(*std::move(directory));
  throw Error(ErrorKind::io, "There is no home directory to keep a cache in",
              "Set HOME, or KTX_CACHE_DIR to an absolute path");
}

CLI::App& add_command(CLI::App& group, Context& context, const char* name, const char* description,
                      int (*run)(const Context&, bool)) {
  const auto json = std::make_shared<bool>(false);
  CLI::App& command = *group.add_subcommand(name, description);
  command.add_flag("--json", *json, "Print JSON output");
  command.callback(
      [json, &context, run] { context.command = [json, &context, run] { return run(context, *json); }; });
  return command;
}

// Writes what is cached, and where.
int run_cache_status(const Context& context, bool json) {
  const cache::Store store = find_store(context);
  CacheStatus status{store.directory(), !app::without_cache(context), store.objection(), {}};
  for (const cache::Kind& kind : cache::all_kinds) status.parts.emplace_back(kind, store.usage(kind));
  context.terminal.out(json ? cache_status_json(status) : cache_status_text(status));
  return 0;
}

// Removes everything cached. Throws an `io` error if something cannot be removed.
int run_cache_clear(const Context& context, bool json) {
  const cache::Store store = find_store(context);
  cache::Usage removed;
  for (const cache::Kind& kind : cache::all_kinds) {
    const cache::Usage part = store.clear(kind);
    removed.entries += part.entries;
    removed.bytes += part.bytes;
  }
  context.terminal.out(json ? cache_clear_json(store.directory(), removed)
                            : cache_clear_text(store.directory(), removed));
  return 0;
}

}  // namespace

void setup_cache(CLI::App& parent, Context& context) {
  CLI::App& group = *parent.add_subcommand("cache", "Look at what earlier commands kept, or remove it");
  group.require_subcommand(0, 1);
  group.fallthrough();
  add_examples(add_command(group, context, "status", "Show what is kept, and where", run_cache_status),
               {{"ktx cache status", "Show the folder and how much is in it"},
                {"ktx cache status --json", "The same, for a program"}});
  add_examples(add_command(group, context, "clear", "Remove what is kept", run_cache_clear),
               {{"ktx cache clear", "Forget every answer that was kept"}});
  add_examples(group, {{"ktx cache status", "Show what is kept"}, {"ktx cache clear", "Remove it"}});
}

}  // namespace ktx::cli
