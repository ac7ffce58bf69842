#pragma once

#include <filesystem>
#include <string>

#include "ktx/runtime/inventory.hpp"
#include "ktx/runtime/layout.hpp"
#include "ktx/runtime/receipt.hpp"
#include "ktx/util/digest.hpp"
#include "ktx/util/environment.hpp"
#include "ktx/util/json.hpp"
#include "temporary_directory.hpp"

namespace ktx::test {

/// A packaged ktx (bin, assets, plugins) and an empty runtime root in a directory of their own.
class RuntimeFixture {
 public:
  explicit RuntimeFixture(const std::string& cli_version = "0.2.0") {
    environment.home = directory / "home";
    environment.directory = directory.path();
    environment.executable = directory / "package/bin/ktx";
    environment.variables = {{"KTX_RUNTIME_ROOT", (directory / "root").string()}};
    layout = runtime::make_layout(environment, cli_version);
    for (const char* tag : {"cp311", "cp312", "cp313"}) {
      write_file(layout.plugin_dir / (std::string("ktx-plugin-") + tag + ".so"), "");
    }
    write_asset("wheel bytes", "# core\n", "# core and embeddings\n");
  }

  /// Writes the wheel, both locked lists and the manifest that fits them.
  void write_asset(const std::string& wheel, const std::string& core, const std::string& embeddings) {
    manifest = {{"schemaVersion", 1},
                {"distributionName", "kaelio-ktx"},
                {"normalizedName", "kaelio_ktx"},
                {"version", "0.1.0"},
                {"wheel", asset_file(wheel_name, wheel)},
                {"requirements",
                 {{"core", asset_file("requirements-core.txt", core)},
                  {"local-embeddings", asset_file("requirements-local-embeddings.txt", embeddings)}}}};
    write_manifest();
  }

  /// Adds the pinned uv to what ktx ships.
  void pin_uv(const std::string& requirements) {
    manifest["tools"] = {{"uv", asset_file("requirements-uv.txt", requirements)}};
    write_manifest();
  }

  /// Adds the list of the largest feature to what ktx ships.
  void ship_sentence_transformers(const std::string& requirements) {
    ship("sentence-transformers", requirements);
  }

  /// Adds or replaces the list of a feature.
  void ship(const std::string& feature, const std::string& requirements) {
    manifest["requirements"][feature] = asset_file("requirements-" + feature + ".txt", requirements);
    write_manifest();
  }

  void write_manifest() const { write_file(layout.asset_manifest_path, pretty_json(manifest)); }

  std::filesystem::path wheel_path() const { return layout.asset_dir / wheel_name; }

  /// The receipt of an installed runtime, whose files are written too.
  runtime::Receipt installed_receipt() {
    using namespace runtime;
    const std::filesystem::path environment_dir = layout.environment_dir("env-1");
    const auto packages = environment_dir / "lib/python3.13/site-packages";
    std::filesystem::create_directories(packages);
    std::filesystem::create_directories(layout.locks_dir);
    for (const char* name : {"python", "ktx-daemon"}) write_file(environment_dir / "bin" / name, "");
    write_file(directory / "base/lib/libpython3.13.so.1.0", "library");
    write_file(directory / "base/bin/python3", "");
    std::filesystem::create_directory_symlink("env-1", layout.venv_dir);
    const AssetManifest asset = read_asset_manifest(layout);
    return {.cli_version = layout.cli_version,
            .installed_at = "2026-05-11T00:00:00.000Z",
            .asset = asset,
            .features = {Feature::core},
            .python_executable = layout.python_path,
            .daemon_executable = layout.daemon_path,
            .install_log = layout.install_log_path,
            .environment = "env-1",
            .interpreter = {.version = "3.13.0",
                            .tag = "cp313",
                            .soabi = "cpython-313-x86_64-linux-gnu",
                            .executable = layout.python_path,
                            .prefix = layout.venv_dir,
                            .base_executable = directory / "base/bin/python3",
                            .base_prefix = directory / "base",
                            .libpython = identify_bytes(directory / "base/lib/libpython3.13.so.1.0"),
                            .search_paths = {packages}},
            .requirements_sha256 = asset.core_requirements.sha256,
            .record_sha256 = hex(sha256("")),
            .inventory_sha256 = write_inventory(environment_dir),
            .requested_python = ""};
  }

  void write_receipt(const runtime::Receipt& receipt) const {
    write_file(layout.manifest_path, pretty_json(to_json(receipt)));
  }

  TemporaryDirectory directory;
  Environment environment;
  runtime::Layout layout;
  std::string wheel_name = "kaelio_ktx-0.1.0-py3-none-any.whl";
  Json manifest;

 private:
  Json asset_file(const std::string& name, const std::string& bytes) const {
    write_file(layout.asset_dir / name, bytes);
    return {{"file", name}, {"sha256", hex(sha256(bytes))}, {"bytes", bytes.size()}};
  }
};

}  // namespace ktx::test
