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

// What stands for the index's address in a message.
constexpr std::string_view index_place = "<index>";
constexpr std::string_view unauthorized_message =
    "The package index <index> does not accept the credentials (401 Unauthorized)";
constexpr std::string_view forbidden_message = "The package index <index> refuses access (403 Forbidden)";
constexpr std::string_view credentials_fix =
    "Put a user and a password, or a token, into UV_DEFAULT_INDEX (https://USER:PASSWORD@…), or name another "
    "index there";
constexpr std::string_view server_message = "The package index <index> answers with an error of its own";
constexpr std::string_view server_fix = "Wait a little, or name another index in UV_DEFAULT_INDEX";
constexpr std::string_view lacking_message =
    "The package index <index> has not every package, or what answers there is none, such as a login page";
constexpr std::string_view lacking_fix =
    "Open that address in a browser; name an index that mirrors PyPI in UV_DEFAULT_INDEX, or use "
    "--from-bundle "
    "with what `ktx runtime bundle` makes elsewhere";

// In order of precedence: a full disk is never a consequence of something else, a network error may be.
constexpr std::array<Sign, 19> signs = {{
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
    {"401 unauthorized", unauthorized_message, credentials_fix},
    {"403 forbidden", forbidden_message, credentials_fix},
    {"http status server error", server_message, server_fix},
    {"was not found in the package registry", lacking_message, lacking_fix},
    {"there is no version of", lacking_message, lacking_fix},
}};

std::string_view without_leading_blanks(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(' '), text.size()));
}

// The address of the index without the user and the password in it; the name of the one that uv takes by
// itself.
std::string index_address(const std::map<std::string, std::string>& variables) {
  std::string address = "PyPI";
  for (const char* name : {"UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL"}) {
    const auto value = variables.find(name);
    if (value == variables.end() || value->second.empty()) continue;
    address = value->second;
    break;
  }
  const std::size_t scheme = address.find("://");
  if (scheme == std::string::npos) return address;
  const std::size_t begin = scheme + 3;
  const std::size_t at = address.find('@', begin);
  if (at < address.find('/', begin)) address.erase(begin, at + 1 - begin);
  // In uv's variables an index may have a name before it: "corporate=https://…".
  return address.substr(address.rfind('=', scheme) + 1);
}

std::string with_index(std::string message, const std::map<std::string, std::string>& variables) {
  const std::size_t place = message.find(index_place);
  if (place != std::string::npos) message.replace(place, index_place.size(), index_address(variables));
  return message;
}

}  // namespace

std::optional<CommandFault> fault_in(std::string_view output,
                                     const std::map<std::string, std::string>& variables) {
  const std::string text = lower_case(std::string(output));
  for (const Sign& sign : signs) {
    if (text.find(sign.words) == std::string::npos) continue;
    return CommandFault{with_index(std::string(sign.message), variables),
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
  // Another version of uv may word its errors in another way.
  if (error.empty()) return std::string(last_line(output));
  return std::string(error) + (cause.empty() ? "" : " (" + std::string(cause) + ")");
}

namespace {

constexpr std::size_t most_lines = 10;
constexpr std::size_t most_characters = 300;

// How uv's lines about successful steps begin.
constexpr std::array<std::string_view, 12> noise = {"Using ",        "Creating virtual environment",
                                                    "Activate with", "Resolved ",
                                                    "Prepared ",     "Installed ",
                                                    "Uninstalled ",  "Downloading ",
                                                    "Checked ",      "Audited ",
                                                    " Downloaded ",  " + "};

bool is_noise(std::string_view line) {
  return line.find_first_not_of(' ') == std::string_view::npos ||
         std::ranges::any_of(noise, [&](std::string_view start) { return line.starts_with(start); });
}

// Removes a control sequence such as "\x1b[1m" or "\x1b]0;title\a" from the front.
void skip_escape_sequence(std::string_view& text) {
  // The escape character itself.
  text.remove_prefix(1);
  std::size_t length = 1;
  if (text.starts_with('[')) {
    const auto end = std::ranges::find_if(text.substr(1), [](char c) { return c >= '@' && c <= '~'; });
    length = static_cast<std::size_t>(end - text.begin()) + 1;
  } else if (text.starts_with(']')) {
    length = text.find('\a') == std::string_view::npos ? text.size() : text.find('\a') + 1;
  }
  text.remove_prefix(std::min(length, text.size()));
}

void append_character(std::string& line, std::string_view& text) {
  std::string_view rest = text;
  const auto code = take_code_point(rest);
  // A program may print bytes in any encoding.
  if (!code) {
    line += "\uFFFD";
    rest = text.substr(1);
  } else if (*code == U'\t') {
    line += ' ';
  } else if (*code >= 0x20 && (*code < 0x7F || *code >= 0xA0)) {
    line += text.substr(0, text.size() - rest.size());
  }
  text = rest;
}

std::string readable(std::string_view text) {
  std::string line;
  std::size_t characters = 0;
  while (!text.empty()) {
    if (text.front() == '\x1b') {
      skip_escape_sequence(text);
      continue;
    }
    if (++characters > most_characters) return line + "…";
    append_character(line, text);
  }
  return line;
}

// The last version of a line that was overwritten with carriage returns, as progress bars do.
std::string_view last_version(std::string_view line) {
  while (line.ends_with('\r')) line.remove_suffix(1);
  return line.substr(line.rfind('\r') + 1);
}

}  // namespace

std::vector<std::string> last_words(std::string_view output) {
  std::vector<std::string> lines;
  while (!output.empty() && lines.size() < most_lines) {
    if (output.ends_with('\n')) output.remove_suffix(1);
    const std::size_t start = output.rfind('\n') + 1;
    std::string line = readable(last_version(output.substr(start)));
    output = output.substr(0, start);
    if (!is_noise(line)) lines.push_back(std::move(line));
  }
  std::ranges::reverse(lines);
  return lines;
}

}  // namespace ktx::runtime
