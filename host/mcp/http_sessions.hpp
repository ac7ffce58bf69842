#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "ktx/mcp/client.hpp"

namespace ktx::mcp {

/// A client that came by a handshake, from its `initialize` to its DELETE.
struct HttpSession {
  std::string id;
  Client client{Era::handshake};
  std::atomic<bool> has_stream = false;  ///< a GET waits for what the server says by itself
  std::atomic<bool> is_over = false;
};

/// The sessions of a server. One that nobody uses for half an hour ends, and the longest unused one when
/// there are too many. Thread-safe.
class HttpSessions {
 public:
  explicit HttpSessions(std::size_t most) : most_(most) {}

  /// A new session, which counts only once it is `keep`t.
  static std::shared_ptr<HttpSession> make();
  void keep(const std::shared_ptr<HttpSession>& session);

  /// The session of that id, now in use; null if there is none.
  std::shared_ptr<HttpSession> find(const std::string& id);

  /// Ends the session and what runs in it. False if there is none.
  bool end(const std::string& id);
  void end_all();

 private:
  using Clock = std::chrono::steady_clock;
  struct Entry {
    std::shared_ptr<HttpSession> session;
    Clock::time_point last_used;
  };
  void end_entry(std::map<std::string, Entry>::iterator entry);
  void make_room();

  std::size_t most_;
  std::mutex mutex_;
  std::map<std::string, Entry> entries_;
};

}  // namespace ktx::mcp
