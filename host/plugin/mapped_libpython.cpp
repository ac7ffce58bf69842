#include "mapped_libpython.hpp"

#include <link.h>

#include <string>
#include <vector>

namespace ktx::plugin {
namespace {

int collect_name(dl_phdr_info* info, std::size_t /*size*/, void* names) {
  if (info->dlpi_name != nullptr)
    static_cast<std::vector<std::string>*>(names)->emplace_back(info->dlpi_name);
  return 0;
}

/// libpython3.so, the stable-ABI library, holds no interpreter but is linked to one.
bool is_libpython(const std::filesystem::path& path) {
  return path.filename().string().starts_with("libpython");
}

}  // namespace

std::optional<std::filesystem::path> other_mapped_libpython(const runtime::FileIdentity& wanted) {
  std::vector<std::string> names;
  ::dl_iterate_phdr(collect_name, &names);
  for (const std::filesystem::path path : names) {
    std::error_code ignored;
    if (is_libpython(path) && !std::filesystem::equivalent(path, wanted.path, ignored)) return path;
  }
  return std::nullopt;
}

}  // namespace ktx::plugin
