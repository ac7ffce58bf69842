#pragma once

#include <optional>
#include <string>

#include "ktx/mcp/background.hpp"

namespace ktx::cli {

/// The output of `ktx mcp start`. Says where the token is, and never what it is.
std::string mcp_started_text(const mcp::BackgroundState& state, const mcp::BackgroundFiles& files,
                             bool existing);
std::string mcp_started_json(const mcp::BackgroundState& state, const mcp::BackgroundFiles& files,
                             bool existing);

/// The output of `ktx mcp status`. `version` is this program's.
std::string mcp_status_text(const std::optional<mcp::BackgroundState>& state,
                            const mcp::BackgroundFiles& files, const std::string& version);
std::string mcp_status_json(const std::optional<mcp::BackgroundState>& state,
                            const mcp::BackgroundFiles& files);

/// The output of `ktx mcp stop`.
std::string mcp_stopped_text(const std::optional<mcp::BackgroundState>& stopped);
std::string mcp_stopped_json(const std::optional<mcp::BackgroundState>& stopped);

}  // namespace ktx::cli
