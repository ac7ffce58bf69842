// Serves the fixtures of the conformance suite, on stdio or on a free port whose address it prints.

#include <unistd.h>

#include <csignal>
#include <iostream>
#include <string_view>

#include "fixtures.hpp"
#include "ktx/mcp/http_server.hpp"
#include "ktx/mcp/stdio_server.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/interrupt.hpp"

int main(int count, char** arguments) {
  using namespace ktx;
  std::signal(SIGPIPE, SIG_IGN);
  exit_on_interrupt();
  const mcp::Server server(mcp::fixtures::everything());
  try {
    int code = 0;
    if (count == 2 && std::string_view(arguments[1]) == "stdio") {
      code = mcp::serve_stdio(server, STDIN_FILENO, STDOUT_FILENO);
    } else {
      const auto say = [](const std::string& line) { std::cout << line << std::endl; };
      const auto log = [](const std::string& line) { std::cerr << line + "\n"; };
      code = mcp::serve_http(server, {}, {.on_ready = say, .log = log});
    }
    ::_exit(code);  // threads may still run
  } catch (const Error& error) {
    std::cerr << error.message() << "\n";
    return 1;
  }
}
