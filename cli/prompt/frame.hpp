#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "terminal.hpp"

namespace ktx::cli {

/// How a piece of a question looks, where the terminal has colours.
enum class Tone : std::uint8_t { plain, strong, chosen, faint, wrong };

struct Piece {
  std::string text;
  Tone tone = Tone::plain;
};

/// One line of a question. It never takes more than the width of the terminal.
using FrameLine = std::vector<Piece>;

/// The lines of a question on stderr, drawn again in the same place with every key.
class Frame {
 public:
  explicit Frame(const Terminal& terminal) : terminal_(terminal) {}
  Frame(const Frame&) = delete;
  Frame& operator=(const Frame&) = delete;
  /// Leaves the cursor below what is drawn.
  ~Frame();

  /// Draws `lines` in place of what is there. The cursor is then at `column` of line `row`; with `row` beyond
  /// the last line it is not shown.
  void draw(const std::vector<FrameLine>& lines, std::size_t row, std::size_t column);

  /// Takes the question off the screen.
  void clear();

  /// Draws one last line in place of the question; it may be longer than the terminal is wide.
  void finish(const FrameLine& line);

 private:
  std::string to_start();
  std::string rendered(const FrameLine& line, std::size_t columns) const;

  const Terminal& terminal_;
  bool hidden_ = false;     ///< the cursor
  std::size_t row_ = 0;     ///< of the cursor, from the first line on
  std::size_t height_ = 0;  ///< lines that are drawn
};

}  // namespace ktx::cli
