#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace ktx::mcp {

/// How a server of HTTP is reached, and by whom.
struct HttpSettings {
  std::string host = "127.0.0.1";            ///< the address to listen on
  std::uint16_t port = 0;                    ///< any free one if 0
  std::string token;                         ///< what clients must present; empty if none is asked for
  std::vector<std::string> allowed_hosts;    ///< further names by which it is called, with or without a port
  std::vector<std::string> allowed_origins;  ///< further origins of web pages, as "https://chat.example"
  std::size_t most_connections = 128;
  std::size_t most_sessions = 1000;
};

/// Whether an address to listen on reaches this machine only.
bool is_loopback(const std::string& host);

/// What happens while it serves.
struct HttpEvents {
  std::function<void(const std::string& url)> on_ready;  ///< once it listens
  std::function<void(const std::string& line)> log;      ///< a line for each request; no secrets. Thread-safe
};

}  // namespace ktx::mcp
