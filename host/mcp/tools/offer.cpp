#include "ktx/mcp/tools.hpp"

namespace ktx::mcp {

Offer whole_offer(Engine& engine) {
  Offer offer;
  offer.tools = all_tools(engine);
  return offer;
}

}  // namespace ktx::mcp
