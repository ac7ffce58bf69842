// The manifest beside the shipped wheel.

#include "fuzz_target.hpp"
#include "ktx/runtime/asset.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace ktx;
  const auto read = [](std::string_view text) {
    const Json document = parse_json(text, "manifest", ErrorKind::asset);
    return runtime::asset_manifest_from_json({document, "manifest", ErrorKind::asset});
  };
  fuzz::read_untrusted([&] {
    const runtime::AssetManifest manifest = read(fuzz::text_of(bytes, size));
    fuzz::require(read(pretty_json(to_json(manifest))) == manifest, "a manifest reads as it was written");
  });
  return 0;
}
