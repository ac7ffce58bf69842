#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace ktx::database {

/// Bytes that are not text.
struct Blob {
  std::string bytes;

  bool operator==(const Blob&) const = default;
};

/// One cell, typed as the database gave it; std::monostate is NULL.
using Value = std::variant<std::monostate, std::int64_t, double, std::string, Blob>;

struct Result {
  std::vector<std::string> columns;      ///< names as the database gives them
  std::vector<std::vector<Value>> rows;  ///< each as long as `columns`
};

/// Lower-case hexadecimal digits, two a byte.
std::string to_hex(const Blob& blob);

}  // namespace ktx::database
