// The receipt of an installed runtime.

#include "ktx/runtime/receipt.hpp"

#include "fuzz_target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace ktx;
  const runtime::LoadedReceipt loaded = runtime::parse_receipt(fuzz::text_of(bytes, size), "receipt");
  const int outcomes =
      (loaded.receipt ? 1 : 0) + (loaded.error.empty() ? 0 : 1) + (loaded.newer_writer.empty() ? 0 : 1);
  fuzz::require(outcomes == 1, "a receipt, an error or a newer format");
  if (!loaded.receipt) return 0;
  fuzz::require(loaded.receipt->environment.find('/') == std::string::npos,
                "the environment is below the version");
  const Json written = to_json(*loaded.receipt);
  const runtime::LoadedReceipt again = runtime::parse_receipt(pretty_json(written), "written");
  fuzz::require(again.receipt && to_json(*again.receipt) == written, "a receipt reads as it was written");
  return 0;
}
