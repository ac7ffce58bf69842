#include "prompt.hpp"

#include <iostream>

namespace ktx::cli {

bool confirm(const Terminal& terminal, const std::string& question) {
  terminal.err(question);
  std::string answer;
  if (!std::getline(std::cin, answer)) {
    terminal.err("\n");
    return false;
  }
  return answer.empty() || answer == "y" || answer == "Y" || answer == "yes" || answer == "Yes";
}

}  // namespace ktx::cli
