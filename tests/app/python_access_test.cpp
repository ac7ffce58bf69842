#include "ktx/app/python_access.hpp"

#include <gtest/gtest.h>

#include "expect_error.hpp"
#include "ktx/app/runtime_session.hpp"
#include "ktx/app/version.hpp"
#include "runtime_fixture.hpp"
#include "silent_session.hpp"

namespace ktx::app {
namespace {

class Echo : public semantic::Transport {
 public:
  std::string call(std::string_view operation, std::string_view request) override {
    return std::string(operation) + " " + std::string(request);
  }
  bool keeps_models() const override { return true; }
};

TEST(PythonAccess, LooksForPythonOnceAndNotBeforeItIsAsked) {
  ktx::test::SilentSession session;
  int looks = 0;
  runtime::Features features;
  session.other_python = [&](const PythonNeeds& needs) {
    ++looks;
    features = needs.features;
    return std::make_unique<Echo>();
  };
  PythonNeeds needs;
  needs.features = features_of_drivers({"Trino", "sqlite", "nobody"});
  PythonAccess python(session, needs);
  EXPECT_EQ(looks, 0);
  const auto source = python.source();
  EXPECT_EQ(source().call("a", "{}"), "a {}");
  EXPECT_TRUE(python.get().keeps_models());
  EXPECT_EQ(looks, 1);
  EXPECT_EQ(features, (runtime::Features{runtime::Feature::core, runtime::Feature::trino}));
}

TEST(PythonAccess, WithoutARuntimeSaysHowToHaveOne) {
  const ktx::test::RuntimeFixture fixture{version};
  ktx::test::SilentSession session;
  session.environment = fixture.environment;
  PythonAccess python(session, {});
  const Error error = ktx::test::error_of([&] { python.get(); });
  EXPECT_EQ(error.kind(), ErrorKind::runtime_missing);
  EXPECT_FALSE(session.loaded_runtime);
}

}  // namespace
}  // namespace ktx::app
