#include "first_word.hpp"

namespace ktx::cli {

const CLI::Option* option_of(const std::string& argument, const std::vector<const CLI::App*>& commands) {
  const std::string name = argument.substr(0, argument.find('='));
  for (const CLI::App* command : commands) {
    if (const CLI::Option* option = command->get_option_no_throw(name)) return option;
  }
  return nullptr;
}

std::size_t first_word(const std::vector<std::string>& arguments, std::size_t begin,
                       const std::vector<const CLI::App*>& commands) {
  for (std::size_t i = begin; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (argument == "--") return i;
    if (argument.size() < 2 || argument[0] != '-') return i;
    const CLI::Option* option = option_of(argument, commands);
    const bool takes_value = option != nullptr && option->get_items_expected_min() > 0;
    if (takes_value && argument.find('=') == std::string::npos) ++i;
  }
  return arguments.size();
}

}  // namespace ktx::cli
