#pragma once

#include <gtest/gtest.h>

#include "ktx/util/error.hpp"

namespace ktx::test {

/// The error that `action` throws; a test failure when it throws none.
template <typename Action>
Error error_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no error was thrown";
  return {ErrorKind::internal, "no error"};
}

}  // namespace ktx::test
