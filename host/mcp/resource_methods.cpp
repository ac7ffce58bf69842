#include <algorithm>
#include <string>
#include <utility>

#include "ktx/util/text.hpp"
#include "request.hpp"
#include "uri_template.hpp"

namespace ktx::mcp {
namespace {

// About 5,000 tokens a page.
constexpr std::size_t page_size = 100;

Json resource_json(const Resource& resource) {
  Json described = {{"uri", resource.uri}, {"name", resource.name}};
  if (!resource.title.empty()) described["title"] = resource.title;
  if (!resource.description.empty()) described["description"] = resource.description;
  if (!resource.mime_type.empty()) described["mimeType"] = resource.mime_type;
  if (resource.size) described["size"] = *resource.size;
  return described;
}

Json template_json(const ResourceTemplate& of_kind) {
  Json described = {{"uriTemplate", of_kind.uri_template}, {"name", of_kind.name}};
  if (!of_kind.title.empty()) described["title"] = of_kind.title;
  if (!of_kind.description.empty()) described["description"] = of_kind.description;
  if (!of_kind.mime_type.empty()) described["mimeType"] = of_kind.mime_type;
  return described;
}

Json contents(const std::string& uri, const ResourceContent& content) {
  Json described = {{"uri", uri}, {"mimeType", content.mime_type}};
  described[content.is_binary ? "blob" : "text"] =
      content.is_binary ? to_base64(content.bytes) : content.bytes;
  return {{"contents", Json::array({std::move(described)})}};
}

std::optional<ResourceContent> content_at(const Offer& offer, const std::string& uri, Call& call) {
  const auto fixed = std::ranges::find(offer.resources, uri, &Resource::uri);
  if (fixed != offer.resources.end()) return fixed->read(call);
  for (const ResourceTemplate& of_kind : offer.resource_templates) {
    const auto variables = match_uri(of_kind.uri_template, uri);
    if (!variables) continue;
    if (auto content = of_kind.read(call, *variables)) return content;
  }
  return std::nullopt;
}

// A cursor is the address of the last resource of the page before, so that it survives restarts, and new
// resources shift nothing.
std::size_t first_after(const std::vector<Resource>& all, const Request& request) {
  if (!request.params.contains("cursor")) return 0;
  const std::string cursor = request.text("cursor");
  const auto last = std::ranges::find(all, cursor, &Resource::uri);
  if (last == all.end()) {
    throw RpcFailure{RpcError::invalid_params,
                     "The resource of the cursor is not there any more; list from the beginning"};
  }
  return static_cast<std::size_t>(last - all.begin()) + 1;
}

}  // namespace

Json list_resources(const Offer& offer, const Request& request, Call& call) {
  std::vector<Resource> all = offer.resources;
  for (const ResourceTemplate& of_kind : offer.resource_templates) {
    if (!of_kind.list) continue;
    for (Resource& resource : of_kind.list(call)) all.push_back(std::move(resource));
  }
  const std::size_t first = first_after(all, request);
  const std::size_t end = std::min(all.size(), first + page_size);
  Json list = Json::array();
  for (std::size_t i = first; i < end; ++i) list.push_back(resource_json(all[i]));
  Json result = {{"resources", std::move(list)}};
  if (end < all.size()) result["nextCursor"] = all[end - 1].uri;
  return result;
}

Json list_templates(const Offer& offer) {
  Json list = Json::array();
  for (const ResourceTemplate& of_kind : offer.resource_templates) list.push_back(template_json(of_kind));
  return {{"resourceTemplates", std::move(list)}};
}

Json read_resource(const Offer& offer, const Request& request, Call& call) {
  const std::string uri = request.text("uri");
  const auto content = content_at(offer, uri, call);
  if (content) return contents(uri, *content);
  const bool is_new = request.era == Era::stateless;
  throw RpcFailure{
      is_new ? RpcError::invalid_params : RpcError::resource_not_found, "Resource not found", {{"uri", uri}}};
}

}  // namespace ktx::mcp
