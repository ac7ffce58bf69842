#include "ktx/runtime/interpreter_json.hpp"

#include <string_view>

namespace ktx::runtime {
namespace {

std::filesystem::path absolute_path(const JsonObject& object, std::string_view key) {
  std::filesystem::path path = object.string(key);
  if (!path.is_absolute()) throw object.wrong(key, "must be an absolute path");
  return path;
}

FileIdentity file_identity(const JsonObject& object) {
  return {absolute_path(object, "path"), object.count("inode"), object.count("size"),
          object.integer("mtimeNs")};
}

std::vector<std::filesystem::path> search_paths(const JsonObject& object) {
  constexpr std::string_view key = "searchPaths";
  std::vector<std::filesystem::path> paths;
  for (const std::string& text : object.strings(key)) {
    if (!paths.emplace_back(text).is_absolute()) throw object.wrong(key, "must hold absolute paths only");
  }
  if (paths.empty()) throw object.wrong(key, "must not be empty");
  return paths;
}

}  // namespace

Json to_json(const Interpreter& interpreter) {
  Json search_paths = Json::array();
  for (const auto& path : interpreter.search_paths) search_paths.push_back(path.string());
  return {{"version", interpreter.version},
          {"tag", interpreter.tag},
          {"soabi", interpreter.soabi},
          {"executable", interpreter.executable.string()},
          {"prefix", interpreter.prefix.string()},
          {"baseExecutable", interpreter.base_executable.string()},
          {"basePrefix", interpreter.base_prefix.string()},
          {"libpython",
           {{"path", interpreter.libpython.path.string()},
            {"inode", interpreter.libpython.inode},
            {"size", interpreter.libpython.size},
            {"mtimeNs", interpreter.libpython.mtime_ns}}},
          {"searchPaths", std::move(search_paths)}};
}

Interpreter interpreter_from_json(const JsonObject& object) {
  return {.version = object.non_empty_string("version"),
          .tag = object.non_empty_string("tag"),
          .soabi = object.non_empty_string("soabi"),
          .executable = absolute_path(object, "executable"),
          .prefix = absolute_path(object, "prefix"),
          .base_executable = absolute_path(object, "baseExecutable"),
          .base_prefix = absolute_path(object, "basePrefix"),
          .libpython = file_identity(object.object("libpython")),
          .search_paths = search_paths(object)};
}

}  // namespace ktx::runtime
