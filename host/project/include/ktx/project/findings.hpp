#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ktx/util/finding.hpp"
#include "ktx/yaml/node.hpp"

namespace ktx::project {

/// Advice on a finding; both may be empty.
struct Help {
  std::string suggestion;
  std::string fix;
};

/// The text in quotes, as messages show it: "text".
std::string in_quotes(std::string_view text);

/// Collects findings about files.
class Findings {
 public:
  /// `files` are what marks refer to, and must outlive this.
  explicit Findings(const std::vector<std::string>& files) : files_(files) {}

  void error(const yaml::Mark& mark, std::string code, std::string message, Help help = {});
  void warning(const yaml::Mark& mark, std::string code, std::string message, Help help = {});
  void add(Severity severity, const yaml::Mark& mark, std::string code, std::string message, Help help);

  /// A finding about a file as a whole.
  void file_error(const std::string& file, std::string code, std::string message, Help help);

  /// "file:line".
  std::string place(const yaml::Mark& mark) const;

  /// Sets the source that the next findings are about; empty for none.
  void about(std::string source) { source_ = std::move(source); }

  std::vector<Finding> found;

 private:
  const std::vector<std::string>& files_;
  std::string source_;
};

/// The candidate that a misspelt `name` was probably meant to be; empty when none is close. Close is an
/// edit distance (with swapped neighbours as one edit, case ignored) of at most two, and at most a third
/// of the longer name; of equally close candidates the first wins.
std::string closest(std::string_view name, const std::vector<std::string_view>& candidates);

}  // namespace ktx::project
