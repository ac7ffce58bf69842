#include "search_options.hpp"

#include "python_options.hpp"
#include "whole_number.hpp"

namespace ktx::cli {

void add_search_options(CLI::App& command, SearchOptions& options, const std::string& found) {
  constexpr int most_found = 1'000'000;
  command.add_option("words", options.words, "What to look for; all " + found + " when there are none");
  command.add_option("--limit", options.limit, "At most so many " + found + " (default: 10)")
      ->transform(whole_number(1, most_found))
      ->type_name("N");
  command.add_flag("--reindex", options.reindex, "Make the search index anew first");
  add_list_output_options(command, options.output);
  add_python_options(command, options.python);
}

search::Request search_request(const SearchOptions& options) {
  search::Request request;
  for (const std::string& word : options.words) {
    if (!request.query.empty()) request.query += ' ';
    request.query += word;
  }
  request.limit = options.limit;
  request.reindex = options.reindex;
  return request;
}

void note_lanes(const Context& context, const Lanes& lanes, OutputMode mode, bool may_be_installed) {
  if (mode != OutputMode::json) context.terminal.err(render_lane_notes(lanes));
  const bool for_a_person = mode == OutputMode::pretty && context.terminal.out_is_terminal();
  if (for_a_person && may_be_installed && lacks_embeddings(lanes)) {
    context.note("To search by meaning too: ktx runtime install --feature local-embeddings --yes");
  }
}

}  // namespace ktx::cli
