#include "source_bytes.hpp"

#include <fcntl.h>

#include <cerrno>

#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"

namespace ktx::project {
namespace {

constexpr std::string_view digest_format = "ktx source tree 1\n";

FileDescriptor open_source(const std::string& path) {
  FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) throw system_error("Cannot read", path, errno == ENOTDIR ? ENOENT : errno);
  return file;
}

/// The stamp of the text that `read` gives, if the file stays the same meanwhile and the stamp is a lasting
/// one.
template <typename Read>
std::optional<FileStamp> stamp_while(int descriptor, const Moment& begun, Read read) {
  struct stat before {};
  struct stat after {};
  const bool seen = ::fstat(descriptor, &before) == 0;
  read();
  if (!seen || ::fstat(descriptor, &after) != 0 || stamp_of(before) != stamp_of(after)) return std::nullopt;
  return lasting_stamp(descriptor, after, begun);
}

/// Eight bytes, the lowest first.
void append_number(std::string& bytes, std::uint64_t number) {
  for (int byte = 0; byte < 8; ++byte, number >>= 8U) bytes += static_cast<char>(number & 0xFFU);
}

}  // namespace

SourceBytes read_source_file(const std::filesystem::path& project_directory, const std::string& name,
                             const std::optional<Moment>& begun) {
  SourceBytes bytes;
  const std::string path = (project_directory / name).string();
  try {
    const FileDescriptor file = open_source(path);
    const auto read = [&] { bytes.text = read_descriptor(file.value(), path); };
    if (begun) {
      bytes.stamp = stamp_while(file.value(), *begun, read);
    } else {
      read();
    }
  } catch (const Error& error) {
    bytes.failure = error.message();
  }
  bytes.hash = sha256(bytes.readable() ? bytes.text : bytes.failure);
  return bytes;
}

std::string digest_of(const std::vector<std::string>& names, const std::vector<SourceBytes>& files) {
  std::string digested(digest_format);
  append_number(digested, names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    append_number(digested, names[i].size());
    digested += names[i];
    digested += files[i].readable() ? 'r' : 'u';
    const Sha256& hash = files[i].hash;
    digested.append(reinterpret_cast<const char*>(hash.data()), hash.size());  // bytes as bytes
  }
  return hex(sha256(digested));
}

}  // namespace ktx::project
