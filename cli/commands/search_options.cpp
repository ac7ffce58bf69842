#include "commands/search_options.hpp"

#include "commands/whole_number.hpp"

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

}  // namespace ktx::cli
