#include "error_reply.hpp"

#include <array>
#include <utility>

namespace ktx::semantic {
namespace {

constexpr const char* reply_name = "The planner's reply";

ErrorKind kind_of(const std::string& name, const JsonObject& error) {
  constexpr std::array<std::pair<std::string_view, ErrorKind>, 9> kinds = {
      {{"invalid_query", ErrorKind::query},
       {"invalid_model", ErrorKind::model},
       {"unsupported", ErrorKind::unsupported},
       {"database", ErrorKind::database},
       {"interpreter", ErrorKind::interpreter},
       {"interrupted", ErrorKind::interrupted},
       {"invalid_request", ErrorKind::internal},
       {"unknown_operation", ErrorKind::internal},
       {"internal", ErrorKind::internal}}};
  for (const auto& [known, kind] : kinds) {
    if (known == name) return kind;
  }
  throw error.wrong("kind", "\"" + name + "\" is not known");
}

/// The message, with the names that were probably meant as a question behind it.
std::string with_suggestions(std::string message, const JsonObject& error) {
  if (!error.has("suggestions")) return message;
  std::string names;
  for (const std::string& name : error.strings("suggestions")) names += (names.empty() ? "" : ", ") + name;
  if (names.empty()) return message;
  return message + (message.ends_with('.') ? " Did you mean " : "; did you mean ") + names + "?";
}

Error decode_error(const JsonObject& error, const Locator& locate) {
  const std::string place = place_of(error, locate);
  std::string message =
      (place.empty() ? "" : place + ": ") + with_suggestions(error.string("message"), error);
  return {kind_of(error.string("kind"), error), std::move(message),
          error.has("fix") ? error.string("fix") : ""};
}

}  // namespace

std::string place_of(const JsonObject& object, const Locator& locate) {
  if (!object.has("location")) return {};
  const JsonObject location = object.object("location");
  return locate(location.string("source"), location.array("path")).value_or("");
}

Json parse_reply(std::string_view reply) { return parse_json(reply, reply_name, ErrorKind::internal); }

JsonObject answer_of(const Json& document, const Locator& locate) {
  const JsonObject tagged(document, reply_name, ErrorKind::internal);
  if (tagged.has("error")) throw decode_error(tagged.object("error"), locate);
  return tagged.object("ok");
}

}  // namespace ktx::semantic
