#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ktx/util/filesystem.hpp"

namespace ktx::mcp {

/// A request of HTTP as it came.
struct HttpHead {
  std::string method;
  std::string target;
  std::multimap<std::string, std::string> headers;  ///< names in lower case

  /// The header's value; empty if there is none. The first, if there are more.
  std::string header(const std::string& name) const;
  std::size_t count(const std::string& name) const { return headers.count(name); }
};

struct HttpReply {
  unsigned status = 200;
  std::string body{};
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers{};
};

/// What cannot be read as a request, or not by this server. Thrown; the connection then ends.
struct HttpRefusal {
  unsigned status;
  std::string message;
};

/// One connection of a client, which never waits without a limit, and not once `stop` is readable.
class HttpConnection {
 public:
  /// Takes over the socket.
  HttpConnection(FileDescriptor socket, int stop);
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;
  ~HttpConnection();

  /// The head of the next request; std::nullopt if there comes none. Throws `HttpRefusal`.
  std::optional<HttpHead> read_head();

  /// The body of the request whose head was read. Throws `HttpRefusal`.
  std::string read_body();

  /// Sends a whole reply. Afterwards the connection can be used again if `is_open`.
  void send(const HttpReply& reply);

  /// Begins a reply of type text/event-stream.
  void begin_stream(const std::vector<std::pair<std::string, std::string>>& headers);
  void send_event(std::string_view json);
  void send_ping();
  void end_stream();

  /// Whether the client has closed its end, or cannot be written to.
  bool is_gone() const;

  /// Whether another request may come.
  bool is_open() const { return !is_broken_ && keeps_alive_; }

  /// Ends it so that the client sees what was sent, though not all was read that it sent.
  void close();

 private:
  class Parser;
  bool read_more(std::chrono::steady_clock::time_point deadline);
  void write(std::string_view bytes);
  void write_chunk(std::string_view bytes);

  FileDescriptor socket_;
  int stop_;
  std::unique_ptr<Parser> parser_;
  std::string received_;     ///< what the parser has not taken yet
  bool is_broken_ = false;   ///< nothing can be written any more
  bool keeps_alive_ = true;  ///< another request may come after this one
  bool is_chunked_ = true;
};

}  // namespace ktx::mcp
