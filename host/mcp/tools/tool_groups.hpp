#pragma once

#include <string>
#include <vector>

#include "ktx/mcp/engine.hpp"
#include "ktx/mcp/prompt.hpp"
#include "ktx/mcp/resource.hpp"
#include "ktx/project/config.hpp"
#include "tool_table.hpp"

namespace ktx::mcp {

/// The parts of the operation table.
void add_connection_tools(ToolTable& table);
void add_search_tools(ToolTable& table);
void add_discovery_tools(ToolTable& table);
void add_query_tools(ToolTable& table);
void add_sql_tools(ToolTable& table);
void add_source_tools(ToolTable& table);
void add_entity_tools(ToolTable& table);
void add_validation_tools(ToolTable& table);
void add_wiki_tools(ToolTable& table);
void add_writing_tools(ToolTable& table);

/// The addresses of resources.
std::string source_uri(const std::string& connection_id, const std::string& name);
std::string page_uri(const std::string& key);

std::vector<Resource> all_resources(Engine& engine);
std::vector<ResourceTemplate> all_resource_templates(Engine& engine);
std::vector<Prompt> all_prompts(Engine& engine);

/// Throws a `connection` error unless statements may be run on the connection.
void check_may_execute(const project::Connection& connection);

}  // namespace ktx::mcp
