#include "ktx/database/driver.hpp"

#include "ktx/project/diagnostic.hpp"
#include "ktx/semantic/driver.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/text.hpp"

namespace ktx::database {

bool is_sqlite(std::string_view driver) {
  const semantic::Driver* found = semantic::find_driver(driver);
  return found != nullptr && found->is_native();
}

std::string closest_driver(std::string_view driver) {
  const auto names = semantic::driver_names();
  return project::closest(driver, {names.begin(), names.end()});
}

void check_driver(const project::Connection& connection) {
  const std::string driver = connection.driver.value_or("");
  if (semantic::find_driver(driver) != nullptr) return;
  const std::string meant = closest_driver(driver);
  throw Error(ErrorKind::connection,
              driver.empty() ? "The connection " + connection.id + " names no driver"
                             : "No local query executor is configured for driver \"" + driver + "\".",
              "Set connections." + connection.id +
                  ".driver in ktx.yaml to one of: " + comma_separated(semantic::driver_names()) +
                  (meant.empty() ? "" : "; did you mean " + meant + "?"));
}

}  // namespace ktx::database
