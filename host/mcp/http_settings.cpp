#include "ktx/mcp/http_settings.hpp"

namespace ktx::mcp {

bool is_loopback(const std::string& host) {
  return host == "localhost" || host == "::1" || host == "[::1]" || host.starts_with("127.");
}

}  // namespace ktx::mcp
