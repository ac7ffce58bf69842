// Packages with compiled parts, in an environment that holds some.
#include <gtest/gtest.h>

#include "embedding.hpp"

namespace ktx::test {
namespace {

class Packages : public Embedding {};

/// The environment's packages come with the fixture's dispatch, which can run any code.
TEST_F(Packages, WithCompiledPartsWork) {
  const Json loaded = run_python(
      "import importlib.util as util\n"
      "wanted = [n for n in ('numpy', 'pydantic_core', 'sqlglot') if util.find_spec(n)]\n"
      "result = {name: bool(__import__(name).__version__) for name in wanted}\n"
      "if 'numpy' in wanted:\n"
      "    import numpy, numpy.linalg\n"
      "    result['numpy'] = round(float(numpy.linalg.det(numpy.eye(64) * 2)) / 2**64, 6) == 1.0\n");
  EXPECT_EQ(loaded.value("sqlglot", false), true) << loaded;
  for (const auto& [name, works] : loaded.items()) EXPECT_EQ(works, true) << name;
}

}  // namespace
}  // namespace ktx::test
