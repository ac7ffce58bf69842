#include <gtest/gtest.h>

#include "expect_error.hpp"
#include "install_fixture.hpp"

namespace ktx::runtime {
namespace {

/// What a uv printed when it failed, and the line that is added to the error for it.
struct Fault {
  const char* output;
  const char* message;
  const char* fix;  ///< a part of it
};

class InstallFaultTest : public testing::Test {
 protected:
  void expect(const Fault& fault,
              const std::string& index = "corporate=https://ann:secret@index.example/python") {
    const auto path = fixture_.directory / "fake-uv";
    test::write_file(
        path, std::string("#!/bin/sh\n[ \"$1\" = --version ] && exec echo uv 0.9.0\ncat >&2 <<'END'\n") +
                  fault.output + "\nEND\nexit 2\n");
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    fixture_.environment.variables["KTX_UV"] = path.string();
    fixture_.environment.variables["UV_DEFAULT_INDEX"] = index;
    const Error error = test::error_of([&] { fixture_.install(fixture_.core_request()); });
    EXPECT_EQ(error.kind(), ErrorKind::install);
    EXPECT_EQ(error.message(),
              "Python runtime install failed. Install log: " + fixture_.layout.install_log_path.string());
    ASSERT_FALSE(error.details().empty());
    EXPECT_EQ(error.details().front(), fault.message);
    EXPECT_NE(error.fix().find(fault.fix), std::string::npos) << error.fix();
    EXPECT_TRUE(fixture_.is_tidy(0));
  }

  test::InstallFixture fixture_;
};

TEST_F(InstallFaultTest, OfTheSurroundingsIsSaidBesideTheLog) {
  const std::vector<Fault> faults = {
      {"error: Failed to extract archive\n  Caused by: No space left on device (os error 28)",
       "The disk is full (No space left on device)", "UV_CACHE_DIR"},
      {"error: failed to copy file\n  Caused by: Disk quota exceeded (os error 122)",
       "Your quota on the disk is used up (Disk quota exceeded)", "KTX_RUNTIME_ROOT"},
      {"error: failed to create `/x`\n  Caused by: Read-only file system (os error 30)",
       "A folder is on a file system that is mounted read-only", "TMPDIR"},
      {"error: Failed to fetch: https://index.example/\n  cause: error sending request\n"
       "  cause: client error (Connect)\n  cause: invalid peer certificate: UnknownIssuer",
       "The certificate of the package index, or of a proxy before it, was not accepted", "SSL_CERT_FILE"},
      {"error: Failed to fetch: https://index.example/\n  cause: error sending request\n"
       "  cause: tunnel error: failed to create underlying connection\n"
       "  cause: Connection refused (os error 111)",
       "The package index could not be reached", "HTTPS_PROXY"},
      {"error: No solution found when resolving dependencies\nhint: Packages were unavailable because "
       "the "
       "network was disabled.",
       "Without a network not every package is at hand", "--from-bundle"},
      {"error: No solution found when resolving dependencies\n"
       "  cause: Because a was not found in the package registry and you require a==1\n"
       "hint: An index URL (https://index.example/python) could not be queried due to a lack of valid "
       "authentication credentials (401 Unauthorized)",
       "The package index https://index.example/python does not accept the credentials (401 Unauthorized)",
       "UV_DEFAULT_INDEX"},
      {"error: No solution found when resolving dependencies\n"
       "  cause: Because a was not found in the package registry and you require a==1\n"
       "hint: An index (https://index.example/python) returned a 403 Forbidden error.",
       "The package index https://index.example/python refuses access (403 Forbidden)", "UV_DEFAULT_INDEX"},
      {"error: No solution found when resolving dependencies\n"
       "  cause: Because a was not found in the package registry and you require a==1",
       "The package index https://index.example/python has not every package, or what answers there is none, "
       "such as a login page",
       "UV_DEFAULT_INDEX"},
      {"error: No solution found when resolving dependencies\n"
       "  cause: Because there is no version of a==1 and you require a==1",
       "The package index https://index.example/python has not every package, or what answers there is none, "
       "such as a login page",
       "UV_DEFAULT_INDEX"},
      {"error: Failed to fetch: https://index.example/python/a/\n"
       "  cause: HTTP status server error (503 Service Unavailable) for url",
       "The package index https://index.example/python answers with an error of its own", "UV_DEFAULT_INDEX"},
      {"error: something else", "error: something else", "Read the end of that log"}};
  for (const Fault& fault : faults) expect(fault);
}

TEST_F(InstallFaultTest, CallsTheIndexThatNobodyNamedByItsName) {
  for (const char* name : {"UV_INDEX_URL", "PIP_INDEX_URL"}) fixture_.environment.variables.erase(name);
  expect({"error: nothing found\n  cause: Because there is no version of a==1 and you require a==1",
          "The package index PyPI has not every package, or what answers there is none, such as a login page",
          "UV_DEFAULT_INDEX"},
         "");
}

}  // namespace
}  // namespace ktx::runtime
