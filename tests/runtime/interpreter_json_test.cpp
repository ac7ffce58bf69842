#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "ktx/runtime/interpreter.hpp"

namespace ktx::runtime {
namespace {

Json description() {
  return Json::parse(R"({
    "version": "3.13.0", "tag": "cp313", "soabi": "cpython-313-x86_64-linux-gnu",
    "executable": "/r/.venv/bin/python", "prefix": "/r/.venv",
    "baseExecutable": "/opt/py/bin/python3.13", "basePrefix": "/opt/py",
    "libpython": {"path": "/opt/py/lib/libpython3.13.so.1.0", "inode": 7, "size": 31271704,
                  "mtimeNs": 1778000000123456789},
    "searchPaths": ["/opt/py/lib/python3.13", "/r/é b/site-packages"]})");
}

Interpreter read(const Json& document) {
  return interpreter_from_json(JsonObject(document, "receipt", ErrorKind::runtime_broken));
}

std::string complaint(const Json& document) {
  try {
    read(document);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::runtime_broken);
    return error.message();
  }
  return "no error";
}

TEST(InterpreterJson, ReadsWhatItWrites) {
  const Interpreter interpreter = read(description());
  EXPECT_EQ(interpreter.libpython.mtime_ns, 1778000000123456789);
  EXPECT_EQ(interpreter.base_prefix, "/opt/py");
  ASSERT_EQ(interpreter.search_paths.size(), 2U);
  EXPECT_EQ(interpreter.search_paths[1], "/r/é b/site-packages");
  EXPECT_EQ(to_json(interpreter), description());
}

TEST(InterpreterJson, AnInodeMayBeAnyNumber) {
  Json document = description();
  document["libpython"]["inode"] = std::numeric_limits<std::uint64_t>::max();  // as overlay file systems have
  EXPECT_EQ(to_json(read(document)), document);
}

TEST(InterpreterJson, TheDigestIsKeptAndOlderReceiptsHaveNone) {
  EXPECT_EQ(read(description()).libpython.sha256, "");
  Json document = description();
  document["libpython"]["sha256"] = std::string(64, 'a');
  EXPECT_EQ(read(document).libpython.sha256, std::string(64, 'a'));
  EXPECT_EQ(to_json(read(document)), document);
  document["libpython"]["sha256"] = "";
  EXPECT_EQ(complaint(document), "receipt: libpython.sha256 must not be empty");
}

TEST(InterpreterJson, EveryMemberIsRequired) {
  const Json whole = description();
  for (const auto& [key, value] : whole.items()) {
    Json document = whole;
    document.erase(key);
    EXPECT_EQ(complaint(document), "receipt: " + key + " is missing");
  }
}

TEST(InterpreterJson, PathsMustBeAbsolute) {
  Json document = description();
  document["executable"] = "bin/python";
  EXPECT_EQ(complaint(document), "receipt: executable must be an absolute path");
  document = description();
  document["searchPaths"].push_back("");
  EXPECT_EQ(complaint(document), "receipt: searchPaths must hold absolute paths only");
  document["searchPaths"] = Json::array();
  EXPECT_EQ(complaint(document), "receipt: searchPaths must not be empty");
}

TEST(InterpreterJson, TheIdentityIsStrictToo) {
  Json document = description();
  document["libpython"]["size"] = -1;
  EXPECT_EQ(complaint(document), "receipt: libpython.size must not be negative");
  document["libpython"] = "/opt/py/lib/libpython3.13.so.1.0";
  EXPECT_EQ(complaint(document), "receipt: libpython must be an object");
}

}  // namespace
}  // namespace ktx::runtime
