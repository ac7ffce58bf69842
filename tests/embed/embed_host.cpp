// The smallest host: calls one operation with the request on stdin, prints the reply and leaves. The
// operation "serve" prepares a server and, when that went well, serves.
// Arguments: an interpreter's description, the plugins' folder, the operation, and an exit code.
#include <cstdlib>
#include <iostream>
#include <sstream>
#include <string>

#include "ktx/plugin/in_process_transport.hpp"
#include "ktx/plugin/plugin.hpp"
#include "ktx/runtime/interpreter.hpp"
#include "ktx/util/filesystem.hpp"

namespace {

ktx::runtime::Interpreter read_description(const char* path) {
  const ktx::Json document = ktx::parse_json(ktx::read_file(path), "description", ktx::ErrorKind::usage);
  return ktx::runtime::interpreter_from_json({document, "description", ktx::ErrorKind::usage});
}

std::string answer(ktx::plugin::InProcessTransport& transport, const std::string& operation,
                   const std::string& request) {
  if (operation != "serve") return transport.call(operation, request);
  const std::string prepared = transport.call("serve-prepare", request);
  return prepared == R"({"ok":{}})" ? ktx::plugin::Plugin::running()->serve(request) : prepared;
}

int run(char** arguments) {
  try {
    std::ostringstream request;
    request << std::cin.rdbuf();
    ktx::plugin::InProcessTransport transport(read_description(arguments[1]), arguments[2]);
    std::cout << answer(transport, arguments[3], request.str()) << std::endl;
    return std::atoi(arguments[4]);
  } catch (const ktx::Error& error) {
    std::cerr << ktx::id(error.kind()) << ": " << error.message() << '\n';
    return 1;
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 5) return 2;
  const int exit_code = run(arguments);
  ktx::plugin::leave(exit_code);
}
