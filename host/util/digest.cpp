#include "ktx/util/digest.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <vector>

#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"

namespace ktx {
namespace {

// One running SHA-256, by OpenSSL's older functions: the newer ones read openssl.cnf and build a table of all
// algorithms first, which takes longer than everything else that a short command does. A failure means a
// broken build, never bad input.
class Hasher {
 public:
  Hasher() { require(SHA256_Init(&state_) == 1); }
  void add(const void* bytes, std::size_t size) { require(SHA256_Update(&state_, bytes, size) == 1); }
  Sha256 finish() {
    Sha256 digest{};
    require(SHA256_Final(digest.data(), &state_) == 1);
    return digest;
  }

 private:
  static void require(bool condition) {
    if (!condition) throw Error(ErrorKind::internal, "SHA-256 is not available in the linked OpenSSL");
  }
  SHA256_CTX state_{};
};

}  // namespace

Sha256 sha256(std::string_view bytes) {
  Hasher hasher;
  hasher.add(bytes.data(), bytes.size());
  return hasher.finish();
}

Sha256 sha256_of_descriptor(int descriptor, const std::filesystem::path& path) {
  // 256 KiB: large enough that the system calls cost nothing beside the hashing.
  constexpr std::size_t chunk = 1 << 18;
  std::vector<char> buffer(chunk);
  Hasher hasher;
  for (;;) {
    const ssize_t count = ::read(descriptor, buffer.data(), buffer.size());
    if (count == 0) return hasher.finish();
    if (count > 0) {
      hasher.add(buffer.data(), static_cast<std::size_t>(count));
    } else if (errno != EINTR) {
      throw system_error("Cannot read", path.string(), errno);
    }
  }
}

Sha256 sha256_of_file(const std::filesystem::path& path) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) throw system_error("Cannot read", path.string(), errno);
  return sha256_of_descriptor(file.value(), path);
}

Sha256 hmac_sha256(std::string_view key, std::string_view message) {
  Sha256 digest{};
  unsigned int size = 0;
  const auto* bytes = reinterpret_cast<const unsigned char*>(message.data());
  const bool done = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes, message.size(),
                         digest.data(), &size) != nullptr;
  if (!done || size != digest.size()) throw Error(ErrorKind::internal, "OpenSSL gives no HMAC-SHA256");
  return digest;
}

std::string hex(const Sha256& digest) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : digest) {
    text += digits[byte >> 4U];
    text += digits[byte & 15U];
  }
  return text;
}

std::string base64url(const Sha256& digest) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text;
  unsigned int bits = 0;
  unsigned int held = 0;  // how many of the low bits of `bits` are still to be written
  for (const unsigned char byte : digest) {
    bits = (bits << 8U) | byte;
    for (held += 8; held >= 6; held -= 6) text += digits[(bits >> (held - 6)) & 63U];
  }
  if (held > 0) text += digits[(bits << (6 - held)) & 63U];
  return text;
}

}  // namespace ktx
