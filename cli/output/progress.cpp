#include "output/progress.hpp"

namespace ktx::cli {
namespace {

constexpr const char* start_of_empty_line = "\r\x1b[K";

}  // namespace

Progress::Progress(const Terminal& terminal, bool only_on_terminals)
    : terminal_(terminal), only_on_terminals_(only_on_terminals) {}

Progress::~Progress() { clear(); }

void Progress::step(const std::string& text) {
  if (terminal_.err_is_terminal()) {
    terminal_.err(start_of_empty_line + text + "…");
    line_shown_ = true;
  } else if (!only_on_terminals_) {
    terminal_.err(text + "\n");
  }
}

void Progress::notice(const std::string& text) {
  clear();
  terminal_.err(text + "\n");
}

void Progress::clear() {
  if (line_shown_) terminal_.err(start_of_empty_line);
  line_shown_ = false;
}

}  // namespace ktx::cli
