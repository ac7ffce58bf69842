#include "archive.hpp"

#include <string>

#include "command_fault.hpp"
#include "ktx/runtime/child_environment.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/text.hpp"

namespace ktx::runtime {
namespace {

namespace fs = std::filesystem;

constexpr const char* pack_script = R"(
import os, sys, zipfile
folder, target = sys.argv[1:]
with zipfile.ZipFile(target, 'x', zipfile.ZIP_STORED, strict_timestamps=False) as archive:
    for where, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = os.path.join(where, name)
            archive.write(path, os.path.relpath(path, folder))
)";

constexpr const char* unpack_archive_script = R"(
import stat, sys, zipfile
source, target = sys.argv[1:]
try:
    with zipfile.ZipFile(source) as archive:
        for entry in archive.infolist():
            name = entry.orig_filename
            parts = name.split('/')
            if (name.startswith('/') or '\\' in name or ':' in name or '\0' in name or '..' in parts
                    or stat.S_ISLNK(entry.external_attr >> 16)):
                sys.exit('it has an unsafe entry: ' + ascii(name))
        archive.extractall(target)
except zipfile.BadZipFile as error:
    sys.exit('it is no sound zip archive: %s' % error)
)";

std::string reason(const CommandResult& result) {
  if (const auto fault = fault_in(result.err)) return fault->message;
  return result.err.empty() ? result.describe() : std::string(last_line(result.err));
}

}  // namespace

CommandResult Archiver::run(const char* script, const fs::path& from, const fs::path& to) const {
  return runner.run(
      {.argv = {python.executable.string(), "-I", "-S", "-c", script, from.string(), to.string()},
       .environment = python_environment(environment),
       .directory = "/",
       .time_limit = std::chrono::minutes(15)});
}

void Archiver::pack(const fs::path& folder, const fs::path& archive) const {
  const CommandResult result = run(pack_script, folder, archive);
  if (result.succeeded()) return;
  throw Error(ErrorKind::io, "Cannot write " + archive.string() + ": " + reason(result));
}

void Archiver::unpack(const fs::path& archive, const fs::path& folder) const {
  const CommandResult result = run(unpack_archive_script, archive, folder);
  if (result.succeeded()) return;
  throw Error(ErrorKind::install, "Cannot unpack the bundle " + archive.string() + ": " + reason(result),
              "Copy the bundle here again, or make a new one: ktx runtime bundle <path>");
}

}  // namespace ktx::runtime
