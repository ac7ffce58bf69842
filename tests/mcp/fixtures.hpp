#pragma once

#include "ktx/mcp/offer.hpp"

namespace ktx::mcp::fixtures {

/// What the official conformance suite wants of a server: tools, resources and prompts of these very names
/// and texts, served by the code that serves ktx's own.
Offer everything();

void add_tools(Offer& offer);
void add_tools_that_ask(Offer& offer);         ///< by requests of the server, until 2025-11-25
void add_tools_that_need_input(Offer& offer);  ///< by results that want answers, since 2026-07-28
void add_resources(Offer& offer);
void add_prompts(Offer& offer);

/// A tool without arguments, or with those of `properties`, that answers with content blocks.
Tool tool(const std::string& name, const std::string& description,
          std::function<Json(Call& call, const Json& arguments)> content, Json properties = Json::object());

/// `tool`, answering with one text.
Tool text_tool(const std::string& name, const std::string& description,
               std::function<std::string(Call& call, const Json& arguments)> text,
               Json properties = Json::object());

/// A picture of one pixel, as a content block.
Json image_block();
inline constexpr const char* png =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";

/// An `elicitation/create` for one value.
Json elicitation(const std::string& message, const std::string& member, const std::string& type);
Json sampling(const std::string& text, int most_tokens);

}  // namespace ktx::mcp::fixtures
