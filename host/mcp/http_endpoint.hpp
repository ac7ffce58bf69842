#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "http_connection.hpp"
#include "http_exchange.hpp"
#include "http_sessions.hpp"
#include "ktx/mcp/http_settings.hpp"
#include "ktx/mcp/server.hpp"

namespace ktx::mcp {

/// The protocol at one address of HTTP: what each method of it means in each era. Thread-safe.
class HttpEndpoint {
 public:
  HttpEndpoint(const Server& server, const HttpSettings& settings, HttpEvents events)
      : server_(server), settings_(settings), events_(std::move(events)), sessions_(settings.most_sessions) {}

  /// Answers one request. False if there comes none any more.
  bool serve_one(HttpConnection& connection);

  /// Cancels what runs, and ends all streams.
  void stop();

  /// Whether no request is answered any more within the time.
  bool wait(std::chrono::milliseconds time);

 private:
  // One request with what is known of it: for the log, and for the headers of its reply.
  struct Visit {
    HttpConnection& connection;
    const HttpHead& head;
    std::string what;  // for the log
    std::vector<std::pair<std::string, std::string>> headers;
    unsigned status = 0;
    std::chrono::steady_clock::time_point began = std::chrono::steady_clock::now();
  };

  void answer(Visit& visit);
  void post(Visit& visit);
  void post_stateless(Visit& visit, const Json& message);
  void post_in_session(Visit& visit, const Json& message);
  void begin_session(Visit& visit, const Json& message);
  void take_silently(Visit& visit, const Json& message, HttpSession& session);
  void listen(Visit& visit);
  void end_session(Visit& visit);
  std::shared_ptr<HttpSession> session_of(Visit& visit);

  // Answers in a thread of its own, with a stream as soon as something is to be said before the reply.
  void exchange(Visit& visit, const Json& message, Era era, const std::shared_ptr<Client>& client);
  bool follow(Visit& visit, HttpExchange& exchange, Era era, Client& client, bool& is_stream);
  void start(const std::shared_ptr<HttpExchange>& exchange, const Json& message,
             const std::shared_ptr<Client>& client);
  void reply(Visit& visit, HttpReply reply) const;
  void log(const Visit& visit) const;

  const Server& server_;
  const HttpSettings& settings_;
  HttpEvents events_;
  HttpSessions sessions_;
  std::atomic<bool> is_stopping_ = false;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t running_ = 0;
};

}  // namespace ktx::mcp
