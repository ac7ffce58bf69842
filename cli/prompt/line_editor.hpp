#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "prompt/keys.hpp"

namespace ktx::cli {

/// One line of text while it is typed.
class LineEditor {
 public:
  /// Begins with `text`, and the cursor behind it.
  explicit LineEditor(std::string_view text = {});

  /// Whether the key changed anything.
  bool press(const Key& key);

  std::string text() const;
  bool empty() const { return characters_.empty(); }

  /// The part of the text around the cursor that fits into `columns` cells (at least one), and the cursor's
  /// cell in it.
  struct View {
    std::string text;
    std::size_t cursor = 0;
  };
  View view(std::size_t columns) const;

 private:
  void erase_word();

  std::vector<std::string> characters_;  ///< one code point each
  std::size_t cursor_ = 0;               ///< before which of them
};

}  // namespace ktx::cli
