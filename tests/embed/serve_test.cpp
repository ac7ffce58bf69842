// The plugin's way to the HTTP server: what the server answers with comes back as it is, and what it
// raises becomes an error reply.
#include <gtest/gtest.h>

#include "embedding.hpp"
#include "ktx/plugin/plugin.hpp"

namespace ktx::test {
namespace {

class Serve : public Embedding {
 protected:
  Json serve(const std::string& configuration) {
    call("echo", "1");  // starts the interpreter
    return Json::parse(plugin::Plugin::running()->serve(configuration));
  }
};

TEST_F(Serve, IsPreparedByACall) {
  EXPECT_EQ(call("serve-prepare", R"({"fd":3})"), Json::parse(R"({"ok":{"prepared":{"fd":3}}})"));
}

TEST_F(Serve, ReturnsTheServersReply) {
  EXPECT_EQ(serve(R"({"fd":3})"), Json::parse(R"({"ok":{"served":{"fd":3}}})"));
}

TEST_F(Serve, TurnsExceptionsIntoErrorReplies) {
  const Json ended = serve(R"({"raise":"exit"})").at("error");
  EXPECT_EQ(ended.at("kind"), "internal");
  EXPECT_EQ(ended.at("details").at("exitStatus"), 3);
  EXPECT_EQ(serve(R"({"raise":"interrupt"})").at("error").at("kind"), "interrupted");
  EXPECT_EQ(serve("no JSON").at("error").at("kind"), "internal");
}

TEST_F(Serve, RefusesWhatIsNoBytes) {
  const Json error = serve(R"({"return":"text"})").at("error");
  EXPECT_EQ(error.at("message"), "ktx_daemon.server returned str instead of bytes");
}

TEST_F(Serve, SaysThatThePackagesAreDamagedWhenTheServerCannotBeImported) {
  run_python("import sys; sys.modules['ktx_daemon.server'] = None; result = 0");
  const Json error = call("serve-prepare", "{}").at("error");
  EXPECT_EQ(error.at("kind"), "interpreter");
  EXPECT_EQ(error.at("fix"), "Run: ktx runtime repair");
}

TEST_F(Serve, IsRefusedAfterTheEnd) {
  call("echo", "1");
  plugin::Plugin::running()->finish(0);
  EXPECT_EQ(error_of([] { plugin::Plugin::running()->serve("{}"); }),
            "internal: The interpreter was called after its end");
}

}  // namespace
}  // namespace ktx::test
