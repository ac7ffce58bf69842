#include "ktx/mcp/http_server.hpp"

#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "http_endpoint.hpp"
#include "http_guard.hpp"
#include "ktx/util/environment.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/interrupt.hpp"

namespace ktx::mcp {
namespace {

std::string bracketed(const std::string& host) {
  return host.find(':') != std::string::npos && !host.starts_with('[') ? "[" + host + "]" : host;
}

Error cannot_listen(const HttpSettings& settings, const std::string& reason) {
  return {
      ErrorKind::io,
      "Cannot listen on " + bracketed(settings.host) + ":" + std::to_string(settings.port) + ": " + reason,
      "Choose another port with --port, or see who has this one: ss -ltnp"};
}

FileDescriptor listening_socket(const HttpSettings& settings) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV | AI_PASSIVE;
  addrinfo* found = nullptr;
  std::string host = settings.host;
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const int failure = ::getaddrinfo(host.c_str(), std::to_string(settings.port).c_str(), &hints, &found);
  if (failure != 0) throw cannot_listen(settings, ::gai_strerror(failure));
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found, ::freeaddrinfo);
  FileDescriptor socket(::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket) throw system_error("Cannot open", "a socket", errno);
  // A port that the server before has left can be taken at once.
  const int on = 1;
  ::setsockopt(socket.value(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  constexpr int waiting = 64;
  if (::bind(socket.value(), found->ai_addr, found->ai_addrlen) != 0 ||
      ::listen(socket.value(), waiting) != 0)
    throw cannot_listen(settings, std::string(::strerror(errno)));
  return socket;
}

std::uint16_t port_of(const FileDescriptor& socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  std::array<char, NI_MAXSERV> port{};
  ::getsockname(socket.value(), reinterpret_cast<sockaddr*>(&address), &size);
  ::getnameinfo(reinterpret_cast<sockaddr*>(&address), size, nullptr, 0, port.data(), port.size(),
                NI_NUMERICSERV);
  return static_cast<std::uint16_t>(std::stoi(port.data()));
}

// Accepts connections, each of which has a thread.
class HttpServer {
 public:
  HttpServer(const Server& server, const HttpSettings& settings, HttpEvents events)
      : settings_(settings),
        listener_(listening_socket(settings)),
        stop_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
        on_ready_(events.on_ready),
        log_(events.log),
        endpoint_(server, settings_, std::move(events)) {}

  int serve() {
    const InterruptGuard guard;
    const std::string url =
        "http://" + bracketed(settings_.host) + ":" + std::to_string(port_of(listener_)) + "/mcp";
    say("Serving at " + url);
    on_ready_(url);
    for (;;) {
      std::array<pollfd, 2> watched = {{{listener_.value(), POLLIN, 0}, {interrupt_descriptor(), POLLIN, 0}}};
      if (::poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR) break;
      if (watched[1].revents != 0) break;
      if (watched[0].revents != 0) accept_one();
    }
    stop();
    say("Ended by a signal");
    return interrupt_exit_code();
  }

 private:
  void say(const std::string& text) const {
    log_(format_timestamp(std::chrono::system_clock::now()) + " " + text);
  }

  void accept_one() {
    FileDescriptor socket(::accept4(listener_.value(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!socket) {
      // Without descriptors, the connection waits until one is free.
      if (errno == EMFILE || errno == ENFILE) std::this_thread::sleep_for(std::chrono::milliseconds(100));
      return;
    }
    // Without it, a small reply may wait for the acknowledgement of the one before (Nagle's algorithm).
    const int on = 1;
    ::setsockopt(socket.value(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connections_.fetch_add(1) >= settings_.most_connections) {
      refuse(std::move(socket));
      --connections_;
      return;
    }
    try {
      std::thread([this, shared = std::make_shared<FileDescriptor>(std::move(socket))] {
        serve_connection(std::move(*shared));
        --connections_;
      }).detach();
    } catch (const std::system_error&) {
      --connections_;  // no thread to be had; the client tries again
    }
  }

  void refuse(FileDescriptor socket) const {
    HttpConnection connection(std::move(socket), stop_.value());
    connection.send(refusal(503, RpcError::internal_error, "Too many connections"));
  }

  void serve_connection(FileDescriptor socket) {
    HttpConnection connection(std::move(socket), stop_.value());
    while (endpoint_.serve_one(connection)) continue;
    connection.close();
  }

  void stop() {
    constexpr auto grace = std::chrono::milliseconds(2000);
    listener_.reset();
    endpoint_.stop();
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t count = ::write(stop_.value(), &one, sizeof one);
    endpoint_.wait(grace);
  }

  HttpSettings settings_;
  FileDescriptor listener_;
  FileDescriptor stop_;
  std::function<void(const std::string&)> on_ready_;
  std::function<void(const std::string&)> log_;
  HttpEndpoint endpoint_;
  std::atomic<std::size_t> connections_ = 0;
};

}  // namespace

int serve_http(const Server& server, const HttpSettings& settings, const HttpEvents& events) {
  // Threads that still run at the end use it: it goes with the process.
  auto* serving = new HttpServer(server, settings, events);
  return serving->serve();
}

}  // namespace ktx::mcp
