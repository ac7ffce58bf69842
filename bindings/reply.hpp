#pragma once

#include <string>
#include <string_view>

#include "ktx/plugin/plugin_abi.h"
#include "ktx/util/json.hpp"

namespace ktx::bindings {

/// What an `ErrorKind::interpreter` is called in a reply.
inline constexpr std::string_view interpreter_kind = "interpreter";

/// {"error": {"kind", "message", "fix"}}, without `fix` when it is empty.
std::string error_reply(std::string_view kind, std::string_view message, std::string_view fix = {});

/// {"error": error}.
std::string error_reply(const Json& error);

/// Hands `json` to the host, which gives it back with `release`.
void give(std::string json, ktx_reply* reply) noexcept;

/// Hands out a constant that says that there is no memory for an answer.
void give_out_of_memory(ktx_reply* reply) noexcept;

/// Frees what `give` handed out and empties the reply, so that a second release does no harm.
void release(ktx_reply* reply) noexcept;

}  // namespace ktx::bindings
