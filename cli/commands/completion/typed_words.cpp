#include "completion/typed_words.hpp"

namespace ktx::cli {
namespace {

class LineSplitter {
 public:
  explicit LineSplitter(std::string_view breaks) : breaks_(breaks) {}

  void take(char letter) {
    if (escaped_) {
      append(letter);
      escaped_ = false;
    } else if (letter == '\\' && quote_ != '\'') {
      begin_word();
      escaped_ = true;
    } else if (quote_ != 0) {
      take_quoted(letter);
    } else if (letter == '\'' || letter == '"') {
      begin_word();
      quote_ = letter;
      kept_before_quote_ = words_.kept;
      words_.kept = words_.current.size();
    } else if (letter == ' ' || letter == '\t' || letter == '\n') {
      end_word();
    } else {
      append(letter);
      if (breaks_.find(letter) != std::string_view::npos) words_.kept = words_.current.size();
    }
  }

  TypedWords finish() && {
    if (!words_.before.empty()) words_.before.erase(words_.before.begin());  // the program's name
    return std::move(words_);
  }

 private:
  void take_quoted(char letter) {
    if (letter != quote_) {
      append(letter);
      return;
    }
    quote_ = 0;
    words_.kept = kept_before_quote_;
  }

  void begin_word() { in_word_ = true; }

  void append(char letter) {
    begin_word();
    words_.current += letter;
  }

  void end_word() {
    if (in_word_) words_.before.push_back(std::move(words_.current));
    words_.current.clear();
    words_.kept = 0;
    in_word_ = false;
  }

  std::string_view breaks_;
  TypedWords words_;
  bool in_word_ = false;
  bool escaped_ = false;
  char quote_ = 0;  ///< the open one
  std::size_t kept_before_quote_ = 0;
};

}  // namespace

TypedWords split_line(std::string_view line, std::string_view breaks) {
  LineSplitter splitter(breaks);
  for (const char letter : line) splitter.take(letter);
  return std::move(splitter).finish();
}

}  // namespace ktx::cli
