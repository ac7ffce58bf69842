#pragma once

#include <optional>

#include "ktx/mcp/client.hpp"
#include "ktx/mcp/offer.hpp"
#include "ktx/mcp/rpc.hpp"
#include "ktx/util/json.hpp"

namespace ktx::mcp {

struct Request;

/// The Model Context Protocol over what is offered, whatever the transport. Thread-safe.
class Server {
 public:
  explicit Server(Offer offer) : offer_(std::move(offer)) {}

  const Offer& offer() const { return offer_; }

  /// The reply to one message; std::nullopt if it gets none: to a notification, a reply, and a request that
  /// was cancelled. Blocks while a tool runs. `send` is for what belongs to the request.
  std::optional<Json> answer(const Json& message, Client& client, const Send& send) const;

  /// Whether the message may take long, so that others should not wait for it.
  static bool takes_long(const Json& message);

  /// The id of the request that the message cancels, if it does that.
  static std::optional<Json> cancelled_by(const Json& message);

 private:
  Json result_of(const Request& request) const;
  Json result_of_work(const Request& request) const;
  Json capabilities(Era era) const;
  Json initialize(const Request& request) const;
  Json discover() const;

  Offer offer_;
};

}  // namespace ktx::mcp
