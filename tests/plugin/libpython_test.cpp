#include "ktx/plugin/libpython.hpp"

#include <gtest/gtest.h>

#include "ktx/plugin/in_process_transport.hpp"
#include "ktx/plugin/plugin.hpp"
#include "ktx/util/error.hpp"

namespace ktx::plugin {
namespace {

runtime::Interpreter absent_interpreter() {
  runtime::Interpreter interpreter;
  interpreter.version = "3.13.0";
  interpreter.tag = "cp313";
  interpreter.libpython.path = "/nowhere/libpython3.13.so.1.0";
  return interpreter;
}

TEST(MinorVersion, IsReadFromTheTag) {
  EXPECT_EQ(minor_version("cp311"), "3.11");
  EXPECT_EQ(minor_version("cp39"), "3.9");
}

TEST(MinorVersion, RefusesWhatIsNotACpython3Tag) {
  for (const char* tag : {"", "cp", "cp3", "cp27", "pp310", "cp313t", "cp3/../x"}) {
    try {
      minor_version(tag);
      ADD_FAILURE() << tag;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::runtime_broken);
      EXPECT_EQ(error.message(), "The runtime names an unknown kind of Python: '" + std::string(tag) + "'");
    }
  }
}

TEST(PluginPath, NamesTheTag) { EXPECT_EQ(plugin_path("/p", "cp313"), "/p/ktx-plugin-cp313.so"); }

TEST(Libpython, ThatIsGoneIsABrokenRuntime) {
  try {
    load_libpython(absent_interpreter());
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::runtime_broken);
    EXPECT_EQ(error.fix(), "Run: ktx runtime repair");
  }
}

TEST(Libpython, IsTriedWithoutBeingDescribed) {
  EXPECT_EQ(why_libpython_does_not_load("/nowhere/libpython3.13.so"),
            "/nowhere/libpython3.13.so: cannot open shared object file: No such file or directory");
  EXPECT_EQ(why_libpython_does_not_load("libm.so.6"), "libm.so.6: it is not a Python library");
}

TEST(InProcessTransport, LoadsNothingUntilItIsCalled) {
  InProcessTransport transport(absent_interpreter(), "/nowhere");
  EXPECT_EQ(transport.finish(3), 3);
  EXPECT_EQ(Plugin::running(), nullptr);
  EXPECT_THROW(transport.call("semantic-query", "{}"), Error);
  EXPECT_EQ(Plugin::running(), nullptr);
}

}  // namespace
}  // namespace ktx::plugin
