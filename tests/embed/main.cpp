// These tests end as a process with an interpreter has to end: Python is not finalised.
#include <gtest/gtest.h>

#include "ktx/plugin/plugin.hpp"

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  ktx::plugin::leave(RUN_ALL_TESTS());
}
