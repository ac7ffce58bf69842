// That a libpython or plugin that is not what install saw is refused, by name, and never crashes.
#include <dlfcn.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "embedding.hpp"
#include "ktx/plugin/libpython.hpp"
#include "ktx/plugin/plugin.hpp"

namespace ktx::test {
namespace {

namespace fs = std::filesystem;

class Loading : public testing::Test {
 protected:
  std::string start(const fs::path& plugins = KTX_TEST_PLUGIN_DIR) const {
    return error_of([&] { plugin::Plugin::start(interpreter_, plugins); });
  }

  /// The library's own copy, whose identity is recorded as install would.
  fs::path copy_libpython() {
    const fs::path copy = directory_.path() / "libpython3.so.1.0";
    fs::copy_file(interpreter_.libpython.path, copy);
    interpreter_.libpython = runtime::identify(copy);
    return copy;
  }

  TemporaryDirectory directory_;
  runtime::Interpreter interpreter_ = described_interpreter();
};

TEST_F(Loading, RefusesAMissingLibrary) {
  fs::remove(copy_libpython());
  EXPECT_EQ(start(), "runtime-broken: The runtime's Python library is gone: Cannot look at " +
                         interpreter_.libpython.path.string() + ": No such file or directory");
}

TEST_F(Loading, RefusesAChangedLibrary) {
  const fs::path copy = copy_libpython();
  const std::string changed =
      "runtime-broken: The runtime's Python library has changed since it was installed: " + copy.string();
  fs::last_write_time(copy, fs::last_write_time(copy) + std::chrono::nanoseconds(1));
  EXPECT_EQ(start(), changed) << "touched, and no digest says that it is the same";
  interpreter_.libpython = runtime::identify(copy);
  fs::resize_file(copy, fs::file_size(copy) / 8);
  EXPECT_EQ(start(), changed) << "truncated";
  write_file(copy, "");
  EXPECT_EQ(start(), changed) << "emptied";
}

TEST_F(Loading, TakesACopyWithTheSameBytes) {
  const fs::path copy = copy_libpython();
  interpreter_.libpython = runtime::identify_bytes(copy);
  fs::copy_file(copy, directory_.path() / "second");
  fs::rename(directory_.path() / "second", copy);
  EXPECT_EQ(start(), "no error");
}

TEST_F(Loading, RefusesOtherBytesOfTheSameSize) {
  const fs::path copy = copy_libpython();
  interpreter_.libpython = runtime::identify_bytes(copy);
  interpreter_.libpython.sha256.back() = interpreter_.libpython.sha256.back() == '0' ? '1' : '0';
  fs::last_write_time(copy, fs::last_write_time(copy) + std::chrono::nanoseconds(1));
  EXPECT_EQ(start(), "runtime-broken: The runtime's Python library has changed since it was installed: " +
                         copy.string());
}

TEST_F(Loading, RefusesALibraryThatIsNone) {
  const fs::path file = copy_libpython();
  for (const char* content : {"", "not a library"}) {
    write_file(file, content);
    interpreter_.libpython = runtime::identify(file);
    const std::string error = start();
    EXPECT_EQ(error.rfind("interpreter: Cannot load the Python library " + file.string() + ": ", 0), 0U)
        << error;
  }
}

TEST_F(Loading, RefusesAnUnreadableLibrary) {
  const fs::path loop = directory_.path() / "loop";
  fs::create_symlink(loop, loop);
  interpreter_.libpython.path = loop;
  EXPECT_EQ(start(), "runtime-broken: The runtime's Python library is gone: Cannot look at " + loop.string() +
                         ": Too many levels of symbolic links");
}

TEST_F(Loading, RefusesALibraryThatIsNotPython) {
  interpreter_.libpython = runtime::identify(KTX_TEST_FOREIGN_ABI_PLUGIN);
  EXPECT_EQ(start(), "interpreter: Cannot load the Python library " KTX_TEST_FOREIGN_ABI_PLUGIN
                     ": it is not a Python library");
}

/// The receipt names one minor version and the library is another one.
TEST_F(Loading, RefusesAnotherMinorVersion) {
  interpreter_.tag = interpreter_.tag == "cp311" ? "cp312" : "cp311";
  write_file(directory_.path() / ("ktx-plugin-" + interpreter_.tag + ".so"), "never looked at");
  const std::string version = interpreter_.version;
  interpreter_.version = "3.0.0";
  EXPECT_EQ(start(directory_.path()), "interpreter: Cannot load the Python library " +
                                          interpreter_.libpython.path.string() + ": it is Python " + version +
                                          ", not 3.0.0");
}

TEST_F(Loading, RefusesASecondLibraryInTheProcess) {
  const runtime::Interpreter first = described_interpreter();
  ASSERT_NE(::dlopen(first.libpython.path.c_str(), RTLD_NOW | RTLD_GLOBAL), nullptr) << ::dlerror();
  const fs::path copy = copy_libpython();
  EXPECT_EQ(start(), "interpreter: This process already holds another Python library: " +
                         first.libpython.path.string() + ", besides " + copy.string());
}

TEST_F(Loading, RefusesAPreloadedLibrary) {
  Child child = embedded_child("result = 1");
  const fs::path copy = copy_libpython();
  child.environment = {{"LD_PRELOAD", copy}, {"ASAN_OPTIONS", "verify_asan_link_order=0"}};
  const ChildResult result = run(child);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.err.find("already holds another Python library: " + copy.string()), std::string::npos)
      << result.err;
}

/// LD_LIBRARY_PATH cannot lead to a namesake, because the library is named by its whole path.
TEST_F(Loading, IgnoresTheLibraryPath) {
  const runtime::Interpreter original = described_interpreter();
  fs::copy_file(original.libpython.path, directory_.path() / original.libpython.path.filename());
  Child child = embedded_child(
      "import re\nmaps = open('/proc/self/maps').read()\n"
      "result = sorted(set(re.findall(r'/\\S*libpython\\S*', maps)))\n");
  child.environment = {{"LD_LIBRARY_PATH", directory_.path()}};
  EXPECT_EQ(run(child).out, "{\"ok\": [\"" + original.libpython.path.string() + "\"]}\n");
}

TEST_F(Loading, RefusesAProgramWithoutItsPackage) {
  EXPECT_EQ(
      start(directory_.path()),
      "interpreter: This ktx has no interpreter plugins: there is nothing in " + directory_.path().string());
}

TEST_F(Loading, RefusesAPythonWithoutAPlugin) {
  write_file(directory_.path() / "ktx-plugin-cp399.so", "");
  EXPECT_EQ(start(directory_.path()), "interpreter: This ktx has no plugin for CPython " +
                                          plugin::minor_version(interpreter_.tag) + ": there is no " +
                                          plugin::plugin_path(directory_.path(), interpreter_.tag).string());
}

TEST_F(Loading, RefusesAPluginOfAnotherVersion) {
  const fs::path path = plugin::plugin_path(directory_.path(), interpreter_.tag);
  fs::copy_file(KTX_TEST_FOREIGN_ABI_PLUGIN, path);
  EXPECT_EQ(start(directory_.path()), "interpreter: Cannot load the interpreter plugin " + path.string() +
                                          ": it belongs to another version of ktx");
}

TEST_F(Loading, RefusesADamagedPlugin) {
  const fs::path path = plugin::plugin_path(directory_.path(), interpreter_.tag);
  write_file(path, "");
  EXPECT_EQ(start(directory_.path()), "interpreter: Cannot load the interpreter plugin " + path.string() +
                                          ": " + path.string() + ": file too short");
}

TEST_F(Loading, RefusesASecondStart) {
  EXPECT_EQ(start(), "no error");
  EXPECT_EQ(start(), "internal: This process already runs an interpreter");
}

/// Guards the flag: without RTLD_GLOBAL neither the plugin nor any extension module finds Python.
TEST_F(Loading, NeedsTheGlobalScope) {
  ASSERT_NE(::dlopen(interpreter_.libpython.path.c_str(), RTLD_NOW | RTLD_LOCAL), nullptr) << ::dlerror();
  EXPECT_EQ(
      ::dlopen(plugin::plugin_path(KTX_TEST_PLUGIN_DIR, interpreter_.tag).c_str(), RTLD_NOW | RTLD_LOCAL),
      nullptr);
  const std::string reason = ::dlerror();
  EXPECT_NE(reason.find("undefined symbol: Py"), std::string::npos) << reason;
}

}  // namespace
}  // namespace ktx::test
