#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ktx/project/diagnostic.hpp"
#include "ktx/project/yaml_node.hpp"

namespace ktx::project {

/// What helps with a finding; both may be empty.
struct Help {
  std::string suggestion;
  std::string fix;
};

/// The text as messages show what stands in a file: "text".
std::string in_quotes(std::string_view text);

/// Collects findings about files.
class Findings {
 public:
  /// `files` are what marks refer to, and must outlive this.
  explicit Findings(const std::vector<std::string>& files) : files_(files) {}

  void error(const Mark& mark, std::string code, std::string message, Help help = {});
  void warning(const Mark& mark, std::string code, std::string message, Help help = {});
  void add(Severity severity, const Mark& mark, std::string code, std::string message, Help help);

  /// A finding about a file as a whole.
  void file_error(const std::string& file, std::string code, std::string message, Help help);

  /// "file:line".
  std::string place(const Mark& mark) const;

  /// The source that findings are about from here on; empty for none.
  void about(std::string source) { source_ = std::move(source); }

  std::vector<Diagnostic> diagnostics;

 private:
  const std::vector<std::string>& files_;
  std::string source_;
};

}  // namespace ktx::project
