#include "sl/question_options.hpp"

#include "ktx/app/project_access.hpp"
#include "ktx/app/usage_error.hpp"
#include "options.hpp"
#include "sl/query_file.hpp"

namespace ktx::cli {
namespace {

// An option that may be given several times, with one value each time.
void add_repeatable(CLI::App& command, const std::string& name, std::vector<std::string>& values,
                    const std::string& description, const std::string& value) {
  command.add_option(name, values, description)->allow_extra_args(false)->type_name(value);
}

// A query comes from the file or from the command line, not half from each.
void check_query_file(const CLI::App& command) {
  for (const char* option : {"--measure", "--dimension", "--filter", "--segment", "--order-by", "--join-path",
                             "--timezone", "--limit", "--include-empty", "--no-include-empty", "--fill",
                             "--compare", "--top", "--per", "--each-once"}) {
    if (command.count(option) == 0) continue;
    throw app::usage_error("Choose only one of --query-file and " + std::string(option) +
                           ": the file holds the whole query");
  }
}

// Which groups are shown, and what beside them.
void add_shape_options(CLI::App& command, QuestionArguments& arguments) {
  command.add_option("--limit", arguments.limit, "At most so many rows (default: 1000)")
      ->transform(whole_number(0));
  command.add_flag_callback(
      "--include-empty", [&] { arguments.include_empty = true; },
      "Also show dimension values without any rows (default)");
  command.add_flag_callback(
      "--no-include-empty", [&] { arguments.include_empty = false; }, "Leave these out");
  command.add_flag("--fill", arguments.fill,
                   "Show every period between the first and the last, also one without any rows");
  command
      .add_option("--compare", arguments.compare,
                  "Show each measure beside its value that long before, as \"1 year\", or previous for the "
                  "period before, and how it changed")
      ->type_name("TIME");
  command.add_option("--top", arguments.top, "Only the best so many groups")->transform(whole_number(1));
  add_repeatable(command, "--per", arguments.per,
                 "With --top: the best of each value of this dimension; repeatable", "DIMENSION");
  command.add_flag(
      "--each-once", arguments.each_once,
      "Let measures be grouped by the many side: a row counts once in every group that it belongs "
      "to, so that groups overlap");
}

}  // namespace

void add_question_options(CLI::App& command, QuestionArguments& arguments) {
  command
      .add_option("--connection-id", arguments.connection_id,
                  "The connection (default: the only one of ktx.yaml)")
      ->type_name("ID");
  command
      .add_option(
          "--query-file", arguments.query_file,
          "A JSON file with the whole query, in place of the options below: an object with measures and, if "
          "wanted, dimensions, filters, segments, order_by, limit, include_empty, fill, compare, top, per, "
          "each_once, join_path, timezone; - for stdin")
      ->type_name("FILE");
  add_repeatable(
      command, "--measure", arguments.measures,
      "A measure, as orders.revenue, or an aggregate, as sum(orders.amount); repeatable, at least one",
      "MEASURE");
  add_repeatable(command, "--dimension", arguments.dimensions,
                 "A column to group by, as orders.status, or orders.created_at:month with a granularity; "
                 "repeatable",
                 "DIMENSION");
  add_repeatable(command, "--filter", arguments.filters,
                 "A condition in SQL, as \"orders.amount > 10\"; repeatable", "CONDITION");
  add_repeatable(command, "--segment", arguments.segments, "A segment, as orders.paid; repeatable",
                 "SEGMENT");
  add_repeatable(command, "--order-by", arguments.order_by,
                 "A measure or dimension of the query, with :asc or :desc if wanted; repeatable", "FIELD");
  add_repeatable(command, "--join-path", arguments.join_paths,
                 "The route to take where several are equally short, as orders,customers,regions; repeatable",
                 "SOURCES");
  command
      .add_option("--timezone", arguments.timezone,
                  "Whose days and months are meant, as Europe/Berlin (default: what the sources or the "
                  "connection say, or UTC)")
      ->type_name("ZONE");
  add_shape_options(command, arguments);
}

void check_question(const QuestionArguments& arguments, const CLI::App& command) {
  if (arguments.connection_id) app::check_connection_id(*arguments.connection_id);
  if (arguments.query_file) check_query_file(command);
  if (arguments.measures.empty() && !arguments.query_file) {
    throw app::usage_error("sl " + command.get_name() + " requires at least one --measure");
  }
  if (command.count("--include-empty") > 0 && command.count("--no-include-empty") > 0) {
    throw app::usage_error("Choose only one of --include-empty and --no-include-empty");
  }
  if (!arguments.per.empty() && !arguments.top) throw app::usage_error("--per needs --top");
}

semantic::Query read_question(const QuestionArguments& arguments) {
  semantic::Query query;
  query.measures.assign(arguments.measures.begin(), arguments.measures.end());
  for (const std::string& text : arguments.dimensions) query.dimensions.push_back(parse_dimension(text));
  query.filters = arguments.filters;
  query.segments = arguments.segments;
  for (const std::string& text : arguments.order_by) {
    // A granularity of the project's own may be called anything.
    const bool is_shown = std::ranges::find(arguments.dimensions, text) != arguments.dimensions.end();
    query.order_by.push_back(is_shown ? semantic::OrderBy{text, {}} : parse_order_by(text));
  }
  for (const std::string& text : arguments.join_paths) query.join_path.push_back(parse_join_path(text));
  query.limit = arguments.limit;
  query.include_empty = arguments.include_empty;
  query.fill = arguments.fill;
  query.compare = arguments.compare;
  query.top = arguments.top;
  query.per = arguments.per;
  query.each_once = arguments.each_once;
  query.timezone = arguments.timezone;
  return query;
}

}  // namespace ktx::cli
