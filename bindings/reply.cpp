#include "reply.hpp"

#include <new>
#include <utility>

namespace ktx::bindings {
namespace {

constexpr std::string_view out_of_memory =
    R"({"error":{"kind":"internal","message":"Out of memory while answering"}})";

}  // namespace

std::string error_reply(std::string_view kind, std::string_view message, std::string_view fix) {
  Json error = {{"kind", kind}, {"message", message}};
  if (!fix.empty()) error["fix"] = fix;
  return error_reply(error);
}

std::string error_reply(const Json& error) { return compact_json({{"error", error}}); }

void give(std::string json, ktx_reply* reply) noexcept {
  auto* owner = new (std::nothrow) std::string(std::move(json));
  if (owner == nullptr) return give_out_of_memory(reply);
  *reply = {{owner->data(), owner->size()}, owner};
}

void give_out_of_memory(ktx_reply* reply) noexcept {
  *reply = {{out_of_memory.data(), out_of_memory.size()}, nullptr};
}

void release(ktx_reply* reply) noexcept {
  delete static_cast<std::string*>(reply->owner);
  *reply = {{nullptr, 0}, nullptr};
}

}  // namespace ktx::bindings
