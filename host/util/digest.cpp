#include "ktx/util/digest.hpp"

#include <fcntl.h>
// The functions without a provider count as old there.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <vector>

#include "ktx/util/error.hpp"
#include "ktx/util/file_descriptor.hpp"

namespace ktx {
namespace {

/// One running SHA-256. By the functions that need no provider: to look for one, OpenSSL reads the machine's
/// openssl.cnf and sets itself up, which takes as long as everything else that a short command does.
class Hasher {
 public:
  Hasher() { require(SHA256_Init(&state_)); }
  void add(const void* bytes, std::size_t size) { require(SHA256_Update(&state_, bytes, size)); }
  Sha256 finish() {
    Sha256 digest{};
    require(SHA256_Final(digest.data(), &state_));
    return digest;
  }

 private:
  static void require(int done) {
    if (done != 1) throw Error(ErrorKind::internal, "SHA-256 is not available in the linked OpenSSL");
  }
  SHA256_CTX state_{};
};

Sha256 sha256_of_both(std::string_view first, std::string_view second) {
  Hasher hasher;
  hasher.add(first.data(), first.size());
  hasher.add(second.data(), second.size());
  return hasher.finish();
}

std::string_view bytes_of(const Sha256& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace

Sha256 sha256(std::string_view bytes) {
  Hasher hasher;
  hasher.add(bytes.data(), bytes.size());
  return hasher.finish();
}

Sha256 sha256_of_descriptor(int descriptor, const std::filesystem::path& path) {
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

// RFC 2104.
Sha256 hmac_sha256(std::string_view key, std::string_view message) {
  std::string block(SHA256_CBLOCK, '\0');
  if (key.size() <= block.size()) {
    std::ranges::copy(key, block.begin());
  } else {
    std::ranges::copy(bytes_of(sha256(key)), block.begin());
  }
  const auto padded = [&block](unsigned char pad) {
    std::string text = block;
    for (char& byte : text) byte = static_cast<char>(static_cast<unsigned char>(byte) ^ pad);
    return text;
  };
  const Sha256 inner = sha256_of_both(padded(0x36), message);
  return sha256_of_both(padded(0x5c), bytes_of(inner));
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
