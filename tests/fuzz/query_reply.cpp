// The planner's reply to a query.

#include "fuzz_target.hpp"
#include "ktx/semantic/messages.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace ktx;
  const auto locate = [](const std::string& source, const Json& path) -> std::optional<Place> {
    return path.empty() ? std::nullopt : std::optional(Place{source + compact_json(path), 1, 1});
  };
  fuzz::read_untrusted([&] {
    const auto compiled = semantic::decode_query_reply(fuzz::text_of(bytes, size), false, locate);
    fuzz::require(!compiled.sql.empty() && !compiled.dialect.empty(), "an accepted reply has a query");
    fuzz::require(compiled.plan.is_object(), "an accepted reply has a plan");
    fuzz::require(Json::accept(compact_json(compiled.plan)), "a plan can be shown");
  });
  return 0;
}
