#pragma once

#include <string>

#include "ktx/util/json.hpp"

namespace ktx::test {

/// What a sound CPython 3.13.0 at `prefix` answers to the probe.
inline Json python_answer(const std::string& prefix) {
  return {{"implementation", "cpython"},
          {"version", "3.13.0"},
          {"numbers", {3, 13, 0}},
          {"soabi", "cpython-313-x86_64-linux-gnu"},
          {"freeThreaded", false},
          {"debug", false},
          {"executable", prefix + "/bin/python3"},
          {"baseExecutable", prefix + "/bin/python3"},
          {"basePrefix", prefix},
          {"libraries", {prefix + "/lib/libpython3.13.so.1.0"}},
          {"searchPaths", {prefix + "/lib/python3.13"}}};
}

}  // namespace ktx::test
