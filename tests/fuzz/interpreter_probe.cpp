// What a Python that was found somewhere answers when it is asked about itself.

#include "fake_command_runner.hpp"
#include "fuzz_target.hpp"
#include "ktx/runtime/interpreter.hpp"
#include "ktx/util/json.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace ktx;
  const std::string answer(fuzz::text_of(bytes, size));
  test::FakeCommandRunner runner([&](const Command&) { return test::exited(0, answer); });
  const runtime::ProbedPython probed = runtime::probe_python(runner, "/python", {});
  fuzz::require(probed.facts.has_value() == probed.rejection.empty(), "there are facts or a reason");
  if (!probed.facts) return 0;
  const Json document = Json::parse(answer);
  fuzz::require(Json(probed.facts->numbers) == document["numbers"], "the numbers are those of the answer");
  fuzz::require(probed.facts->tag().starts_with("cp"), "what has numbers has a tag");
  return 0;
}
