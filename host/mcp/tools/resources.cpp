#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "fields.hpp"
#include "ktx/app/project_access.hpp"
#include "ktx/app/source_texts.hpp"
#include "ktx/app/wiki_pages.hpp"
#include "ktx/project/json_schema.hpp"
#include "ktx/wiki/wiki.hpp"
#include "tool_groups.hpp"

namespace ktx::mcp {
namespace {

constexpr const char* yaml_type = "text/yaml";
constexpr const char* markdown_type = "text/markdown";

// As RFC 3986 wants it; a slash in a wiki page's key stays.
std::string percent_encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  constexpr std::string_view plain = "-._~/";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_plain = (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
                          (byte >= 'A' && byte <= 'Z') || plain.find(c) != std::string_view::npos;
    if (is_plain) {
      encoded += c;
    } else {
      encoded.append({'%', digits[byte >> 4U], digits[byte & 15U]});
    }
  }
  return encoded;
}

std::vector<Resource> list_source_resources(const CallSession& session) {
  const project::Project project = session.project();
  std::vector<Resource> resources;
  for (const Model::Entry& entry : read_model(project, std::nullopt).sources) {
    resources.push_back({.uri = source_uri(entry.connection_id, entry.source.name),
                         .name = entry.source.name,
                         .title = entry.source.name,
                         .description = entry.source.description(),
                         .mime_type = yaml_type,
                         .size = std::nullopt,
                         .read = {}});
  }
  return resources;
}

std::optional<ResourceContent> read_source_resource(const CallSession& session, const Json& variables) {
  const auto name = variables.at("source").get<std::string>();
  const auto connection_id = variables.at("connection").get<std::string>();
  const project::Project project = session.project();
  const Model model = read_model(project, std::nullopt);
  if (model.find(connection_id, name) == nullptr) return std::nullopt;
  return ResourceContent{yaml_type, app::find_source_text(project, {name, connection_id, false}).text};
}

std::vector<std::string> beginning_with(std::vector<std::string> names, const std::string& start) {
  std::erase_if(names, [&](const std::string& name) { return !name.starts_with(start); });
  std::ranges::sort(names);
  names.erase(std::ranges::unique(names).begin(), names.end());
  return names;
}

std::vector<std::string> complete_source(const CallSession& session, const std::string& variable,
                                         const std::string& start, const Json& known) {
  const project::Project project = session.project();
  std::vector<std::string> names;
  for (const Model::Entry& entry : read_model(project, std::nullopt).sources) {
    const bool is_connection = variable == "connection";
    if (!is_connection && known.contains("connection") && known.at("connection") != entry.connection_id)
      continue;
    names.push_back(is_connection ? entry.connection_id : entry.source.name);
  }
  return beginning_with(std::move(names), start);
}

std::vector<Resource> list_page_resources(const CallSession& session) {
  const wiki::Wiki wiki = wiki::load_wiki(session.project().directory, app::default_user);
  std::vector<Resource> resources;
  for (const wiki::Page& page : wiki.pages) {
    resources.push_back({.uri = page_uri(page.key),
                         .name = page.key,
                         .title = page.key,
                         .description = page.summary,
                         .mime_type = markdown_type,
                         .size = page.content.size(),
                         .read = {}});
  }
  return resources;
}

std::optional<ResourceContent> read_page_resource(const CallSession& session, const Json& variables) {
  const wiki::Wiki wiki = wiki::load_wiki(session.project().directory, app::default_user);
  const wiki::Page* page = wiki.find(variables.at("key").get<std::string>());
  if (page == nullptr) return std::nullopt;
  return ResourceContent{markdown_type, page->content};
}

std::vector<std::string> complete_page(const CallSession& session, const std::string& start) {
  const wiki::Wiki wiki = wiki::load_wiki(session.project().directory, app::default_user);
  std::vector<std::string> keys;
  for (const wiki::Page& page : wiki.pages) keys.push_back(page.key);
  return beginning_with(std::move(keys), start);
}

}  // namespace

std::string source_uri(const std::string& connection_id, const std::string& name) {
  return "ktx://sources/" + percent_encoded(connection_id) + "/" + percent_encoded(name);
}

std::string page_uri(const std::string& key) { return "ktx://wiki/" + percent_encoded(key); }

std::vector<Resource> all_resources(Engine& /*engine*/) {
  return {{.uri = "ktx://schema",
           .name = "schema",
           .title = "JSON Schema of ktx.yaml",
           .description = "What ktx.yaml may hold",
           .mime_type = "application/schema+json",
           .size = std::nullopt,
           .read = [](Call&) {
             return ResourceContent{"application/schema+json",
                                    pretty_json(project::json_schema(project::FileKind::project))};
           }}};
}

std::vector<ResourceTemplate> all_resource_templates(Engine& engine) {
  const auto session_of = [&engine](Call& call) { return engine.session(call.cancellation()); };
  return {
      {.uri_template = "ktx://sources/{connection}/{source}",
       .name = "source",
       .title = "A source of the semantic layer",
       .description = "Its YAML",
       .mime_type = yaml_type,
       .list = [session_of](Call& call) { return list_source_resources(*session_of(call)); },
       .read = [session_of](
                   Call& call,
                   const Json& variables) { return read_source_resource(*session_of(call), variables); },
       .complete =
           [session_of](Call& call, const std::string& variable, const std::string& start,
                        const Json& known) {
             return complete_source(*session_of(call), variable, start, known);
           }},
      {.uri_template = "ktx://wiki/{+key}",
       .name = "wiki-page",
       .title = "A page of the project's wiki",
       .description = "Markdown that says what names and numbers mean",
       .mime_type = markdown_type,
       .list = [session_of](Call& call) { return list_page_resources(*session_of(call)); },
       .read = [session_of](
                   Call& call,
                   const Json& variables) { return read_page_resource(*session_of(call), variables); },
       .complete = [session_of](Call& call, const std::string& /*variable*/, const std::string& start,
                                const Json& /*known*/) { return complete_page(*session_of(call), start); }}};
}

}  // namespace ktx::mcp
