#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "context.hpp"
#include "ktx/semantic/messages.hpp"

namespace ktx::cli {

/// The words of a question, as typed. Every command that takes one has these.
struct QuestionArguments {
  std::optional<std::string> connection_id;
  std::optional<std::string> query_file;
  std::vector<std::string> measures;
  std::vector<std::string> dimensions;
  std::vector<std::string> filters;
  std::vector<std::string> segments;
  std::vector<std::string> order_by;
  std::vector<std::string> join_paths;
  std::optional<std::int64_t> limit;
  std::optional<bool> include_empty;
  bool fill = false;
  std::optional<std::string> compare;
  std::optional<std::int64_t> top;
  std::vector<std::string> per;
  bool each_once = false;
  std::optional<std::string> timezone;
};

/// Adds --connection-id, --query-file, --measure and the others to a command. `arguments` must outlive it.
void add_question_options(CLI::App& command, QuestionArguments& arguments);

/// Throws a `usage` error for a question that is not whole, or stands in two places.
void check_question(const QuestionArguments& arguments, const CLI::App& command);

/// The question. Throws a `usage` error for a word that is none. It is empty if a file has it (see
/// `read_query_file`).
semantic::Query read_question(const QuestionArguments& arguments);

}  // namespace ktx::cli
