#include "ktx/runtime/receipt.hpp"

#include <cctype>

#include "ktx/runtime/interpreter.hpp"
#include "ktx/util/digest.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/file_lock.hpp"
#include "ktx/util/filesystem.hpp"

namespace ktx::runtime {
namespace {

Json feature_names(const Features& features) {
  Json names = Json::array();
  for (const Feature feature : features) names.push_back(name(feature));
  return names;
}

Features features_from_json(const JsonObject& object) {
  Features features;
  for (const std::string& text : object.strings("features")) {
    try {
      // The function's own error is about an option; here it is about the receipt.
      features.push_back(feature_from_name(text));
    } catch (const Error&) {
      throw object.wrong("features", "has the unknown value \"" + text + "\"");
    }
  }
  if (features.empty()) throw object.wrong("features", "must not be empty");
  return normalize(features);
}

// Must be a folder's name, so that a damaged receipt cannot lead out of the version directory.
std::string environment_name(const JsonObject& object) {
  std::string text = object.string("environment");
  if (!text.starts_with(environment_prefix) || text.find('/') != std::string::npos) {
    throw object.wrong("environment", "must be the name of a built environment");
  }
  return text;
}

Receipt receipt_from_json(const JsonObject& object) {
  if (object.integer("schemaVersion") != 1) throw object.wrong("schemaVersion", "must be 1");
  if (object.integer("receiptVersion") != Receipt::current_version) {
    throw object.wrong("receiptVersion", "must be " + std::to_string(Receipt::current_version));
  }
  const JsonObject python = object.object("python");
  return {
      .cli_version = object.non_empty_string("cliVersion"),
      .installed_at = object.non_empty_string("installedAt"),
      .asset = asset_manifest_from_json(object.object("asset")),
      .features = features_from_json(object),
      .python_executable = python.non_empty_string("executable"),
      .daemon_executable = python.non_empty_string("daemonExecutable"),
      .install_log = object.non_empty_string("installLog"),
      .environment = environment_name(object),
      .interpreter = interpreter_from_json(object.object("interpreter")),
      .requirements_sha256 = object.non_empty_string("requirementsSha256"),
      .record_sha256 = object.non_empty_string("recordSha256"),
      .inventory_sha256 = object.non_empty_string("inventorySha256"),
      .requested_python = object.has("requestedPython") ? object.non_empty_string("requestedPython") : ""};
}

// Reads only the version: in a newer format everything else may have changed.
bool is_newer(const Json& document) {
  if (!document.is_object()) return false;
  const auto version = document.find("receiptVersion");
  return version != document.end() && version->is_number_unsigned() &&
         version->get<std::uint64_t>() > std::uint64_t{Receipt::current_version};
}

std::string writer_of(const Json& document) {
  const auto version = document.find("cliVersion");
  const std::string name =
      version != document.end() && version->is_string() ? version->get<std::string>() : "";
  return name.empty() ? "an unknown version" : name;
}

}  // namespace

Json to_json(const Receipt& receipt) {
  Json document = {{"schemaVersion", 1},
                   {"cliVersion", receipt.cli_version},
                   {"installedAt", receipt.installed_at},
                   {"asset", to_json(receipt.asset)},
                   {"features", feature_names(receipt.features)},
                   {"python",
                    {{"executable", receipt.python_executable.string()},
                     {"daemonExecutable", receipt.daemon_executable.string()}}},
                   {"installLog", receipt.install_log.string()},
                   {"receiptVersion", Receipt::current_version},
                   {"environment", receipt.environment},
                   {"interpreter", to_json(receipt.interpreter)},
                   {"requirementsSha256", receipt.requirements_sha256},
                   {"recordSha256", receipt.record_sha256},
                   {"inventorySha256", receipt.inventory_sha256}};
  // Optional, so that receipts without it stay readable.
  if (!receipt.requested_python.empty()) document["requestedPython"] = receipt.requested_python;
  return document;
}

LoadedReceipt parse_receipt(std::string_view text, const std::string& what) {
  LoadedReceipt loaded;
  try {
    const Json document = parse_json(text, what, ErrorKind::runtime_broken);
    if (is_newer(document)) {
      loaded.newer_writer = writer_of(document);
    } else {
      loaded.receipt = receipt_from_json({document, what, ErrorKind::runtime_broken});
    }
  } catch (const Error& error) {
    loaded.error = error.message();
  }
  return loaded;
}

LoadedReceipt load_receipt(const Layout& layout) {
  try {
    const auto text = read_file_if_exists(layout.manifest_path);
    return text ? parse_receipt(*text, layout.manifest_path.string()) : LoadedReceipt{};
  } catch (const Error& error) {
    LoadedReceipt unreadable;
    unreadable.error = error.message();
    return unreadable;
  }
}

namespace {

// Removes the digits after `name` in the text of a receipt. The quotes around a name cannot be part of a JSON
// string, so only a member can match; the text is not parsed, because every query asks for the digest.
void blank_number(std::string& text, std::string_view name) {
  const std::size_t at = text.find(name);
  if (at == std::string::npos) return;
  const std::size_t begin = at + name.size();
  std::size_t end = begin;
  while (end < text.size() && std::isdigit(static_cast<unsigned char>(text[end])) != 0) ++end;
  text.erase(begin, end - begin);
}

// Whether the receipt that is there now is `receipt` but for the place of libpython, and says another one.
bool is_outdated(const Receipt& now, const Receipt& receipt) {
  return now.installed_at == receipt.installed_at && now.environment == receipt.environment &&
         now.interpreter.libpython.sha256 == receipt.interpreter.libpython.sha256 &&
         now.interpreter.libpython != receipt.interpreter.libpython;
}

}  // namespace

std::optional<std::string> receipt_digest(const Layout& layout) {
  auto text = read_file_if_exists(layout.manifest_path);
  if (!text) return std::nullopt;
  for (const std::string_view name : {"\"inode\": ", "\"mtimeNs\": "}) blank_number(*text, name);
  return hex(sha256(*text));
}

void remember_libpython(const Layout& layout, const Receipt& receipt) {
  try {
    // An install may be writing another receipt. Whoever waits for it would be no faster.
    const auto lock = FileLock::try_acquire(layout.install_lock_path, LockMode::exclusive);
    if (!lock) return;
    LoadedReceipt now = load_receipt(layout);
    if (!now.receipt || !is_outdated(*now.receipt, receipt)) return;
    now.receipt->interpreter.libpython = receipt.interpreter.libpython;
    write_user_file(layout.manifest_path, pretty_json(to_json(*now.receipt)));
  } catch (const Error&) {
    // In a read-only image, or another user's runtime: it is read again the next time, and works.
  }
}

}  // namespace ktx::runtime
