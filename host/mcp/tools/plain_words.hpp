#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ktx::mcp {

/// The words of a text in lower case.
std::vector<std::string> words_of(const std::string& text);

/// Whether a word is among the words, be it in the singular or the plural.
bool has_word(const std::vector<std::string>& words, std::string_view word);

/// Whether all of `wanted`, of which there is one at least, are among the words.
bool has_all(const std::vector<std::string>& words, const std::vector<std::string>& wanted);

/// The words that a field of a model is called by: those of its name, or, if that only says that a row has a
/// name, those of its source: "regions.name" is "regions".
std::vector<std::string> own_words(const std::string& source, const std::string& name);

}  // namespace ktx::mcp
