#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include "ktx/util/filesystem.hpp"

namespace ktx::test {

/// What listens on a port and answers as a test says. `answer` is given what one read of the connection
/// brought and returns what to send; when it returns nothing the connection is closed.
class HttpPeer {
 public:
  using Answer = std::function<std::string(const std::string& request)>;

  explicit HttpPeer(Answer answer) : answer_(std::move(answer)), socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(socket_.value(), generic, size) != 0 || ::listen(socket_.value(), 8) != 0 ||
        ::getsockname(socket_.value(), generic, &size) != 0) {
      throw std::runtime_error("cannot listen");
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  HttpPeer(const HttpPeer&) = delete;
  HttpPeer& operator=(const HttpPeer&) = delete;
  ~HttpPeer() {
    ::shutdown(socket_.value(), SHUT_RDWR);
    thread_.join();
  }

  std::uint16_t port() const { return port_; }

  /// All that was sent to it so far. To be read when no client is active.
  const std::string& heard() const { return heard_; }
  int connections() const { return connections_; }

 private:
  void serve() {
    for (;;) {
      const FileDescriptor connection(::accept(socket_.value(), nullptr, nullptr));
      if (!connection) return;
      ++connections_;
      converse(connection);
    }
  }

  void converse(const FileDescriptor& connection) {
    std::array<char, 65536> buffer{};
    for (;;) {
      const ssize_t count = ::read(connection.value(), buffer.data(), buffer.size());
      if (count <= 0) return;
      const std::string request(buffer.data(), static_cast<std::size_t>(count));
      heard_ += request;
      const std::string answer = answer_(request);
      if (answer.empty()) return;
      if (::send(connection.value(), answer.data(), answer.size(), MSG_NOSIGNAL) < 0) return;
    }
  }

  Answer answer_;
  FileDescriptor socket_;
  std::uint16_t port_ = 0;
  std::string heard_;
  int connections_ = 0;
  std::thread thread_;
};

inline std::string http_answer(const std::string& body, const std::string& headers = "") {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + headers + "\r\n" +
         body;
}

}  // namespace ktx::test
