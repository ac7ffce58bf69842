#include "setup/source_files.hpp"

#include <algorithm>

#include "ktx/project/scaffold.hpp"
#include "ktx/project/source_tree.hpp"
#include "ktx/project/source_writing.hpp"
#include "ktx/semantic/dialect.hpp"
#include "ktx/semantic/first_sources.hpp"
#include "ktx/util/atomic_file.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/util/interrupt.hpp"

namespace ktx::cli {
namespace {

/// Without what a source has anyway when its file says nothing.
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
  const project::SourceTree tree = project::load_source_tree(session.directory(), connection.id);
  const std::string folder = "semantic-layer/" + connection.id + "/";
  project::make_folder(session.directory() / folder);
  const InterruptGuard guard;  // all of them or, with a signal before, none
  std::size_t written = 0;
  for (const semantic::FirstSource& source : first.sources) {
    const std::string file = folder + project::source_file_name(source.name);
    if (knows(tree, source.name) || path_exists(session.directory() / file)) continue;
    write_file_atomically(session.directory() / file,
                          project::source_yaml(without_defaults(source.definition)));
    session.add_file(file);
    ++written;
  }
  throw_if_interrupted();
  return written;
}

}  // namespace ktx::cli
