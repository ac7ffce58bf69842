#include "ktx/runtime/child_environment.hpp"

#include <gtest/gtest.h>

#include "runtime_fixture.hpp"

namespace ktx::runtime {
namespace {

class ChildEnvironmentTest : public testing::Test {
 protected:
  test::RuntimeFixture fixture_;
  std::map<std::string, std::string>& variables_ = fixture_.environment.variables;
};

TEST_F(ChildEnvironmentTest, IndexesProxiesAndCertificatesAreTheUsers) {
  const std::map<std::string, std::string> kept = {{"HTTPS_PROXY", "p"},
                                                   {"https_proxy", "p"},
                                                   {"NO_PROXY", "n"},
                                                   {"SSL_CERT_FILE", "c"},
                                                   {"SSL_CERT_DIR", "d"},
                                                   {"SSL_CLIENT_CERT", "k"},
                                                   {"UV_CACHE_DIR", "/tmp"},
                                                   {"UV_DEFAULT_INDEX", "i"},
                                                   {"UV_EXTRA_INDEX_URL", "e"},
                                                   {"UV_FIND_LINKS", "/w"},
                                                   {"UV_HTTP_TIMEOUT", "9"},
                                                   {"UV_INDEX", "x"},
                                                   {"UV_INDEX_URL", "u"},
                                                   {"UV_INSECURE_HOST", "h"},
                                                   {"UV_KEYRING_PROVIDER", "subprocess"},
                                                   {"UV_NATIVE_TLS", "true"},
                                                   {"UV_PYTHON_INSTALL_MIRROR", "m"},
                                                   {"UV_SYSTEM_CERTS", "true"}};
  variables_.insert(kept.begin(), kept.end());
  const auto passed = uv_environment(fixture_.environment, "/private");
  for (const auto& [name, value] : kept) {
    ASSERT_TRUE(passed.contains(name)) << name;
    EXPECT_EQ(passed.at(name), value) << name;
  }
}

TEST_F(ChildEnvironmentTest, WhatSteersUvElsewhereIsLeftOut) {
  for (const char* name : {"PYTHONPATH", "UV_CONFIG_FILE", "UV_CONSTRAINT", "UV_MANAGED_PYTHON",
                           "UV_NO_BINARY", "UV_NO_VERIFY_HASHES", "UV_OVERRIDE", "UV_PROJECT", "UV_PYTHON",
                           "UV_PYTHON_PREFERENCE", "UV_SYSTEM_PYTHON", "UV_TARGET", "UV_TORCH_BACKEND",
                           "UV_VENV_RELOCATABLE", "UV_WORKING_DIR", "VIRTUAL_ENV"}) {
    variables_[name] = "hostile";
    EXPECT_FALSE(uv_environment(fixture_.environment, "/private").contains(name)) << name;
  }
}

TEST_F(ChildEnvironmentTest, WhatSteersPipElsewhereIsLeftOut) {
  for (const char* name : {"PIP_CONSTRAINT", "PIP_NO_BINARY", "PIP_NO_DEPS", "PIP_PLATFORM", "PIP_PREFIX",
                           "PIP_REQUIREMENT", "PIP_ROOT", "PIP_TARGET", "PIP_USER", "PYTHONPATH"}) {
    variables_[name] = "hostile";
    EXPECT_FALSE(pip_environment(fixture_.environment).contains(name)) << name;
  }
  variables_["PIP_REQUIRE_VIRTUALENV"] = "1";
  EXPECT_EQ(pip_environment(fixture_.environment).at("PIP_REQUIRE_VIRTUALENV"), "0");
}

TEST_F(ChildEnvironmentTest, PipsOwnPlacesStay) {
  variables_["UV_DEFAULT_INDEX"] = "https://uv.example/index";
  for (const char* name : {"PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_CERT", "PIP_PROXY",
                           "PIP_TRUSTED_HOST", "PIP_CONFIG_FILE", "HTTPS_PROXY"}) {
    variables_[name] = "theirs";
    EXPECT_EQ(pip_environment(fixture_.environment).at(name), "theirs") << name;
  }
}

TEST_F(ChildEnvironmentTest, UvsIndexesArePassedOnToPip) {
  variables_["UV_INDEX_URL"] = "https://old.example/index";
  EXPECT_EQ(pip_environment(fixture_.environment).at("PIP_INDEX_URL"), "https://old.example/index");
  variables_["UV_DEFAULT_INDEX"] = "corporate=https://user:a=b@new.example/index";
  variables_["UV_INDEX"] = "one=https://one.example/ https://two.example/?x=y";
  variables_["UV_INSECURE_HOST"] = "new.example";
  const auto passed = pip_environment(fixture_.environment);
  EXPECT_EQ(passed.at("PIP_INDEX_URL"), "https://user:a=b@new.example/index");
  EXPECT_EQ(passed.at("PIP_EXTRA_INDEX_URL"), "https://one.example/ https://two.example/?x=y");
  EXPECT_EQ(passed.at("PIP_TRUSTED_HOST"), "new.example");
}

}  // namespace
}  // namespace ktx::runtime
