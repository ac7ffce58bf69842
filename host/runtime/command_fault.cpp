#include "command_fault.hpp"

#include <algorithm>
#include <array>

#include "ktx/util/text.hpp"

namespace ktx::runtime {
namespace {

struct Sign {
  std::string_view words;  ///< of the system or of a library, in lower case
  std::string_view message;
  std::string_view fix;
};

constexpr std::string_view room_fix =
    "Free some room where the runtime, uv's cache and the temporary folder are, or move them by "
    "KTX_RUNTIME_ROOT, UV_CACHE_DIR and TMPDIR";
constexpr std::string_view quota_fix =
    "Free some of your own room on that disk, or have the runtime, uv's cache and the temporary folder on "
    "another one by KTX_RUNTIME_ROOT, UV_CACHE_DIR and TMPDIR";
constexpr std::string_view read_only_fix =
    "Set KTX_RUNTIME_ROOT, UV_CACHE_DIR and TMPDIR to folders that can be written";
constexpr std::string_view certificate_message =
    "The certificate of the package index, or of a proxy before it, was not accepted";
constexpr std::string_view certificate_fix =
    "Set SSL_CERT_FILE to a file with the certificates that your network uses, or UV_SYSTEM_CERTS=true to "
    "use those of the system";
constexpr std::string_view cache_fix =
    "Install without --offline, or name a folder that has the wheels with --find-links, or a bundle with "
    "--from-bundle";
constexpr std::string_view index_message = "The package index could not be reached";
constexpr std::string_view index_fix =
    "Check the network, the proxy (HTTPS_PROXY) and the index (UV_DEFAULT_INDEX); without a network, use "
    "--from-bundle with what `ktx runtime bundle` makes elsewhere";

// The first that is found counts: what the disk says is never a consequence, what the network says may be.
constexpr std::array<Sign, 14> signs = {{
    {"no space left on device", "The disk is full (No space left on device)", room_fix},
    {"disk quota exceeded", "Your quota on the disk is used up (Disk quota exceeded)", quota_fix},
    {"read-only file system", "A folder is on a file system that is mounted read-only", read_only_fix},
    {"invalid peer certificate", certificate_message, certificate_fix},
    {"certificate verify failed", certificate_message, certificate_fix},
    {"invalid certificate", certificate_message, certificate_fix},
    {"the network was disabled", "Without a network not every package is at hand", cache_fix},
    {"failed to lookup address", index_message, index_fix},
    {"dns error", index_message, index_fix},
    {"connection refused", index_message, index_fix},
    {"network is unreachable", index_message, index_fix},
    {"operation timed out", index_message, index_fix},
    {"proxyerror", index_message, index_fix},
    {"error sending request", index_message, index_fix},
}};

std::string_view without_leading_blanks(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(' '), text.size()));
}

}  // namespace

std::optional<CommandFault> fault_in(std::string_view output) {
  const std::string text = lower_case(std::string(output));
  for (const Sign& sign : signs) {
    if (text.find(sign.words) == std::string::npos) continue;
    return CommandFault{std::string(sign.message),
                        std::string(sign.fix) + ", then run: ktx runtime install --yes"};
  }
  return std::nullopt;
}

std::string uv_reason(std::string_view output) {
  std::string_view error;
  std::string_view cause;
  for (std::string_view rest = output; !rest.empty();) {
    const std::string_view line = without_leading_blanks(rest.substr(0, rest.find('\n')));
    if (line.starts_with("error:") && error.empty()) error = line;
    for (const std::string_view start : {"cause: ", "Caused by: "}) {
      if (line.starts_with(start)) cause = line.substr(start.size());
    }
    rest.remove_prefix(std::min(rest.find('\n'), rest.size() - 1) + 1);
  }
  if (error.empty()) return std::string(last_line(output));
  return std::string(error) + (cause.empty() ? "" : " (" + std::string(cause) + ")");
}

}  // namespace ktx::runtime
