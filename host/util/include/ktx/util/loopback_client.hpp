#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace ktx {

struct HttpRequest {
  std::string method = "GET";
  std::string target = "/";
  std::map<std::string, std::string> headers{};
  std::string_view body{};
};

struct HttpResponse {
  unsigned status = 0;
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;
};

/// HTTP/1.1 with a server on 127.0.0.1, over one connection that is kept open. Proxy variables are ignored.
class LoopbackClient {
 public:
  /// Connects with the first request.
  explicit LoopbackClient(std::uint16_t port);
  LoopbackClient(const LoopbackClient&) = delete;
  LoopbackClient& operator=(const LoopbackClient&) = delete;
  LoopbackClient(LoopbackClient&&) noexcept;
  LoopbackClient& operator=(LoopbackClient&&) noexcept;
  ~LoopbackClient();

  /// Sends a request and returns the whole response. Throws an `io` error with the reason if the server does
  /// not answer, does not speak HTTP, or takes longer than `limit`; the connection is then closed, and the
  /// next request opens a new one.
  HttpResponse send(const HttpRequest& request, std::chrono::milliseconds limit);

 private:
  class Connection;
  std::uint16_t port_;
  std::unique_ptr<Connection> connection_;
};

}  // namespace ktx
