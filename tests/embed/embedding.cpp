#include "embedding.hpp"

#include <cstdlib>

#include "ktx/runtime/interpreter.hpp"
#include "ktx/util/filesystem.hpp"

namespace ktx::test {

std::string description_path() {
  const char* path = std::getenv("KTX_TEST_INTERPRETER");
  if (path == nullptr)
    throw Error(ErrorKind::usage, "KTX_TEST_INTERPRETER is not set; run this through ctest");
  return path;
}

Json description() {
  return parse_json(read_file(description_path()), "the interpreter's description", ErrorKind::usage);
}

runtime::Interpreter described_interpreter() {
  const Json document = description();
  return runtime::interpreter_from_json(JsonObject(document, "the description", ErrorKind::usage));
}

Json Embedding::call(const std::string& operation, const std::string& request) {
  return Json::parse(transport_.call(operation, request));
}

Json Embedding::run_python(const std::string& code) {
  const Json reply = call("run", code);
  return reply.contains("ok") ? reply.at("ok") : reply;
}

Child embedded_child(const std::string& code, int exit_code) {
  Child child;
  child.arguments = {KTX_TEST_EMBED_HOST, description_path(), KTX_TEST_PLUGIN_DIR, "run",
                     std::to_string(exit_code)};
  child.input = code;
  return child;
}

}  // namespace ktx::test
