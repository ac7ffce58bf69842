// A plugin of another version of ktx: it refuses to speak this one's.
#include "ktx/plugin/plugin_abi.h"

extern "C" __attribute__((visibility("default"))) const ktx_plugin_api* ktx_plugin_entry(uint32_t) {
  return nullptr;
}
