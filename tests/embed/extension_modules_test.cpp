// That extension modules load beside the host's own, statically linked libraries.
#include <gtest/gtest.h>

#include "embedding.hpp"

namespace ktx::test {
namespace {

class ExtensionModules : public Embedding {};

TEST_F(ExtensionModules, OfTheStandardLibraryWork) {
  EXPECT_EQ(run_python("import _contextvars, _ctypes, _decimal, hashlib, sqlite3, ssl\n"
                       "result = [hashlib.sha256(b'ktx').hexdigest()[:8],\n"
                       "          str(_decimal.Decimal('0.1') + _decimal.Decimal('0.2')),\n"
                       "          sqlite3.connect(':memory:').execute('select 40 + 2').fetchone()[0],\n"
                       "          ssl.create_default_context().check_hostname]\n"),
            Json::parse(R"(["4f8b696f", "0.3", 42, true])"));
}

TEST_F(ExtensionModules, CallIntoTheLoadedLibrary) {
  EXPECT_EQ(run_python("import ctypes, sys\n"
                       "ctypes.pythonapi.Py_GetVersion.restype = ctypes.c_char_p\n"
                       "result = ctypes.pythonapi.Py_GetVersion().decode() == sys.version\n"),
            true);
}

}  // namespace
}  // namespace ktx::test
