#include "ktx/cache/place.hpp"

#include "ktx/util/error.hpp"

namespace ktx::cache {

std::optional<std::filesystem::path> cache_directory(const Environment& environment) {
  if (const auto chosen = environment.variable("KTX_CACHE_DIR")) {
    if (std::filesystem::path(*chosen).is_absolute()) return *chosen;
    throw Error(ErrorKind::usage, "KTX_CACHE_DIR is not an absolute path: " + *chosen,
                "Set it to an absolute path, or unset it");
  }
  if (const auto base = environment.variable("XDG_CACHE_HOME")) {
    if (std::filesystem::path(*base).is_absolute()) return std::filesystem::path(*base) / "ktx";
  }
  if (environment.home.empty()) return std::nullopt;
  const bool is_macos = environment.platform == Platform::macos;
  return environment.home / (is_macos ? "Library/Caches/ktx" : ".cache/ktx");
}

}  // namespace ktx::cache
