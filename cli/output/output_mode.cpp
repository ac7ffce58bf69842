#include "ktx/output/output_mode.hpp"

#include "ktx/util/error.hpp"

namespace ktx::cli {
namespace {

OutputMode parse(const std::string& name, const std::string& what) {
  if (name == "pretty") return OutputMode::pretty;
  if (name == "plain") return OutputMode::plain;
  if (name == "json") return OutputMode::json;
  throw Error(ErrorKind::usage,
              "Invalid " + what + " value: " + name + ". Expected one of pretty, plain, json.");
}

}  // namespace

OutputMode choose_output_mode(bool json_flag, const std::optional<std::string>& output_option,
                              const Environment& environment, bool out_is_terminal) {
  if (json_flag) return OutputMode::json;
  if (output_option) return parse(*output_option, "--output");
  if (const auto variable = environment.variable("KTX_OUTPUT")) return parse(*variable, "KTX_OUTPUT");
  if (runs_in_ci(environment)) return OutputMode::plain;
  return out_is_terminal ? OutputMode::pretty : OutputMode::plain;
}

}  // namespace ktx::cli
