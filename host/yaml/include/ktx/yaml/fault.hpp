#pragma once

#include <string>

#include "ktx/yaml/node.hpp"

namespace ktx::yaml {

/// Why a text is not a YAML document that ktx reads: what is wrong, where, and what to write instead (may be
/// empty).
struct Fault {
  Mark mark;
  std::string message;
  std::string fix;
};

}  // namespace ktx::yaml
