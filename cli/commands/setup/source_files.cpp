#include "setup/source_files.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "ktx/project/project.hpp"
#include "ktx/project/source_file.hpp"
#include "ktx/project/source_tree.hpp"
#include "ktx/semantic/driver.hpp"
#include "ktx/semantic/introspection.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/util/interrupt.hpp"

namespace ktx::cli {
namespace {

// Leaves out what is the default anyway, so that the file is short to read.
Json without_defaults(const Json& value) {
  if (value.is_array()) {
    Json list = Json::array();
    for (const Json& item : value) list.push_back(without_defaults(item));
    return list;
  }
  if (!value.is_object()) return value;
  Json object = Json::object();
  for (const auto& [key, member] : value.items()) {
    const bool usual = (key == "visibility" && member == "public") || (key == "role" && member == "default");
    if (!usual && !(member.is_array() && member.empty())) object[key] = without_defaults(member);
  }
  return object;
}

bool knows(const project::SourceTree& tree, const std::string& name) {
  return std::ranges::any_of(tree.sources,
                             [&](const project::Source& source) { return source.name == name; });
}

}  // namespace

std::size_t write_first_sources(SetupSession& session, semantic::Transport& python,
                                const project::Connection& connection,
                                const std::vector<semantic::DatabaseTable>& tables) {
  const std::string dialect =
      semantic::dialect_of_driver(connection.driver.value_or("")).value_or(semantic::default_dialect);
  const auto first = semantic::first_sources(python, tables, dialect);
  for (const std::string& note : first.notes) session.say(note);
  const InterruptGuard guard;  // a signal waits until all of them are written
  discard_first_sources(session, connection.id);
  auto& made = session.memory().sources[connection.id];
  // After the removal: what this run had made before must not count as existing.
  const project::SourceTree tree = project::load_source_tree(session.directory(), connection.id);
  const std::string folder = "semantic-layer/" + connection.id + "/";
  project::make_folder(session.directory() / folder);
  std::size_t written = 0;
  for (const semantic::FirstSource& source : first.sources) {
    const std::string file = folder + project::source_file_name(source.name);
    // Also a source of that name in a file of another name.
    if (knows(tree, source.name) || path_exists(session.directory() / file)) continue;
    const std::string text = project::source_yaml(without_defaults(source.definition));
    write_user_file(session.directory() / file, text);
    session.add_file(file);
    made[file] = text;
    ++written;
  }
  throw_if_interrupted();
  return written;
}

void discard_first_sources(SetupSession& session, const std::string& id) {
  const auto made = session.memory().sources.extract(id);
  if (made.empty()) return;
  for (const auto& [file, text] : made.mapped()) {
    const auto path = session.directory() / file;
    // Somebody has changed it since; it stays.
    if (read_file_if_exists(path) != text) continue;
    std::error_code fault;
    std::filesystem::remove(path, fault);
    if (fault) throw system_error("Cannot remove", path.string(), fault.value());
    session.forget_file(file);
  }
  std::error_code not_empty;  // remove() fails if somebody has files there, and that is right
  std::filesystem::remove(session.directory() / "semantic-layer" / id, not_empty);
}

}  // namespace ktx::cli
