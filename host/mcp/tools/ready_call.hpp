#pragma once

#include <functional>
#include <string>
#include <vector>

#include "fields.hpp"
#include "ktx/util/json.hpp"

namespace ktx::mcp {

/// What of a model a question in words is about.
struct QuestionMatter {
  std::string query;
  std::vector<Field> measures;  ///< the best first
  std::vector<Field> dimensions;
  std::vector<Field> segments;
  std::vector<std::pair<std::string, search::DictionaryMatch>> values;  ///< by "connection/source"
};

/// The words behind the first that says what to group by: "by", "per", "each".
std::vector<std::string> grouped_by(const std::vector<std::string>& words);

/// Arguments of `sl_query` that answer the question: its best measure, the dimensions behind "by", "per" or
/// "for each", a granularity of time that it names, and filters for values and segments that it names. Of
/// what is thought of, `compiles` decides: what does not fit is left out, or the next measure is tried. Null
/// if nothing compiles.
Json ready_call(const Model& model, const QuestionMatter& matter,
                const std::function<bool(const Json& arguments)>& compiles);

}  // namespace ktx::mcp
