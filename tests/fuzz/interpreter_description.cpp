// The description of an interpreter: a part of the receipt, and what a plugin is started with.

#include <functional>

#include "fuzz_target.hpp"
#include "ktx/runtime/interpreter.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace ktx;
  const std::string_view text = fuzz::text_of(bytes, size);
  fuzz::read_untrusted([&] {
    const Json document = parse_json(text, "description", ErrorKind::interpreter);
    runtime::Interpreter interpreter =
        runtime::interpreter_from_json({document, "description", ErrorKind::interpreter});
    // The system may give any number; parsed ones are seldom large.
    interpreter.libpython.inode ^= std::hash<std::string_view>{}(text);
    const Json written = to_json(interpreter);
    try {
      const Json again =
          to_json(runtime::interpreter_from_json({written, "written", ErrorKind::interpreter}));
      fuzz::require(again == written, "a description reads as it was written");
    } catch (const Error& error) {
      fuzz::require(false, error.message());
    }
  });
  return 0;
}
