#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ktx::cli {

/// The number of terminal cells that a text takes: none for combining marks, two for East Asian wide
/// characters and emoji.
std::size_t display_width(std::string_view text);

/// The text, or as much of its beginning as fits into `columns` cells with the mark behind it. The mark takes
/// one cell.
std::string cut_to_width(std::string_view text, std::size_t columns, std::string_view mark = "…");

/// The text, or as much of its end as fits into `columns` cells with the mark before it.
std::string cut_start_to_width(std::string_view text, std::size_t columns, std::string_view mark = "…");

/// The text in lines of at most `columns` cells, broken between words. A word that is longer gets a line of
/// its own.
std::vector<std::string> wrapped(std::string_view text, std::size_t columns);

/// Breaks each line of a text as `wrapped` does and keeps its indentation; returns the text unchanged without
/// `columns`. A command to be copied ("Run: ktx …", or what is in backticks) stays on one line.
std::string broken_between_words(std::string_view text, std::optional<std::size_t> columns);

/// Lines that are commands, those that do not fit broken between words with a backslash before each break, so
/// that a shell takes what is copied; returns the text unchanged without `columns`.
std::string commands_to_copy(std::string_view text, std::optional<std::size_t> columns);

}  // namespace ktx::cli
