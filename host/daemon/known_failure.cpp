#include "known_failure.hpp"

#include <unistd.h>

#include "ktx/util/filesystem.hpp"
#include "ktx/util/json.hpp"
#include "ktx/util/text.hpp"

namespace ktx::daemon {

std::optional<KnownFailure> load_failure(const runtime::Layout& layout) {
  try {
    const auto text = read_file_if_exists(layout.daemon_failure_path);
    if (!text) return std::nullopt;
    const Json document = parse_json(*text, "The last failure", ErrorKind::daemon);
    const JsonObject failure(document, "The last failure", ErrorKind::daemon);
    return KnownFailure{failure.string("id"), Error(ErrorKind::daemon, failure.string("message"),
                                                    failure.string("fix"), failure.strings("details"))};
  } catch (const Error&) {
    return std::nullopt;
  }
}

void write_failure(const runtime::Layout& layout, const Error& error) {
  try {
    const Json failure = {{"id", random_id()},
                          {"message", error.message()},
                          {"fix", error.fix()},
                          {"details", error.details()}};
    write_file_atomically(layout.daemon_failure_path, pretty_json(failure), 0600);
  } catch (const Error&) {
    // The starter reports the failure itself; this is for those who wait.
  }
}

void forget_failure(const runtime::Layout& layout) { ::unlink(layout.daemon_failure_path.c_str()); }

}  // namespace ktx::daemon
