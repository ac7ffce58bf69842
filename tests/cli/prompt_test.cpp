#include <gtest/gtest.h>

#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "editing.hpp"
#include "keyboard.hpp"
#include "ktx/terminal/prompts.hpp"
#include "ktx/terminal/text_width.hpp"

namespace ktx::cli {
namespace {

using Kinds = std::vector<KeyKind>;

std::vector<Key> keys_of(std::string_view bytes) {
  KeyDecoder decoder;
  decoder.add(bytes);
  std::vector<Key> keys;
  while (auto key = decoder.next(true)) keys.push_back(*key);
  return keys;
}

Kinds kinds_of(std::string_view bytes) {
  Kinds kinds;
  for (const Key& key : keys_of(bytes)) kinds.push_back(key.kind);
  return kinds;
}

Key text_key(std::string text) { return {KeyKind::text, std::move(text)}; }

void type_into(LineEditor& editor, std::string_view bytes) {
  for (const Key& key : keys_of(bytes)) editor.press(key);
}

void type_into(ChoiceList& list, std::string_view bytes) {
  for (const Key& key : keys_of(bytes)) list.press(key);
}

std::string text_of(const FrameLine& line) {
  std::string text;
  for (const Piece& piece : line) text += piece.text;
  return text;
}

std::vector<std::string> texts_of(const ChoiceList& list, std::size_t height) {
  std::vector<std::string> texts;
  for (const FrameLine& line : list.lines(height)) texts.push_back(text_of(line));
  return texts;
}

std::vector<Choice> letters(std::size_t count) {
  std::vector<Choice> choices;
  for (std::size_t i = 0; i < count; ++i) choices.push_back({std::string(1, static_cast<char>('a' + i))});
  return choices;
}

TEST(PromptKeys, SequencesOfTerminals) {
  EXPECT_EQ(kinds_of("\x1b[A\x1bOB\x1b[1~\x1b[F\x1b[3~"),
            (Kinds{KeyKind::up, KeyKind::down, KeyKind::home, KeyKind::end, KeyKind::erase}));
  EXPECT_EQ(kinds_of("\r\x7f\x15\x17\x04"), (Kinds{KeyKind::enter, KeyKind::backspace, KeyKind::clear_line,
                                                   KeyKind::erase_word, KeyKind::end_of_input}));
}

TEST(PromptKeys, BothWaysBack) {
  EXPECT_EQ(kinds_of("\x1b[Z\x1b"), (Kinds{KeyKind::escape, KeyKind::escape}));
}

TEST(PromptKeys, UnknownOnesMeanNothing) {
  EXPECT_EQ(kinds_of("\x1b[15~\t\x1b[1;5Ax"),
            (Kinds{KeyKind::other, KeyKind::other, KeyKind::other, KeyKind::text}));
  EXPECT_EQ(kinds_of("\xff"), (Kinds{KeyKind::other}));
}

TEST(PromptKeys, ASequenceOrACharacterInPieces) {
  KeyDecoder decoder;
  decoder.add("\x1b");
  EXPECT_FALSE(decoder.next(false));
  decoder.add("[");
  EXPECT_FALSE(decoder.next(false));
  decoder.add("B\xe4");
  EXPECT_EQ(decoder.next(false), (Key{KeyKind::down, {}}));
  EXPECT_FALSE(decoder.next(false));
  decoder.add("\xb8\xad");
  EXPECT_EQ(decoder.next(false), text_key("中"));
  EXPECT_FALSE(decoder.is_waiting());
}

TEST(PromptKeys, AnEscapeByItselfIsAKeyOnceNothingFollows) {
  KeyDecoder decoder;
  decoder.add("\x1b");
  EXPECT_FALSE(decoder.next(false));
  EXPECT_EQ(decoder.next(true), (Key{KeyKind::escape, {}}));
}

TEST(PromptKeys, ALineBreakThatIsPastedIsNoEnter) {
  const auto keys = keys_of("\x1b[200~a\r\n\x04\x1b[Ab\x1b[201~\r");
  std::string text;
  for (const Key& key : keys) text += key.text;
  EXPECT_EQ(text, "ab");
  Kinds others;
  for (const Key& key : keys) {
    if (key.kind != KeyKind::text && key.kind != KeyKind::other) others.push_back(key.kind);
  }
  EXPECT_EQ(others, (Kinds{KeyKind::enter}));
}

TEST(PromptKeys, YesOrNo) {
  EXPECT_EQ(yes_or_no_of(text_key("Y"), false), true);
  EXPECT_EQ(yes_or_no_of(text_key("n"), true), false);
  EXPECT_EQ(yes_or_no_of({KeyKind::enter, {}}, false), false);
  EXPECT_EQ(yes_or_no_of({KeyKind::enter, {}}, true), true);
  EXPECT_EQ(yes_or_no_of(text_key("j"), true), std::nullopt);
  EXPECT_EQ(yes_or_no_of({KeyKind::down, {}}, true), std::nullopt);
}

TEST(PromptText, EditsInTheMiddle) {
  LineEditor editor;
  type_into(editor, "shap.db\x1b[D\x1b[D\x1b[D\x1b[D\x7fo");
  EXPECT_EQ(editor.text(), "shop.db");
  type_into(editor, "\x01my-\x05!");
  EXPECT_EQ(editor.text(), "my-shop.db!");
  type_into(editor, "\x1b[D\x1b[3~");
  EXPECT_EQ(editor.text(), "my-shop.db");
}

TEST(PromptText, ErasesWordsAndLines) {
  LineEditor editor("one two  ");
  type_into(editor, "\x17");
  EXPECT_EQ(editor.text(), "one ");
  type_into(editor, "\x15");
  EXPECT_TRUE(editor.empty());
  type_into(editor, "\x7f\x1b[3~\x1b[D");
  EXPECT_TRUE(editor.empty());
}

TEST(PromptText, AnEarlierAnswerStandsThere) {
  LineEditor editor("env:Ä中");
  EXPECT_EQ(editor.text(), "env:Ä中");
  type_into(editor, "\x7f\x7fX");
  EXPECT_EQ(editor.text(), "env:X");
}

TEST(PromptText, APastedAddressIsTakenWhole) {
  const std::string address =
      "postgresql://reader@db.example.com:5432/shop?sslmode=require&x=" + std::string(300, 'y');
  LineEditor editor;
  type_into(editor, address);
  EXPECT_EQ(editor.text(), address);
}

TEST(PromptText, UnknownKeysChangeNothing) {
  LineEditor editor("x");
  EXPECT_FALSE(editor.press({KeyKind::other, {}}));
  EXPECT_FALSE(editor.press({KeyKind::down, {}}));
  EXPECT_EQ(editor.text(), "x");
}

TEST(PromptText, ANarrowTerminalShowsThePartAroundTheCursor) {
  LineEditor editor("abcdefghij");
  EXPECT_EQ(editor.view(5).text, "ghij");
  EXPECT_EQ(editor.view(5).cursor, 4U);
  type_into(editor, "\x01");
  EXPECT_EQ(editor.view(5).text, "abcde");
  EXPECT_EQ(editor.view(5).cursor, 0U);
}

TEST(PromptText, WideCharactersTakeTwoCells) {
  LineEditor editor("中中中中");
  for (std::size_t columns = 1; columns < 12; ++columns) {
    const auto view = editor.view(columns);
    EXPECT_LE(display_width(view.text), columns);
    EXPECT_EQ(view.cursor, display_width(view.text));
  }
  EXPECT_EQ(editor.view(5).text, "中中");
}

TEST(PromptSelect, ThePointerGoesRound) {
  const auto choices = letters(3);
  ChoiceList list(choices, 1, {});
  type_into(list, "\x1b[A\x1b[A");
  EXPECT_EQ(list.pointer(), 2U);
  type_into(list, "j");
  EXPECT_EQ(list.pointer(), 0U);
  type_into(list, "3");
  EXPECT_EQ(list.pointer(), 2U);
  type_into(list, "\x1b[H");
  EXPECT_EQ(list.pointer(), 0U);
}

TEST(PromptSelect, OtherKeysMeanNothing) {
  const auto choices = letters(3);
  ChoiceList list(choices, 1, {});
  for (const char* key : {"9", "0", " ", "a", "x", "中"}) EXPECT_FALSE(list.press(text_key(key))) << key;
  EXPECT_FALSE(list.press({KeyKind::other, {}}));
  EXPECT_EQ(list.pointer(), 1U);
}

TEST(PromptSelect, ALowTerminalShowsThoseAroundThePointer) {
  const auto choices = letters(9);
  ChoiceList list(choices, 4, {});
  EXPECT_EQ(texts_of(list, 3), (std::vector<std::string>{"  d  (3 more)", "> e", "  f  (3 more)"}));
  EXPECT_EQ(texts_of(list, 1), (std::vector<std::string>{"> e  (4 more)"}));
  EXPECT_EQ(list.lines(0).size(), 1U);
  EXPECT_EQ(list.lines(99).size(), 9U);
}

TEST(PromptMany, OneOrAllOnAndOff) {
  const auto choices = letters(3);
  ChoiceList list(choices, 0, {false, true, false});
  type_into(list, " ");
  EXPECT_EQ(list.marked(), (std::vector<std::size_t>{0, 1}));
  type_into(list, "j ");
  EXPECT_EQ(list.marked(), (std::vector<std::size_t>{0}));
  type_into(list, "a");
  EXPECT_EQ(list.marked().size(), 3U);
  type_into(list, "a");
  EXPECT_TRUE(list.marked().empty());
  EXPECT_EQ(texts_of(list, 9)[1], "> [ ] b");
}

TEST(PromptLines, NumbersInAnyOrder) {
  EXPECT_EQ(chosen_numbers("3, 1 1", 3), (std::vector<std::size_t>{0, 2}));
  EXPECT_EQ(chosen_numbers("", 3), std::vector<std::size_t>{});
  for (const char* wrong : {"0", "4", "x", "1;2", "99999999999999999999"}) {
    EXPECT_EQ(chosen_numbers(wrong, 3), std::nullopt) << wrong;
  }
}

TEST(Prompt, TakesAnEmptyLineForYesAndTheEndForNo) {
  const auto answer = [](const std::string& input) {
    std::istringstream stream(input);
    std::streambuf* former = std::cin.rdbuf(stream.rdbuf());
    std::cin.clear();
    const bool agreed = confirm(Terminal(), "Install now? [Y/n] ");
    std::cin.rdbuf(former);
    return agreed;
  };
  for (const char* yes : {"\n", "y\n", "Y\n", "yes\n"}) EXPECT_TRUE(answer(yes)) << yes;
  for (const char* no : {"n\n", "no\n", "what\n", ""}) EXPECT_FALSE(answer(no)) << no;
}

}  // namespace
}  // namespace ktx::cli
