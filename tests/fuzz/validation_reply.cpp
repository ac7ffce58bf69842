// The planner's reply to the question what is wrong with a model.

#include "fuzz_target.hpp"
#include "ktx/semantic/validation.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace ktx;
  const auto locate = [](const std::string& source, const Json& path) -> std::optional<Place> {
    return path.empty() ? std::nullopt : std::optional(Place{source + compact_json(path), 1, 1});
  };
  fuzz::read_untrusted([&] {
    for (const auto& finding : semantic::decode_validation_reply(fuzz::text_of(bytes, size), locate)) {
      fuzz::require(!finding.code.empty() && !finding.message.empty(), "a finding says what it is");
      fuzz::require(finding.file.empty() == (finding.line == 0), "a finding has a place or none");
      fuzz::require(Json::accept(compact_json(to_json(finding))), "a finding can be shown");
    }
  });
  return 0;
}
