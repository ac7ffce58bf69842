#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ktx/app/session.hpp"
#include "ktx/project/project.hpp"
#include "ktx/wiki/wiki.hpp"

namespace ktx::app {

/// Whose pages of the wiki are meant when nobody is named.
inline constexpr const char* default_user = "local";

/// Throws a `usage` error unless `id` can name a connection.
void check_connection_id(const std::string& id);

/// Finds and reads the project that the session is about.
project::Project read_project(const Session& session);

/// The same; what is odd in ktx.yaml is reported too.
project::Project open_project(const Session& session);

/// The connections whose sources are meant: the requested one, which need only have a folder of
/// sources, else all that have one, sorted. Throws a `connection` error when the requested one is unknown.
std::vector<std::string> connections_meant(const project::Project& project,
                                           const std::optional<std::string>& requested);

/// Why the dialect of a connection can only be guessed, and what is guessed; `driver` may be empty. To be
/// called where `semantic::dialect_of_driver` knows none.
std::string unknown_driver(const std::string& connection_id, const std::string& driver);

/// Reports every finding. Returns whether there was no error among them.
bool report_findings(const Reporter& reporter, const std::vector<project::Diagnostic>& findings);

/// Commits the files, which were just written, as ktx.yaml says; `paths` are relative to the project. Why
/// nothing was committed is a warning and no error: the files are there.
void commit_files(const Session& session, const project::Project& project,
                  const std::vector<std::string>& paths, const std::string& message);

/// What in `refs` and `sl_refs` of a page leads nowhere, a line each. A reference to the semantic layer is a
/// source, or a measure, column or segment of one, behind its connection or not: "orders", "orders.revenue",
/// "shop.orders", "shop/orders.revenue".
std::vector<std::string> unknown_references(const project::Project& project, const wiki::Wiki& wiki,
                                            const std::vector<std::string>& refs,
                                            const std::vector<std::string>& sl_refs);

}  // namespace ktx::app
