#include "sqlite_location.hpp"

#include <array>
#include <charconv>
#include <string>
#include <string_view>

#include "ktx/project/config.hpp"
#include "ktx/util/error.hpp"

namespace ktx::database {
namespace {

/// Undoes %20 and the like.
std::string percent_decoded(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned int code = 0;
    const char* digits = text.data() + i + 1;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(digits, digits + 2, code, 16).ptr == digits + 2) {
      result += static_cast<char>(code);
      i += 2;
    } else {
      result += text[i];
    }
  }
  return result;
}

/// "sqlite:///data/x.db?mode=ro" → "/data/x.db"; "sqlite:data/x.db" → "data/x.db".
std::string path_of_url(std::string_view url) {
  constexpr std::array<std::string_view, 4> schemes = {"sqlite://", "sqlite:", "file://", "file:"};
  for (const std::string_view scheme : schemes) {
    if (!url.starts_with(scheme)) continue;
    url.remove_prefix(scheme.size());
    return percent_decoded(url.substr(0, url.find_first_of("?#")));
  }
  return std::string(url);
}

}  // namespace

std::filesystem::path sqlite_file(const project::Connection& connection, const Environment& environment,
                                  const std::filesystem::path& project_directory) {
  const std::string setting = "connections." + connection.id;
  std::string path;
  if (connection.path) {
    path = project::resolve_secret(*connection.path, setting + ".path", environment, project_directory);
  } else if (connection.url) {
    const bool is_reference = connection.url->starts_with("env:");
    path = path_of_url(is_reference ? project::resolve_secret(*connection.url, setting + ".url", environment,
                                                              project_directory)
                                    : *connection.url);
  }
  if (path.empty()) {
    throw Error(ErrorKind::connection, "The SQLite connection " + connection.id + " names no database file",
                "Set " + setting + ".path in ktx.yaml");
  }
  return (project_directory / path).lexically_normal();
}

}  // namespace ktx::database
