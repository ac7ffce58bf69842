#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <string_view>

namespace ktx {

using Sha256 = std::array<unsigned char, 32>;

/// SHA-256 of bytes in memory.
Sha256 sha256(std::string_view bytes);

/// SHA-256 of what can still be read from an open file; `path` is for errors only. Throws `io`.
Sha256 sha256_of_descriptor(int descriptor, const std::filesystem::path& path);

/// SHA-256 of the file at `path`. Throws an `io` error that names it.
Sha256 sha256_of_file(const std::filesystem::path& path);

/// HMAC-SHA256 of `message` under `key`.
Sha256 hmac_sha256(std::string_view key, std::string_view message);

/// 64 lower-case hexadecimal characters.
std::string hex(const Sha256& digest);

/// 43 characters of URL-safe base64 without padding, as wheels' RECORD files have it.
std::string base64url(const Sha256& digest);

}  // namespace ktx
