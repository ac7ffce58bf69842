#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ktx/app/session.hpp"
#include "ktx/project/project.hpp"
#include "ktx/wiki/wiki.hpp"

namespace ktx::app {

/// The user whose wiki pages are meant if none is named.
inline constexpr const char* default_user = "local";

/// Throws a `usage` error unless `id` can name a connection.
void check_connection_id(const std::string& id);

/// Finds and reads the project that the session works on.
project::Project read_project(const Session& session);

/// `read_project`, with a report of the findings in ktx.yaml.
project::Project open_project(const Session& session);

/// The connections whose sources a command works on: `requested`, which may have a folder of sources and no
/// entry in ktx.yaml, else all connections with sources, sorted. Throws a `connection` error if `requested`
/// is unknown.
std::vector<std::string> connections_meant(const project::Project& project,
                                           const std::optional<std::string>& requested);

/// A sentence that says why the dialect of a connection had to be guessed, and what was guessed. For
/// connections whose `driver` (may be empty) `semantic::dialect_of_driver` does not know.
std::string unknown_driver(const std::string& connection_id, const std::string& driver);

/// Reports all findings. Returns whether none of them is an error.
bool report_findings(const Reporter& reporter, const std::vector<Finding>& findings);

/// Commits files that were just written, if ktx.yaml wants that; `paths` are relative to the project. If that
/// fails, only a warning is given: the files are written all the same.
void commit_files(const Session& session, const project::Project& project,
                  const std::vector<std::string>& paths, const std::string& message);

/// One line for each entry of a page's `refs` and `sl_refs` that leads nowhere. A reference to the semantic
/// layer names a source, or a measure, column or segment in one, with or without its connection: "orders",
/// "orders.revenue", "shop.orders", "shop/orders.revenue".
std::vector<std::string> unknown_references(const project::Project& project, const wiki::Wiki& wiki,
                                            const std::vector<std::string>& refs,
                                            const std::vector<std::string>& sl_refs);

}  // namespace ktx::app
