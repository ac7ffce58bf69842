#pragma once

#include <string>
#include <string_view>

namespace ktx::bindings {

/// Imports the HTTP server, builds it from its configuration (see ktx_daemon.server) and loads what that
/// wants warm: {"ok": {}}, or an error reply.
std::string prepare_server(std::string_view configuration);

/// Serves on the configuration's listening socket, on the calling thread, until the server's end:
/// {"ok": {reason, signal}}, or an error reply.
std::string serve(std::string_view configuration);

}  // namespace ktx::bindings
