/* The boundary between `ktx` and its interpreter plugins.
 *
 * A plugin is one shared object per CPython minor version (ktx-plugin-cp313.so). It has undefined
 * Python symbols, which the process must already hold: libpython is loaded first, with RTLD_GLOBAL.
 * Only this header crosses: C types, JSON bytes, no exception, no Python object, no memory that the
 * other side frees.
 *
 * All functions are called from one thread, the one that called `start`, until `share` was called.
 */
#ifndef KTX_PLUGIN_ABI_H
#define KTX_PLUGIN_ABI_H

#include <stddef.h>
#include <stdint.h>

/* NOLINTBEGIN(modernize-*,readability-identifier-naming): this header is C. */
#ifdef __cplusplus
extern "C" {
#endif

/* Raised with every change of this file that an older ktx or plugin would misread. */
#define KTX_PLUGIN_ABI_VERSION 3u

/* The one symbol that a plugin exports. */
#define KTX_PLUGIN_ENTRY_SYMBOL "ktx_plugin_entry"

/* Bytes that the callee owns and the caller only reads. Not NUL-terminated. */
typedef struct ktx_bytes {
  const char* data;
  size_t size;
} ktx_bytes;

/* A reply: one JSON document, {"ok": …} or {"error": {"kind": …, "message": …, …}}, owned by the
 * plugin until `release`. The kinds are those of ktx_daemon.dispatch, and "interpreter" for what goes
 * wrong before Python code runs. */
typedef struct ktx_reply {
  ktx_bytes json;
  void* owner;
} ktx_reply;

typedef struct ktx_plugin_api {
  uint32_t abi_version;   /* KTX_PLUGIN_ABI_VERSION of the plugin */
  const char* python_tag; /* "cp313": the minor version that it was compiled against */

  /* Starts the interpreter from a JSON configuration (see bindings/interpreter_config.hpp). At most
   * once in a process. */
  void (*start)(ktx_bytes configuration, ktx_reply* reply);

  /* Calls one operation of ktx_daemon.dispatch, or one of the plugin's own: "health"; "prepare", whose
   * request is the name of another operation and which imports what that needs; "watch-interrupts", whose
   * request is the number of a descriptor that becomes readable when the calls that follow and wait for
   * something outside of the process are to end what they wait for and reply with "interrupted"; and
   * "serve-prepare", which takes the configuration of `serve`, builds the server and loads what it wants
   * warm, so that `serve` answers at once. */
  void (*call)(ktx_bytes operation, ktx_bytes request, ktx_reply* reply);

  /* Serves HTTP on the listening socket that the JSON configuration names (see ktx_daemon/server), on
   * the calling thread, until the server ends by itself, by a signal or by a request. The server sets
   * Python's handlers for SIGINT, SIGTERM, SIGHUP and SIGPIPE; the process is expected to leave after
   * it. Replies {"ok": {"reason": "idle" | "signal" | "shutdown" | "disowned", "signal": 0 | 2 | 15}}. */
  void (*serve)(ktx_bytes configuration, ktx_reply* reply);

  /* Lets every thread call from here on, several at once; the calling thread gives the interpreter up. For a
   * process that answers many clients. `serve` must not be called afterwards. */
  void (*share)(void);

  /* `call`, as a piece of work that `interrupt` can end: it then ends what it waits for outside of the
   * process, and replies with "interrupted". `number` is one that no other running call has; `is_cancelled`
   * is asked once, when `interrupt` would reach the call from then on. Needs `share`. */
  void (*call_as)(uint64_t number, int (*is_cancelled)(void* context), void* context, ktx_bytes operation,
                  ktx_bytes request, ktx_reply* reply);

  /* Ends the call of that number, if it runs. Does not wait for its end. Needs `share`. */
  void (*interrupt)(uint64_t number);

  /* Gives a reply back. */
  void (*release)(ktx_reply* reply);

  /* Runs Python's atexit functions and flushes its streams. Python is not finalised: threads that
   * extension modules keep (numpy, ONNX Runtime) would hang or crash it. The caller leaves through
   * _exit. Returns 0, or 120 when a stream could not be flushed, as CPython itself does. */
  int (*finish)(void);
} ktx_plugin_api;

/* Returns the table, valid for the life of the process, or NULL when the plugin does not speak
 * `abi_version`. */
typedef const ktx_plugin_api* (*ktx_plugin_entry_function)(uint32_t abi_version);

#ifdef __cplusplus
}
#endif
/* NOLINTEND(modernize-*,readability-identifier-naming) */

#endif /* KTX_PLUGIN_ABI_H */
