// ktx.yaml.

#include "ktx/project/config.hpp"

#include "fuzz_target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace ktx;
  fuzz::read_untrusted([&] {
    const project::Config config = project::parse_config(fuzz::text_of(bytes, size), "ktx.yaml");
    for (const project::Connection& connection : config.connections) {
      fuzz::require(config.find_connection(connection.id) != nullptr, "a connection is found by its name");
    }
    project::choose_connection(config, std::nullopt);
  });
  return 0;
}
