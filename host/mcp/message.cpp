#include "ktx/mcp/message.hpp"

#include "ktx/mcp/rpc.hpp"
#include "ktx/util/error.hpp"

namespace ktx::mcp {
namespace {

// Copying and writing JSON takes the stack, a frame for each level.
constexpr std::size_t deepest_message = 200;

// How deep the arrays and objects of a text are in each other, whether it is JSON or not.
std::size_t depth_of(std::string_view text) {
  std::size_t depth = 0;
  std::size_t deepest = 0;
  bool in_string = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (in_string && c == '\\') {
      ++at;
    } else if (c == '"') {
      in_string = !in_string;
    } else if (!in_string && (c == '[' || c == '{')) {
      deepest = std::max(deepest, ++depth);
    } else if (!in_string && (c == ']' || c == '}') && depth > 0) {
      --depth;
    }
  }
  return deepest;
}

}  // namespace

Json read_message(std::string_view text) {
  if (text.size() > longest_message)
    throw RpcFailure{RpcError::parse_error, "The message is longer than 16 MiB"};
  if (depth_of(text) > deepest_message) {
    throw RpcFailure{RpcError::parse_error,
                     "The message is nested deeper than " + std::to_string(deepest_message) + " levels"};
  }
  try {
    return parse_json(text, "The message", ErrorKind::usage);
  } catch (const Error& error) {
    throw RpcFailure{RpcError::parse_error, error.message()};
  }
}

}  // namespace ktx::mcp
