#include "ktx/util/loopback_client.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <limits>

#include "ktx/util/error.hpp"
#include "ktx/util/text.hpp"

namespace ktx {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;

}  // namespace

// Operations are asynchronous only because Beast applies its time limits to no others; there is one at a
// time.
class LoopbackClient::Connection {
 public:
  explicit Connection(std::uint16_t port) : port_(port) {}

  HttpResponse exchange(const HttpRequest& request, std::chrono::milliseconds limit) {
    stream_.expires_after(limit);
    if (!stream_.socket().is_open()) connect();
    const auto message = encode(request);
    http::request_serializer<http::span_body<const char>> serializer(message);
    run([&](auto done) { http::async_write(stream_, serializer, std::move(done)); });
    http::response_parser<http::string_body> parser;
    parser.body_limit(std::numeric_limits<std::uint64_t>::max());  // the server is ktx itself
    run([&](auto done) { http::async_read(stream_, buffer_, parser, std::move(done)); });
    HttpResponse response = decode(parser.get());
    if (!parser.get().keep_alive()) stream_.close();
    return response;
  }

 private:
  using Message = http::request<http::span_body<const char>>;

  void connect() {
    const asio::ip::tcp::endpoint server(asio::ip::address_v4::loopback(), port_);
    run([&](auto done) {
      stream_.async_connect(server,
                            [done = std::move(done)](error_code failure) mutable { done(failure, 0); });
    });
    // Without it, a small request may wait for the acknowledgement of the one before (Nagle's algorithm).
    stream_.socket().set_option(asio::ip::tcp::no_delay(true));
  }

  Message encode(const HttpRequest& request) const {
    Message message(http::string_to_verb(request.method), request.target, 11);
    message.set(http::field::host, "127.0.0.1:" + std::to_string(port_));
    for (const auto& [name, value] : request.headers) message.set(name, value);
    message.body() = beast::span<const char>(request.body.data(), request.body.size());
    message.prepare_payload();
    return message;
  }

  static HttpResponse decode(http::response<http::string_body>& message) {
    HttpResponse response;
    response.status = message.result_int();
    for (const auto& field : message) {
      response.headers[lower_case(std::string(field.name_string()))] = std::string(field.value());
    }
    response.body = std::move(message.body());
    return response;
  }

  template <typename Start>
  void run(Start start) {
    error_code result;
    start([&result](error_code failure, std::size_t) { result = failure; });
    context_.restart();
    context_.run();
    if (result) throw boost::system::system_error(result);
  }

  std::uint16_t port_;
  asio::io_context context_{1};
  beast::tcp_stream stream_{context_};
  beast::flat_buffer buffer_;
};

LoopbackClient::LoopbackClient(std::uint16_t port) : port_(port) {}
LoopbackClient::LoopbackClient(LoopbackClient&&) noexcept = default;
LoopbackClient& LoopbackClient::operator=(LoopbackClient&&) noexcept = default;
LoopbackClient::~LoopbackClient() = default;

HttpResponse LoopbackClient::send(const HttpRequest& request, std::chrono::milliseconds limit) {
  try {
    if (!connection_) connection_ = std::make_unique<Connection>(port_);
    return connection_->exchange(request, limit);
  } catch (const boost::system::system_error& failure) {
    // What is left of a reply in the socket would be taken for the next one.
    connection_.reset();
    throw Error(ErrorKind::io, "127.0.0.1:" + std::to_string(port_) +
                                   " does not answer as it should: " + failure.code().message());
  }
}

}  // namespace ktx
