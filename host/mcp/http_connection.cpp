#include "http_connection.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cerrno>
#include <cstdio>
#include <utility>

#include "ktx/mcp/message.hpp"
#include "ktx/util/text.hpp"

namespace ktx::mcp {
namespace {

namespace http = boost::beast::http;
using Clock = std::chrono::steady_clock;

constexpr std::uint32_t longest_head = 32U * 1024;
constexpr auto idle_time = std::chrono::seconds(120);    // between two requests
constexpr auto request_time = std::chrono::seconds(60);  // from the first byte of a request to its last
constexpr auto write_time = std::chrono::seconds(60);    // without a byte that the client takes
constexpr auto farewell_time = std::chrono::seconds(1);  // for what a client still sends after the last reply
constexpr std::size_t read_at_once = std::size_t{64} << 10U;

int milliseconds_until(Clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
  return left < 0 ? 0 : static_cast<int>(left);
}

[[noreturn]] void refuse(boost::system::error_code why) {
  if (why == http::error::header_limit) throw HttpRefusal{431, "The head of the request is too long"};
  if (why == http::error::body_limit) throw HttpRefusal{413, "The body is longer than 16 MiB"};
  throw HttpRefusal{400, "This is no request of HTTP: " + why.message()};
}

std::string status_line(unsigned status) {
  const auto reason = http::obsolete_reason(static_cast<http::status>(status));
  return "HTTP/1.1 " + std::to_string(status) + " " + std::string(reason) + "\r\n";
}

}  // namespace

// The request that is being read.
class HttpConnection::Parser {
 public:
  Parser() {
    parser_.header_limit(longest_head);
    parser_.body_limit(longest_message);
    parser_.eager(true);
  }

  // Takes what it can of the bytes, which are then gone from there. Whether it can go on only with more.
  // Throws `HttpRefusal`.
  bool take(std::string& bytes) {
    boost::system::error_code failure;
    const std::size_t taken = parser_.put(boost::asio::const_buffer(bytes.data(), bytes.size()), failure);
    bytes.erase(0, taken);
    if (failure && failure != http::error::need_more) refuse(failure);
    return failure == http::error::need_more || bytes.empty();
  }

  bool has_head() const { return parser_.is_header_done(); }
  bool is_done() const { return parser_.is_done(); }
  bool keeps_alive() const { return parser_.keep_alive(); }
  bool is_old() const { return parser_.get().version() < 11; }
  bool awaits_consent() const {
    return lower_case(std::string(parser_.get()[http::field::expect])) == "100-continue";
  }

  HttpHead head() const {
    HttpHead head;
    head.method = std::string(parser_.get().method_string());
    head.target = std::string(parser_.get().target());
    for (const auto& field : parser_.get())
      head.headers.emplace(lower_case(std::string(field.name_string())), std::string(field.value()));
    return head;
  }

  std::string body() { return std::move(parser_.get().body()); }

 private:
  http::request_parser<http::string_body> parser_;
};

std::string HttpHead::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string() : found->second;
}

HttpConnection::HttpConnection(FileDescriptor socket, int stop) : socket_(std::move(socket)), stop_(stop) {}

HttpConnection::~HttpConnection() = default;

// Waits for bytes until the deadline. False at the end of the stream, at the deadline, and on a stop.
bool HttpConnection::read_more(Clock::time_point deadline) {
  std::array<char, read_at_once> buffer;
  for (;;) {
    std::array<pollfd, 2> watched = {{{socket_.value(), POLLIN, 0}, {stop_, POLLIN, 0}}};
    const int ready = ::poll(watched.data(), watched.size(), milliseconds_until(deadline));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0 || watched[1].revents != 0) return false;
    const ssize_t count = ::recv(socket_.value(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (count <= 0) return false;
    received_.append(buffer.data(), static_cast<std::size_t>(count));
    return true;
  }
}

std::optional<HttpHead> HttpConnection::read_head() {
  parser_ = std::make_unique<Parser>();
  if (received_.empty() && !read_more(Clock::now() + idle_time)) return std::nullopt;
  const auto deadline = Clock::now() + request_time;
  for (;;) {
    const bool needs_more = parser_->take(received_);
    if (parser_->has_head()) break;
    if (needs_more && !read_more(deadline)) throw HttpRefusal{408, "The request did not come to its end"};
  }
  is_chunked_ = !parser_->is_old();
  keeps_alive_ = parser_->keeps_alive();
  return parser_->head();
}

std::string HttpConnection::read_body() {
  const auto deadline = Clock::now() + request_time;
  if (!parser_->is_done() && parser_->awaits_consent()) write("HTTP/1.1 100 Continue\r\n\r\n");
  while (!parser_->is_done()) {
    const bool needs_more = parser_->take(received_);
    if (!parser_->is_done() && needs_more && !read_more(deadline))
      throw HttpRefusal{408, "The request did not come to its end"};
  }
  return parser_->body();
}

void HttpConnection::write(std::string_view bytes) {
  while (!bytes.empty() && !is_broken_) {
    const ssize_t sent = ::send(socket_.value(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
      continue;
    }
    pollfd watched = {socket_.value(), POLLOUT, 0};
    const bool may_go_on = errno == EINTR || errno == EAGAIN;
    if (!may_go_on || ::poll(&watched, 1, milliseconds_until(Clock::now() + write_time)) == 0)
      is_broken_ = true;
  }
}

void HttpConnection::send(const HttpReply& reply) {
  // What was not read of a request would be taken for the next one.
  keeps_alive_ = keeps_alive_ && parser_ && parser_->is_done();
  std::string head = status_line(reply.status);
  for (const auto& [name, value] : reply.headers) head.append(name).append(": ").append(value).append("\r\n");
  if (!reply.body.empty()) head += "Content-Type: " + reply.content_type + "\r\n";
  // None for what has no body: some clients would take "0" for one.
  if (reply.status != 204) head += "Content-Length: " + std::to_string(reply.body.size()) + "\r\n";
  head += "Cache-Control: no-store\r\n";
  head += keeps_alive_ ? "\r\n" : "Connection: close\r\n\r\n";
  write(head + reply.body);
}

void HttpConnection::begin_stream(const std::vector<std::pair<std::string, std::string>>& headers) {
  std::string head = status_line(200);
  for (const auto& [name, value] : headers) head.append(name).append(": ").append(value).append("\r\n");
  head += "Content-Type: text/event-stream\r\nCache-Control: no-cache, no-transform\r\n";
  head += "X-Accel-Buffering: no\r\n";
  head += is_chunked_ ? "Transfer-Encoding: chunked\r\n" : "";
  keeps_alive_ = keeps_alive_ && is_chunked_ && parser_->is_done();
  head += keeps_alive_ ? "\r\n" : "Connection: close\r\n\r\n";
  write(head);
}

void HttpConnection::write_chunk(std::string_view bytes) {
  if (!is_chunked_) return write(bytes);
  std::array<char, 24> size{};
  std::snprintf(size.data(), size.size(), "%zx\r\n", bytes.size());
  write(std::string(size.data()).append(bytes).append("\r\n"));
}

void HttpConnection::send_event(std::string_view json) {
  write_chunk(std::string("event: message\r\ndata: ").append(json).append("\r\n\r\n"));
}

void HttpConnection::send_ping() { write_chunk(": ping\r\n\r\n"); }

void HttpConnection::end_stream() {
  if (is_chunked_) write("0\r\n\r\n");
}

bool HttpConnection::is_gone() const {
  if (is_broken_) return true;
  char byte = 0;
  const ssize_t count = ::recv(socket_.value(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR);
}

void HttpConnection::close() {
  if (!socket_) return;
  is_broken_ = true;
  ::shutdown(socket_.value(), SHUT_WR);
  const auto deadline = Clock::now() + farewell_time;
  while (read_more(deadline)) received_.clear();
  socket_.reset();
}

}  // namespace ktx::mcp
