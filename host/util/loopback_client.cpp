#include "ktx/util/loopback_client.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cerrno>
#include <limits>

#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/util/interrupt.hpp"
#include "ktx/util/text.hpp"

namespace ktx {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

constexpr std::size_t read_at_once = std::size_t{64} << 10U;

[[noreturn]] void fail(error_code why) { throw boost::system::system_error(why); }
[[noreturn]] void fail_with(int errno_value) { fail({errno_value, boost::system::system_category()}); }

}  // namespace

// A TCP connection none of whose operations lasts beyond a deadline. It never blocks but in poll().
class LoopbackSocket {
 public:
  LoopbackSocket(std::uint16_t port, Clock::time_point deadline)
      : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
    if (!descriptor_) fail_with(errno);
    // Without it, a small request may wait for the acknowledgement of the one before (Nagle's algorithm).
    const int on = 1;
    ::setsockopt(descriptor_.value(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    connect(port, deadline);
  }

  void send(std::string_view bytes, Clock::time_point deadline) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(descriptor_.value(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent >= 0) {
        bytes.remove_prefix(static_cast<std::size_t>(sent));
      } else {
        wait_unless_fatal(errno, POLLOUT, deadline);
      }
    }
  }

  // How many bytes were received; 0 at the end of the stream.
  std::size_t receive(void* target, std::size_t size, Clock::time_point deadline) {
    for (;;) {
      const ssize_t received = ::recv(descriptor_.value(), target, size, 0);
      if (received >= 0) return static_cast<std::size_t>(received);
      wait_unless_fatal(errno, POLLIN, deadline);
    }
  }

 private:
  void connect(std::uint16_t port, Clock::time_point deadline) {
    sockaddr_in server{};
    server.sin_family = AF_INET;
    server.sin_port = htons(port);
    server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(descriptor_.value(), reinterpret_cast<const sockaddr*>(&server), sizeof server) == 0)
      return;
    if (errno != EINPROGRESS && errno != EINTR) fail_with(errno);
    wait(POLLOUT, deadline);
    int result = 0;
    socklen_t size = sizeof result;
    ::getsockopt(descriptor_.value(), SOL_SOCKET, SO_ERROR, &result, &size);
    if (result != 0) fail_with(result);
  }

  void wait_unless_fatal(int errno_value, short event, Clock::time_point deadline) {
    if (errno_value == EAGAIN || errno_value == EWOULDBLOCK) return wait(event, deadline);
    if (errno_value != EINTR) fail_with(errno_value);
  }

  void wait(short event, Clock::time_point deadline) {
    for (;;) {
      // Rounded up, or the last millisecond would be spent spinning.
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
      if (left <= 0) fail(beast::error::timeout);
      constexpr decltype(left) longest = std::numeric_limits<int>::max();
      // poll ignores a descriptor of -1.
      std::array<pollfd, 2> waited = {{{descriptor_.value(), event, 0}, {grace_descriptor(), POLLIN, 0}}};
      const int ready = ::poll(waited.data(), waited.size(), static_cast<int>(std::min(left, longest)));
      // Who answers sees that the connection is gone, and ends the work.
      if (ready > 0 && waited[1].revents != 0) throw_if_interrupted();
      if (ready > 0) return;
      if (ready < 0 && errno != EINTR) fail_with(errno);
    }
  }

  FileDescriptor descriptor_;
};

namespace {

std::string head_of(const HttpRequest& request, std::uint16_t port) {
  std::string head =
      request.method + " " + request.target + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port);
  for (const auto& [name, value] : request.headers)
    head.append("\r\n").append(name).append(": ").append(value);
  if (!request.body.empty()) head += "\r\nContent-Length: " + std::to_string(request.body.size());
  return head + "\r\n\r\n";
}

HttpResponse decode(http::response<http::string_body>& message) {
  HttpResponse response;
  response.status = message.result_int();
  for (const auto& field : message) {
    response.headers[lower_case(std::string(field.name_string()))] = std::string(field.value());
  }
  response.body = std::move(message.body());
  return response;
}

}  // namespace

// Beast reads what the server says, and no more of it is used: its streams keep to a time limit only in
// asynchronous operations, of which there would be one at a time, and take five times as long to compile.
class LoopbackClient::Connection {
 public:
  Connection(std::uint16_t port, Clock::time_point deadline) : port_(port), socket_(port, deadline) {}

  HttpResponse exchange(const HttpRequest& request, Clock::time_point deadline) {
    // One segment for a small request: a server that reads its head alone would wait for the rest.
    const std::string head = head_of(request, port_);
    if (request.body.size() < read_at_once) {
      socket_.send(head + std::string(request.body), deadline);
    } else {
      socket_.send(head, deadline);
      socket_.send(request.body, deadline);
    }
    http::response_parser<http::string_body> parser;
    parser.body_limit(std::numeric_limits<std::uint64_t>::max());  // the server is ktx itself
    parser.eager(true);
    while (!parser.is_done()) read_more(parser, deadline);
    stays_open_ = parser.keep_alive();
    return decode(parser.get());
  }

  bool stays_open() const { return stays_open_; }

 private:
  using Parser = http::response_parser<http::string_body>;

  void read_more(Parser& parser, Clock::time_point deadline) {
    error_code failure;
    const auto room = received_.prepare(read_at_once);
    const std::size_t size = socket_.receive(room.data(), room.size(), deadline);
    if (size == 0 && !parser.got_some()) fail(http::error::end_of_stream);
    if (size == 0) {
      parser.put_eof(failure);
    } else {
      received_.commit(size);
      received_.consume(parser.put(received_.data(), failure));
    }
    if (failure && failure != http::error::need_more) fail(failure);
  }

  std::uint16_t port_;
  LoopbackSocket socket_;
  beast::flat_buffer received_;  // what the parser has not taken yet: the beginning of a line
  bool stays_open_ = true;
};

LoopbackClient::LoopbackClient(std::uint16_t port) : port_(port) {}
LoopbackClient::LoopbackClient(LoopbackClient&&) noexcept = default;
LoopbackClient& LoopbackClient::operator=(LoopbackClient&&) noexcept = default;
LoopbackClient::~LoopbackClient() = default;

HttpResponse LoopbackClient::send(const HttpRequest& request, std::chrono::milliseconds limit) {
  const Clock::time_point deadline = Clock::now() + limit;
  try {
    if (!connection_) connection_ = std::make_unique<Connection>(port_, deadline);
    HttpResponse response = connection_->exchange(request, deadline);
    if (!connection_->stays_open()) connection_.reset();
    return response;
  } catch (const boost::system::system_error& failure) {
    // What is left of a reply in the socket would be taken for the next one.
    connection_.reset();
    throw Error(ErrorKind::io, "127.0.0.1:" + std::to_string(port_) +
                                   " does not answer as it should: " + failure.code().message());
  }
}

}  // namespace ktx
