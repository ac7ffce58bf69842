#pragma once

#include <functional>
#include <string>
#include <vector>

#include "ktx/mcp/tool.hpp"

namespace ktx::mcp {

/// What a prompt asks its reader to fill in. Values are always texts.
struct PromptArgument {
  std::string name;
  std::string title;
  std::string description;
  bool required = false;
};

/// One message of a prompt that has been filled in.
struct PromptMessage {
  std::string role = "user";  ///< or "assistant"
  Json content;               ///< a content block of the protocol; see `text_block`
};

/// A prepared beginning of a conversation, which a person picks from a menu.
struct Prompt {
  std::string name;
  std::string title;
  std::string description;
  std::vector<PromptArgument> arguments;

  /// The messages; `arguments` is an object of texts with all that are required. Throws `Error`.
  std::function<std::vector<PromptMessage>(Call& call, const Json& arguments)> messages;

  /// Values for `argument` that begin with `start`, the likeliest first; `known` has the arguments that are
  /// filled in already. May be empty.
  std::function<std::vector<std::string>(Call& call, const std::string& argument, const std::string& start,
                                         const Json& known)>
      complete;
};

}  // namespace ktx::mcp
