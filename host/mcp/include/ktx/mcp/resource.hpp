#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ktx/mcp/tool.hpp"

namespace ktx::mcp {

/// What is read of a resource.
struct ResourceContent {
  std::string mime_type;  ///< as "text/yaml"
  std::string bytes;      ///< UTF-8, unless `is_binary`
  bool is_binary = false;
};

/// One thing that a client can read by its address.
struct Resource {
  std::string uri;   ///< as "ktx://source/warehouse/orders", percent-encoded where it must be
  std::string name;  ///< short, for lists
  std::string title;
  std::string description;
  std::string mime_type;
  std::optional<std::uint64_t> size;  ///< in bytes, if it is known without reading

  /// Reads it. Throws `Error`. May be empty in what a `ResourceTemplate` lists, which reads its own.
  std::function<ResourceContent(Call& call)> read;
};

/// Resources of one kind, whose addresses follow a pattern.
struct ResourceTemplate {
  /// RFC 6570 with `{name}`, a part without a slash, and `{+name}`, which may have slashes.
  std::string uri_template;
  std::string name;
  std::string title;
  std::string description;
  std::string mime_type;

  /// Those that there are now, in an order that does not change by itself; the server makes pages of them.
  /// Empty if they are not listed.
  std::function<std::vector<Resource>(Call& call)> list;

  /// Reads the one with these values of the variables, an object of decoded texts; std::nullopt if there is
  /// none. Throws `Error`.
  std::function<std::optional<ResourceContent>(Call& call, const Json& variables)> read;

  /// Values for `variable` that begin with `start`, the likeliest first; `known` has the variables that are
  /// chosen already. May be empty.
  std::function<std::vector<std::string>(Call& call, const std::string& variable, const std::string& start,
                                         const Json& known)>
      complete;
};

}  // namespace ktx::mcp
