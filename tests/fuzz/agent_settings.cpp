// An entry in the settings of another program, whatever these are like: it is there when it was added, a
// second time is no edit, and without it every byte is as it was.

#include "fuzz_target.hpp"
#include "ktx/settings/entry.hpp"

namespace {

using namespace ktx;

const settings::EntryFields fields = {Json{{"command", "/opt/k \"tx\""}, {"args", {"mcp", "stdio"}}},
                                      Json{{"enabled", true}}};

void try_entry(std::string_view text, const settings::EntryPath& path) {
  fuzz::read_untrusted([&] {
    const bool was_there = settings::find_entry(text, "f", path).has_value();
    const std::string added = settings::with_entry(text, "f", path, fields);
    const auto entry = settings::find_entry(added, "f", path);
    fuzz::require(entry.has_value(), "what is added is there");
    for (const auto& [key, value] : fields.always.items()) {
      fuzz::require(entry->contains(key) && entry->at(key) == value, "it is what was asked");
    }
    fuzz::require(settings::with_entry(added, "f", path, fields) == added, "a second time is no edit");
    settings::without_secrets(added, "f", path);
    const std::string removed = settings::without_entry(added, "f", path);
    fuzz::require(!settings::find_entry(removed, "f", path), "what is removed is gone");
    if (!was_there) fuzz::require(removed == text, "every byte is as it was");
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text = fuzz::text_of(bytes, size);
  try_entry(text, {settings::Format::json, {"mcpServers", "ktx"}});
  try_entry(text, {settings::Format::json, {"mcp", "servers", "ktx"}});
  try_entry(text, {settings::Format::toml, {"mcp_servers", "ktx"}});
  return 0;
}
