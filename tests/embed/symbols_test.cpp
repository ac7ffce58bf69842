// What the built files show to others: a Python package with its own OpenSSL must not bind to ours.
#include <gtest/gtest.h>

#include <regex>
#include <sstream>
#include <vector>

#include "embedding.hpp"
#include "ktx/plugin/plugin.hpp"

namespace ktx::test {
namespace {

std::vector<std::string> lines(const std::vector<std::string>& arguments) {
  Child child;
  child.arguments = arguments;
  const ChildResult result = run(child);
  EXPECT_EQ(result.exit_code, 0) << result.err;
  std::vector<std::string> found;
  std::istringstream text(result.out);
  for (std::string line; std::getline(text, line);) found.push_back(line);
  return found;
}

std::vector<std::string> exported(const std::string& file) {
  return lines({KTX_TEST_NM, "-D", "--defined-only", "--format=just-symbols", file});
}

std::string plugin_file() { return plugin::plugin_path(KTX_TEST_PLUGIN_DIR, described_interpreter().tag); }

TEST(Symbols, APluginExportsItsEntryOnly) {
  EXPECT_EQ(exported(plugin_file()), std::vector<std::string>{KTX_PLUGIN_ENTRY_SYMBOL});
}

TEST(Symbols, TheProgramExportsNoLibraryOfItsOwn) {
  const std::regex foreign("^(_?Py|SSL_|EVP_|OPENSSL_|CRYPTO_|sqlite3_|yaml_|_ZN3ktx|_ZNK3ktx).*");
  const auto symbols = exported(KTX_TEST_KTX);
  for (const std::string& symbol : symbols) EXPECT_FALSE(std::regex_match(symbol, foreign)) << symbol;
}

/// Whatever is linked dynamically must be on every machine; libpython and OpenSSL are not.
TEST(Symbols, NothingIsLinkedToPythonOrOpenssl) {
  const std::regex unwanted(".*NEEDED.*lib(python|crypto|ssl|sqlite3|yaml).*");
  for (const std::string& file : {plugin_file(), std::string(KTX_TEST_KTX)}) {
    const auto entries = lines({KTX_TEST_READELF, "-d", file});
    EXPECT_GT(entries.size(), 3U);
    for (const std::string& entry : entries) EXPECT_FALSE(std::regex_match(entry, unwanted)) << entry;
  }
}

}  // namespace
}  // namespace ktx::test
