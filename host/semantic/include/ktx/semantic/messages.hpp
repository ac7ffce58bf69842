#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ktx/semantic/model_question.hpp"
#include "ktx/util/json.hpp"

namespace ktx::semantic {

/// A measure of the model, or an aggregate over columns, perhaps with a name of its own in the answer.
struct Measure {
  // NOLINTBEGIN(google-explicit-constructor): most measures are a text, and are written as one
  Measure(std::string text) : expr(std::move(text)) {}
  Measure(const char* text) : expr(text) {}
  // NOLINTEND(google-explicit-constructor)

  std::string expr;                 ///< "orders.revenue", "sum(orders.amount)"
  std::optional<std::string> name;  ///< "big_orders"
};

struct Dimension {
  std::string field;                       ///< "orders.created_at"
  std::optional<std::string> granularity;  ///< "month"
};

struct OrderBy {
  std::string field;
  std::optional<std::string> direction;  ///< "asc" or "desc"
};

/// A semantic query. What is absent is not sent: the planner's defaults hold.
struct Query {
  std::vector<Measure> measures;
  std::vector<Dimension> dimensions;
  std::vector<std::string> filters;
  std::vector<std::string> segments;  ///< "source.segment"
  std::vector<OrderBy> order_by;
  std::optional<std::int64_t> limit;
  std::optional<bool> include_empty;
  /// Routes to take where several are equally short: names of sources, the measure's first.
  std::vector<std::vector<std::string>> join_path;
  std::optional<std::string> timezone = std::nullopt;  ///< whose days and months are meant: "Europe/Berlin"
};

struct QueryRequest {
  Model model;
  Query query;
  std::string dialect;
  bool explain = false;  ///< asks for the plan in words as well
  /// The connection's time zone, where neither the query nor its sources state one.
  std::optional<std::string> timezone = std::nullopt;
};

/// What the planner says beside its answer.
struct Warning {
  std::string code;
  std::string severity;
  std::string message;
  std::string place;  ///< "file:line:column"; empty when it is about no place in the model
};

/// A statement about a plan, one line of text, and the statements that it rests on.
struct Explanation {
  std::string text;
  std::vector<Explanation> children;
};

/// A statement that gives a value which cannot be read as the time that its column should be, or no row.
struct TimeCheck {
  std::string source;
  std::string column;
  std::optional<std::string> storage;  ///< how the column says that it keeps times
  bool is_compared = false;  ///< such values make numbers wrong; otherwise they stand in a group of their own
  std::string sql;
  /// Where the one column of its result is of a type of times, there is nothing to look for.
  std::optional<std::string> probe;
};

// NOLINTNEXTLINE(bugprone-exception-escape): the move of a Json only asserts
struct CompiledQuery {
  std::string sql;
  std::string dialect;
  std::vector<std::string> columns;  ///< the names of the result's columns, in order
  Json plan;                         ///< an object
  std::vector<Warning> warnings;
  std::string timezone = "UTC";                           ///< of the session in which the SQL is to be run
  std::vector<TimeCheck> checks = {};                     ///< to be run beside the SQL
  std::optional<Explanation> explanation = std::nullopt;  ///< when it was asked for
};

/// Finds where a value of a source was written: its name, a path such as ["joins", 0, "on"] →
/// "file:line:column", or nothing.
using Locator = std::function<std::optional<std::string>(const std::string& source, const Json& path)>;

/// The operation that answers a `QueryRequest`.
inline constexpr std::string_view query_operation = "semantic-query";

/// What is asked, as JSON on one line; equal requests give equal bytes.
ModelQuestion question(const QueryRequest& request);

/// Reads the tagged reply. A missing or ill-typed member is an `internal` error that names it, and so is the
/// explanation when `explain` says that it was asked for. An error
/// reply is thrown as the `ktx::Error` of its kind (`query`, `model`, `unsupported`, `interpreter`,
/// `internal`), with its place in the model's files before the message.
CompiledQuery decode_query_reply(std::string_view reply, bool explain, const Locator& locate);

}  // namespace ktx::semantic
