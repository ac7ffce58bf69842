// The state file of a daemon.

#include "fuzz_target.hpp"
#include "ktx/daemon/state.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace ktx;
  fuzz::read_untrusted([&] {
    const daemon::State state = daemon::parse_state(fuzz::text_of(bytes, size));
    fuzz::require(state.process.pid > 0 && state.port > 0, "a process and a port");
    fuzz::require(state.token.find_first_not_of("0123456789abcdef") == std::string::npos,
                  "a token fits a header");
    const Json written = to_json(state);
    fuzz::require(to_json(daemon::parse_state(pretty_json(written))) == written,
                  "a state reads as it was written");
  });
  return 0;
}
