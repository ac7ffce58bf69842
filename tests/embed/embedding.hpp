#pragma once

#include <gtest/gtest.h>

#include <string>

#include "child.hpp"
#include "ktx/plugin/in_process_transport.hpp"
#include "ktx/runtime/interpreter.hpp"
#include "ktx/util/json.hpp"

namespace ktx::test {

/// The interpreter that CTest chose for this run.
runtime::Interpreter described_interpreter();

/// The path of its description, and its members to change.
std::string description_path();
Json description();

/// The error that `action` throws, as "kind: message".
template <typename Action>
std::string error_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return std::string(id(error.kind())) + ": " + error.message();
  }
  return "no error";
}

/// A test that starts the interpreter in its own process.
class Embedding : public testing::Test {
 protected:
  Json call(const std::string& operation, const std::string& request);

  /// The variable `result` after running `code`.
  Json run_python(const std::string& code);

  plugin::InProcessTransport transport_{described_interpreter(), KTX_TEST_PLUGIN_DIR};
};

/// A child that starts the interpreter, runs `code` in it and prints the reply.
Child embedded_child(const std::string& code, int exit_code = 0);

}  // namespace ktx::test
