#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ktx/semantic/transport.hpp"
#include "ktx/util/finding.hpp"
#include "ktx/util/json.hpp"

namespace ktx::semantic {

/// The model that a question is about. Its text may take long to make, so it is made only when it is needed:
/// a planner that keeps models is asked by the digest alone.
class Model {
 public:
  /// `sources`: a JSON array, as SourceTree::sources_json returns it.
  explicit Model(std::string sources) : sources_(std::move(sources)) {}
  /// `make` returns such a text, and may throw; `digest` is the text's own, where it is known beforehand.
  explicit Model(std::function<std::string()> make, std::optional<std::string> digest = std::nullopt)
      : make_(std::move(make)), digest_(std::move(digest)) {}

  /// The text; made once.
  const std::string& sources() const;
  /// See `model_digest`. Makes the text unless the digest is known already.
  const std::string& digest() const;

 private:
  std::function<std::string()> make_;
  mutable std::optional<std::string> sources_;
  mutable std::optional<std::string> digest_;
};

/// The request that registers a model with a daemon.
std::string registration_of(const std::string& sources);

/// "sha256:" and the digest of a registration: what the daemon knows the model by.
std::string model_digest(const std::string& registration);

/// A question about a model, in the parts of its request. One operation's request (`QueryRequest`,
/// `ValidationRequest`) becomes one by `question_of`.
struct ModelQuestion {
  std::string_view operation;
  Model model;
  std::string members;  ///< the request's other members, as JSON without the braces
};

/// The whole request, model included, on one line.
std::string encode(const ModelQuestion& question);

/// The reply to the question. A transport that keeps models is asked by the model's digest, and gets the
/// model only if it does not know it.
std::string ask(Transport& transport, const ModelQuestion& question);

/// A measure of the model, or an aggregate over columns that may have a name of its own.
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

/// A semantic query. Absent members are not sent, so the planner's defaults apply.
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
  std::optional<std::string> timezone = std::nullopt;  ///< in which days and months begin: "Europe/Berlin"
  bool fill = false;  ///< whether every period between the first and the last of the answer is to appear
  /// "1 year", or "previous": each measure is shown beside its value that long before.
  std::optional<std::string> compare = std::nullopt;
  std::optional<std::int64_t> top = std::nullopt;  ///< only the best so many groups
  std::vector<std::string> per = {};               ///< of each value of these dimensions
  bool each_once = false;  ///< whether a row counts once in every group of the many side that it belongs to
};

struct QueryRequest {
  Model model;
  Query query;
  std::string dialect;
  bool explain = false;  ///< asks for the plan in words as well
  /// The connection's time zone, where neither the query nor its sources state one.
  std::optional<std::string> timezone = std::nullopt;
  /// When weeks and fiscal years begin: an object, or null.
  Json calendar = nullptr;
};

/// A warning that comes with the planner's answer. It is not a `Finding`: the answer stands beside it, and
/// its severity is whatever word the planner sends, such as "info", which goes into the output as it is.
struct Warning {
  std::string code;
  std::string severity;
  std::string message;
  std::string place;  ///< "file:line:column"; empty when it is about no place in the model
};

/// A statement about a plan, one line of text, and the statements that justify it.
struct Explanation {
  std::string text;
  std::vector<Explanation> children;
};

/// A SQL statement that returns one value that cannot be read as a time although its column should hold
/// times; no row if there is none.
struct TimeCheck {
  std::string source;
  std::string column;
  std::optional<std::string> storage;  ///< how the column stores times, as declared
  bool is_compared = false;  ///< such values make numbers wrong; otherwise they form a group of their own
  std::string sql;
  /// A statement with one column: if that column's type is a type of times, the check is not needed.
  std::optional<std::string> probe;
};

/// A column of a query's result.
struct OutputColumn {
  std::string name;                                       ///< "orders.created_at"
  std::optional<std::string> granularity = std::nullopt;  ///< "month"; of a dimension that is a time
  bool is_part = false;  ///< a measure that is shown only because a derived measure is made of it
};

/// The names, in order.
std::vector<std::string> names_of(const std::vector<OutputColumn>& columns);

// NOLINTNEXTLINE(bugprone-exception-escape): the move of a Json only asserts
struct CompiledQuery {
  std::string sql;
  std::string dialect;
  std::vector<OutputColumn> columns;  ///< of the result, in order
  Json plan;                          ///< an object
  std::vector<Warning> warnings;
  std::string timezone = "UTC";                           ///< of the session in which the SQL is to be run
  std::vector<TimeCheck> checks = {};                     ///< to be run beside the SQL
  std::optional<Explanation> explanation = std::nullopt;  ///< when it was asked for
};

/// Finds where a value of a source was written, by the source's name and a path such as ["joins", 0, "on"];
/// std::nullopt if it is not found.
using Locator = std::function<std::optional<Place>(const std::string& source, const Json& path)>;

/// The operation that answers a `QueryRequest`.
inline constexpr std::string_view query_operation = "semantic-query";

/// The request as a question; equal requests give equal bytes.
ModelQuestion question_of(const QueryRequest& request);

/// Reads the tagged reply. A missing or ill-typed member is an `internal` error that names it; so is a
/// missing explanation if `explain` is set. An error reply is thrown as the `ktx::Error` of its kind
/// (`query`, `model`, `unsupported`, `interpreter`, `internal`), with its place in the model's files before
/// the message.
CompiledQuery decode_query_reply(std::string_view reply, bool explain, const Locator& locate);

/// The reply's document. Throws an `internal` error when it is not JSON.
Json parse_reply(std::string_view reply);

/// The `ok` member of a tagged reply, which must outlive the result. An error reply is thrown as the
/// `ktx::Error` of its kind; a reply that is neither is an `internal` error.
JsonObject answer_of(const Json& document, const Locator& locate);

/// The place of the object's `location` member; std::nullopt if it has none or it is not found.
std::optional<Place> place_of(const JsonObject& object, const Locator& locate);

/// The reply of an operation, known to be no error.
class OperationReply {
 public:
  /// Takes the tagged reply. Throws the error in it as the `ktx::Error` of its kind, and an `internal` error
  /// if it is neither an error nor an answer.
  explicit OperationReply(std::string_view reply);

  /// The answer. The reply must outlive it.
  JsonObject answer() const;

 private:
  Json document_;
};

/// Calls an operation that concerns no model, so that its errors have no place. Throws what `OperationReply`
/// does, and what the transport throws.
OperationReply ask_operation(Transport& transport, std::string_view operation, const Json& request);

/// The operation that writes rows as a Parquet file.
inline constexpr std::string_view parquet_operation = "result-parquet";

/// The file's bytes. `request` has `columns`, each {"name", "type"}, and `rows` of cells, as in
/// docs/boundary.md. Throws the reply's error, and an `internal` error if the reply holds no file.
std::string parquet_file(Transport& transport, const Json& request);

}  // namespace ktx::semantic
