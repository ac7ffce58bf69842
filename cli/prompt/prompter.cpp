#include "prompt/prompter.hpp"

#include <algorithm>
#include <string_view>

#include "output/output_mode.hpp"
#include "prompt/key_prompter.hpp"
#include "prompt/line_prompter.hpp"

namespace ktx::cli {
namespace {

bool is_variable_name(std::string_view name) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto allowed = [&](char c) {
    return c == '_' || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || is_digit(c);
  };
  return !name.empty() && std::ranges::all_of(name, allowed) && !is_digit(name[0]);
}

}  // namespace

bool may_ask(const Context& context, const InstallPolicyOptions& options) {
  return !options.yes && !options.no_input && context.terminal.in_is_terminal() &&
         context.terminal.err_is_terminal() && !runs_in_ci(context.environment);
}

std::unique_ptr<Prompter> make_prompter(const Context& context) {
  const std::string kind = context.environment.variable("TERM").value_or("dumb");
  if (kind == "dumb") return std::make_unique<LinePrompter>(context.terminal);
  return std::make_unique<KeyPrompter>(context.terminal);
}

bool is_secret_reference(const std::string& text) {
  constexpr std::string_view variable = "env:";
  constexpr std::string_view file = "file:";
  const std::string_view view = text;
  if (view.starts_with(variable)) return is_variable_name(view.substr(variable.size()));
  return view.starts_with(file) && view.size() > file.size();
}

TextQuestion secret_question(const std::string& title, const std::string& example) {
  return {.title = title,
          .initial = example,
          .hint = "where it is kept: env:NAME or file:/path; the secret itself is never stored",
          .check = [](const std::string& text) -> std::string {
            if (is_secret_reference(text)) return {};
            return "Write env:NAME or file:/path, not the secret itself";
          },
          .may_be_secret = true};
}

}  // namespace ktx::cli
