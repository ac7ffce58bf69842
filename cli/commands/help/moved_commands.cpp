#include "help/moved_commands.hpp"

#include <algorithm>
#include <array>

namespace ktx::cli {
namespace {

struct MovedCommand {
  std::string_view name;
  std::string_view instead;
};

constexpr std::array moved_commands = {
    MovedCommand{"admin", "use ktx setup, ktx runtime, ktx sl schema or ktx sl search --reindex"},
    MovedCommand{"agent", "use ktx sl, ktx wiki or ktx sql, with --json"},
    MovedCommand{"dev", "use ktx setup, ktx status, ktx runtime doctor or ktx completion"},
    MovedCommand{"ingest",
                 "this version reads the tables of a database in ktx setup and ingests nothing else"},
    MovedCommand{"mcp", "this version serves no MCP; ktx setup --agents lets agents use its commands"},
    MovedCommand{"scan", "use ktx setup, which reads the tables of a database"},
    MovedCommand{"serve", "this version serves no MCP; ktx setup --agents lets agents use its commands"}};

}  // namespace

std::string_view moved_to(std::string_view command) {
  const auto found = std::ranges::find(moved_commands, command, &MovedCommand::name);
  return found == moved_commands.end() ? std::string_view() : found->instead;
}

}  // namespace ktx::cli
