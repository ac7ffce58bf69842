#pragma once

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "context.hpp"
#include "ktx/util/error.hpp"
#include "sl/sl.hpp"

namespace ktx::cli::test {

struct Outcome {
  int exit_code = 0;
  std::string out;
  std::string err;
};

/// Answers with what a test sets and keeps what it was asked.
struct Planner {
  std::string operation = "semantic-query";  ///< the one that it expects; empty for any
  std::string reply;
  std::function<std::string(const std::string&)> answer = nullptr;  ///< in place of `reply`, from the request
  bool keeps_models = false;
  std::string request;                ///< the last one
  std::vector<std::string> requests;  ///< all of them
  app::PythonNeeds python;
  int connections = 0;
};

/// `ktx <arguments>` in this process, with `planner` in the place of the embedded interpreter.
class CommandLine {
 public:
  explicit CommandLine(Context context) : context_(std::move(context)) {
    app_.add_option("--project-dir", context_.project_directory);
    app_.add_flag("--no-cache", context_.no_cache);
    app_.fallthrough();
    context_.other_python = [this](const app::PythonNeeds& needs) -> std::unique_ptr<semantic::Transport> {
      ++planner.connections;
      planner.python = needs;
      return std::make_unique<PlannerTransport>(planner);
    };
    setup_sl(app_, context_);
  }

  Outcome run(std::vector<std::string> arguments) {
    Outcome outcome;
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    outcome.exit_code = parse_and_run(std::move(arguments));
    outcome.err = testing::internal::GetCapturedStderr();
    outcome.out = testing::internal::GetCapturedStdout();
    return outcome;
  }

  Planner planner;

 private:
  class PlannerTransport : public semantic::Transport {
   public:
    explicit PlannerTransport(Planner& planner) : planner_(planner) {}
    std::string call(std::string_view operation, std::string_view request) override {
      EXPECT_TRUE(planner_.operation.empty() || planner_.operation == operation) << operation;
      planner_.request = request;
      planner_.requests.emplace_back(request);
      return planner_.answer ? planner_.answer(planner_.request) : planner_.reply;
    }
    bool keeps_models() const override { return planner_.keeps_models; }

   private:
    Planner& planner_;
  };

  int parse_and_run(std::vector<std::string> arguments) {
    std::reverse(arguments.begin(), arguments.end());  // as CLI11 takes them
    try {
      app_.parse(arguments);
    } catch (const CLI::ParseError& error) {
      context_.terminal.err(std::string(error.what()) + "\n");
      return exit_code(ErrorKind::usage);
    } catch (const Error& error) {
      context_.terminal.err(error.message() + "\n");
      return exit_code(error.kind());
    }
    try {
      return context_.command();
    } catch (const Error& error) {
      context_.terminal.err(error.message() + "\n" + "Fix: " + error.fix() + "\n");
      return exit_code(error.kind());
    }
  }

  Context context_;
  CLI::App app_{"", "ktx"};
};

}  // namespace ktx::cli::test
