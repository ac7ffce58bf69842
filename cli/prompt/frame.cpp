#include "prompt/frame.hpp"

#include <algorithm>
#include <string_view>

#include "output/text_width.hpp"

namespace ktx::cli {
namespace {

std::string toned(const std::string& text, Tone tone, const Style& style) {
  switch (tone) {
    case Tone::strong: return style.bold(text);
    case Tone::chosen: return style.hint(text);
    case Tone::faint: return style.dim(text);
    case Tone::wrong: return style.error(text);
    default: return text;
  }
}

std::string moved(std::size_t count, char direction) {
  return count == 0 ? std::string() : "\x1b[" + std::to_string(count) + direction;
}

}  // namespace

Frame::~Frame() {
  std::string text = hidden_ ? "\x1b[?25h" : "";
  if (height_ > 0) text += moved(height_ - 1 - row_, 'B') + "\r\n";
  terminal_.err(text);
}

void Frame::draw(const std::vector<FrameLine>& lines, std::size_t row, std::size_t column) {
  // The last cell stays free: writing there may move the cursor to the next line.
  const std::size_t columns = std::max<std::size_t>(terminal_.err_columns(), 2) - 1;
  std::string text = to_start();
  for (std::size_t i = 0; i < lines.size(); ++i) text += (i == 0 ? "" : "\n") + rendered(lines[i], columns);
  height_ = lines.size();
  const bool hide = row >= height_;
  row_ = hide ? height_ - 1 : row;
  text += moved(height_ - 1 - row_, 'A');
  if (!hide) text += "\r" + moved(std::min(column, columns), 'C');
  if (hide != hidden_) text += hide ? "\x1b[?25l" : "\x1b[?25h";
  hidden_ = hide;
  terminal_.err(text);
}

void Frame::clear() {
  terminal_.err(to_start());
  height_ = 0;
  row_ = 0;
}

void Frame::finish(const FrameLine& line) {
  std::string text = to_start();
  for (const Piece& piece : line) text += toned(printable(piece.text), piece.tone, terminal_.err_style());
  height_ = 0;
  terminal_.err(text + "\n");
}

std::string Frame::to_start() { return height_ == 0 ? "" : "\r" + moved(row_, 'A') + "\x1b[J"; }

std::string Frame::rendered(const FrameLine& line, std::size_t columns) const {
  std::string text;
  std::size_t left = columns;
  for (const Piece& piece : line) {
    const std::string fit = cut_to_width(printable(piece.text), left);
    text += toned(fit, piece.tone, terminal_.err_style());
    left -= std::min(left, display_width(fit));
  }
  return text;
}

}  // namespace ktx::cli
