#pragma once

#include <string>
#include <vector>

#include "ktx/mcp/prompt.hpp"
#include "ktx/mcp/resource.hpp"
#include "ktx/mcp/tool.hpp"

namespace ktx::mcp {

/// Everything that a server offers, in the order in which clients list it. All transports share it.
struct Offer {
  std::vector<Tool> tools;
  std::vector<Resource> resources;
  std::vector<ResourceTemplate> resource_templates;
  std::vector<Prompt> prompts;
  bool can_watch = false;    ///< whether somebody calls `Call::changed` when a resource is not as it was
  std::string instructions;  ///< how to use all this; a client shows it to its model once
};

}  // namespace ktx::mcp
