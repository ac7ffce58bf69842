#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "ktx/mcp/revision.hpp"
#include "ktx/util/cancellation.hpp"
#include "ktx/util/json.hpp"

namespace ktx::mcp {

/// Sends one message to a client. Thread-safe.
using Send = std::function<void(const Json& message)>;

/// A client of one connection or session: what was agreed with it, which of its requests run, and what it was
/// asked. Thread-safe.
class Client {
 public:
  /// `era` if it is known before the first message, which otherwise decides.
  explicit Client(std::optional<Era> era = std::nullopt) : era_(era) {}
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client() = default;

  /// The era; the first request sets it to `if_undecided`.
  Era era(Era if_undecided);

  /// What `initialize` agreed on.
  void agree(const std::string& revision, const Json& capabilities);
  std::string revision() const;
  Json capabilities() const;

  /// From which level on the client wants log messages: all of them, until it says otherwise.
  void set_log_level(const std::string& level);
  std::string log_level() const;

  /// Which resources the client wants to hear of when they change.
  void watch(const std::string& uri);
  void unwatch(const std::string& uri);
  bool watches(const std::string& uri) const;

  /// Cancels the request of that id, if it runs.
  void cancel(const Json& id);

  /// Cancels what runs, and what will be asked.
  void cancel_all();

  /// Asks the client through `send` and waits for the answer. Throws `Error`: the client refuses, or
  /// `cancellation` happens first.
  Json ask(const Send& send, const std::string& method, const Json& params, Cancellation& cancellation);

  /// Takes a message that is a reply to `ask`. Replies that nobody waits for are dropped.
  void take_reply(const Json& message);

  /// While one lives, the request of that id can be cancelled. Throws an `RpcFailure` if it runs already.
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
  mutable std::mutex mutex_;
  std::condition_variable replied_;
  std::optional<Era> era_;
  std::string revision_{handshake_revisions.back()};
  Json capabilities_ = Json::object();
  std::string log_level_ = "debug";
  std::set<std::string> watched_;
  bool is_gone_ = false;
  std::map<std::string, std::shared_ptr<Cancellation>> running_;
  std::map<std::string, std::optional<Json>> asked_;
  std::uint64_t last_asked_ = 0;
};

}  // namespace ktx::mcp
