#pragma once

#include <string>
#include <vector>

#include "ktx/project/config.hpp"
#include "setup/session.hpp"

namespace ktx::cli {

/// Writes a connection to ktx.yaml, read-only and with the schemas that the options name, as one of the
/// project's databases. Throws a `connection` error when there is another one of its id.
void add_connection(SetupSession& session, SetupConnection connection);

/// Puts the connection in the place of the one that this run has written before. What was made of that one is
/// taken away when it led to something else.
void replace_connection(SetupSession& session, const std::string& former_id, SetupConnection connection);

/// Takes a connection that this run has written out of ktx.yaml again, with what was made of it.
void withdraw_connection(SetupSession& session, const std::string& id);

/// Notes that connections which are in ktx.yaml are the project's databases, in addition to others.
void note_connections(SetupSession& session, const std::vector<std::string>& ids);

/// The same, in place of others.
void note_only(SetupSession& session, const std::vector<std::string>& ids);

/// The mapping of a connection as it is in ktx.yaml.
Json settings_of(const project::Connection& connection);

/// The project's databases that this run looks into: those that have no sources yet, and those whose sources
/// it has made itself and may make anew.
std::vector<project::Connection> pending_connections(const SetupSession& session);

}  // namespace ktx::cli
