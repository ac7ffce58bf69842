#include "pip_download.hpp"

#include <algorithm>
#include <string_view>

#include "command_fault.hpp"
#include "ktx/runtime/child_environment.hpp"

namespace ktx::runtime {
namespace {

/// What stands between `start`, where it occurs last, and `end`; empty when it does not.
std::string_view between_last(std::string_view text, std::string_view start, std::string_view end) {
  const std::size_t at = text.rfind(start);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + start.size());
  return text.substr(0, text.find(end));
}

std::string_view without_blanks(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

void append_links(std::vector<std::string>& arguments, const std::vector<std::string>& links) {
  for (const std::string& link : links) arguments.insert(arguments.end(), {"--find-links", link});
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::string_view part = text.substr(0, text.find(separator));
    if (!part.empty()) parts.emplace_back(part);
    text.remove_prefix(std::min(part.size() + 1, text.size()));
  }
  return parts;
}

std::vector<std::string> arguments(const Environment& environment, const PipDownload& download) {
  std::vector<std::string> words = download.python.pip();
  words.insert(words.end(),
               {"download", "--no-deps", "--require-hashes", "--no-binary", ":none:", "--only-binary",
                ":all:", "--no-input", "--disable-pip-version-check", "--no-color", "--progress-bar", "off",
                "--dest", download.destination.string(), "-r", download.requirements.string()});
  append_links(words, download.find_links);
  // A variable of pip's own separates by blanks, which folders may have in their names.
  if (const auto links = environment.variable("UV_FIND_LINKS")) append_links(words, split(*links, ','));
  if (download.no_index) words.emplace_back("--no-index");
  return words;
}

/// The line for a pip that ended so.
std::string describe_pip_failure(const CommandResult& result) {
  if (result.end != CommandResult::End::exited) return "pip: " + result.describe();
  const std::string text = result.out + result.err;
  if (text.find("DO NOT MATCH THE HASHES") != std::string::npos) {
    return "the package index offers a file whose SHA-256 is not one of those that ktx pins (it is " +
           std::string(without_blanks(between_last(text, " Got ", "\n"))) + "); nothing of it was kept";
  }
  const std::string_view error = without_blanks(between_last(text, "ERROR: ", "\n"));
  std::string line = "pip: " + (error.empty() ? result.describe() : std::string(error));
  // pip's last words are about the package that it lacks then; why comes before them.
  if (const auto fault = fault_in(text)) return fault->message + "; " + line;
  if (text.find("(from versions: none)") != std::string::npos) {
    line += " (the package index did not answer, or has none for this Python)";
  }
  return line;
}

}  // namespace

std::optional<std::string> pip_download(CommandRunner& runner, const Environment& environment,
                                        const PipDownload& download) {
  const CommandResult result = runner.run({.argv = arguments(environment, download),
                                           .environment = pip_environment(environment),
                                           .directory = download.destination,
                                           .time_limit = download.time_limit});
  if (result.succeeded()) return std::nullopt;
  return describe_pip_failure(result);
}

}  // namespace ktx::runtime
