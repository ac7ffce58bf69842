#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "ktx/app/verify_run.hpp"

namespace ktx::cli {

/// The verdict for people: one line if the answers are equal, else what differs, the rows behind it and the
/// SQL. `report` is the file that the report was written to.
std::string render_verdict(const app::VerifyAnswer& answer,
                           const std::optional<std::filesystem::path>& report);

/// The JSON object of `ktx sl verify`; docs/schema/sl-verify.schema.json describes it.
std::string render_verdict_json(const app::VerifyAnswer& answer,
                                const std::optional<std::filesystem::path>& report);

/// The report of a difference, for whoever maintains the model or ktx: the question, its SQL, the sources
/// that it reads, both answers, and rows of the user's. A JSON document.
std::string render_verdict_report(const app::VerifyAnswer& answer, const semantic::Query& query);

}  // namespace ktx::cli
