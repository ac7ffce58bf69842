#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "ktx/util/subprocess.hpp"

namespace ktx::test {

/// Keeps every command and answers it by a function, for logic that must be seen with programs that this
/// machine does not have.
class FakeCommandRunner : public CommandRunner {
 public:
  using Answer = std::function<CommandResult(const Command&)>;

  explicit FakeCommandRunner(Answer answer) : answer_(std::move(answer)) {}

  CommandResult run(const Command& command) override {
    commands.push_back(command);
    return answer_(command);
  }

  std::vector<Command> commands;

 private:
  Answer answer_;
};

inline CommandResult exited(int code, std::string out = {}, std::string err = {}) {
  CommandResult result;
  result.code = code;
  result.out = std::move(out);
  result.err = std::move(err);
  return result;
}

}  // namespace ktx::test
