#include "ktx/output/version_view.hpp"

#include "ktx/app/version.hpp"
#include "ktx/install/bundle.hpp"
#include "ktx/runtime/layout.hpp"
#include "ktx/util/json.hpp"
#include "ktx/util/process.hpp"

namespace ktx::cli {

std::string version_json(const Environment& environment) {
  Json tags = Json::array();
  for (const int minor : runtime::plugin_minors(runtime::plugin_dir_of(environment))) {
    tags.push_back("cp3" + std::to_string(minor));
  }
  return pretty_json({{"name", "ktx"},
                      {"version", app::version},
                      {"buildId", build_id()},
                      {"python", std::move(tags)},
                      {"platform", runtime::bundle_platform()}});
}

}  // namespace ktx::cli
