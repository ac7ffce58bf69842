#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ktx/mcp/offer.hpp"
#include "ktx/util/cancellation.hpp"
#include "ktx/util/json.hpp"

namespace ktx::mcp {

/// The error codes of JSON-RPC.
enum class RpcError : int {
  parse_error = -32700,
  invalid_request = -32600,
  method_not_found = -32601,
  invalid_params = -32602,
  internal_error = -32603,
  resource_not_found = -32002,
};

/// An error of the protocol, not of a tool.
struct RpcFailure {
  RpcError code;
  std::string message;
  Json data = nullptr;
};

/// A client of one connection or session: what was agreed with it, and which of its requests run.
/// Thread-safe.
class Client {
 public:
  /// Sends a message that is no reply. Thread-safe.
  explicit Client(std::function<void(const Json& message)> send) : send_(std::move(send)) {}

  void send(const Json& message) const { send_(message); }

  /// Cancels the request of that id, if it runs.
  void cancel(const Json& id);
  void cancel_all();

  /// While one lives, the request of that id can be cancelled.
  class Running {
   public:
    Running(Client& client, const Json& id);
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
    ~Running();

    Cancellation& cancellation() { return *cancellation_; }

   private:
    Client& client_;
    std::string key_;
    std::shared_ptr<Cancellation> cancellation_ = std::make_shared<Cancellation>();
  };

 private:
  std::function<void(const Json& message)> send_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Cancellation>> running_;
};

/// The Model Context Protocol over what is offered, whatever the transport. Thread-safe.
class Server {
 public:
  explicit Server(Offer offer);

  /// The reply to one message; std::nullopt if it gets none. Blocks while a tool runs.
  std::optional<Json> answer(const Json& message, Client& client) const;

  /// Whether the message may take long, so that others should not wait for it.
  static bool takes_long(const Json& message);

 private:
  Json result_of(const std::string& method, const Json& id, const Json& params, Client& client) const;
  Json call_tool(const Json& id, const Json& params, Client& client) const;

  Offer offer_;
};

/// A reply that carries an error; `id` is null if it could not be read.
Json error_reply(const Json& id, const RpcFailure& failure);

}  // namespace ktx::mcp
