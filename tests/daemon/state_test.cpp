#include "ktx/daemon/state.hpp"

#include <gtest/gtest.h>

#include "daemon_fixture.hpp"

namespace ktx::daemon {
namespace {

std::string refusal(const Json& document) {
  try {
    parse_state(pretty_json(document));
  } catch (const Error& error) {
    return std::string(id(error.kind())) + ": " + error.message();
  }
  return "read";
}

std::string refusal_with(const char* key, const Json& value) {
  Json document = to_json(test::DaemonFixture::state());
  document[key] = value;
  return refusal(document);
}

TEST(State, ReadsAsItWasWritten) {
  const Json written = to_json(test::DaemonFixture::state());
  EXPECT_EQ(to_json(parse_state(pretty_json(written))), written);
}

TEST(State, NamesItsUrl) { EXPECT_EQ(url(test::DaemonFixture::state()), "http://127.0.0.1:58731"); }

TEST(State, NeedsEveryMember) {
  const Json whole = to_json(test::DaemonFixture::state());
  for (const auto& [key, value] : whole.items()) {
    Json document = whole;
    document.erase(key);
    EXPECT_EQ(refusal(document), "daemon: The daemon's state file: " + key + " is missing");
  }
}

TEST(State, RefusesWhatCannotBe) {
  const std::string what = "daemon: The daemon's state file: ";
  EXPECT_EQ(refusal_with("schemaVersion", 2), what + "schemaVersion is of another version of ktx");
  EXPECT_EQ(refusal_with("host", "0.0.0.0"), what + "host must be 127.0.0.1");
  EXPECT_EQ(refusal_with("port", 0), what + "port must be 1 to 65535");
  EXPECT_EQ(refusal_with("port", 70000), what + "port must be 1 to 65535");
  EXPECT_EQ(refusal_with("pid", 0), what + "pid must be the number of a process");
  EXPECT_EQ(refusal_with("pid", 4294967297), what + "pid must be the number of a process");
  EXPECT_EQ(refusal_with("token", "abc"), what + "token must be at least 32 hexadecimal digits");
  EXPECT_EQ(refusal_with("token", std::string(32, 'a') + "\r\nX: y"),
            what + "token must be at least 32 hexadecimal digits");
}

TEST(State, RefusesWhatIsNoJson) {
  for (const char* text : {"", "{", "[]", "null", "{\"schemaVersion\":"}) {
    EXPECT_THROW(parse_state(text), Error) << text;
  }
}

}  // namespace
}  // namespace ktx::daemon
