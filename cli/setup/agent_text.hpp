#pragma once

#include <string_view>

namespace ktx::cli {

/// What an agent is told about ktx, in Markdown.
extern const std::string_view agent_text;

}  // namespace ktx::cli
