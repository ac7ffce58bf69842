// The RECORD files of installed packages.

#include "ktx/install/record.hpp"

#include "fuzz_target.hpp"

namespace {

/// A field in quotes, as CSV has it.
std::string quoted(const std::string& field) {
  std::string text = "\"";
  for (const char character : field) text.append(character == '"' ? 2 : 1, character);
  return text + "\"";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace ktx;
  const auto lines = runtime::parse_record(fuzz::text_of(bytes, size));
  std::string written;
  std::size_t used = 0;
  for (const runtime::RecordLine& line : lines) {
    used += line.path.size() + line.digest.size();
    written += quoted(line.path) + "," + quoted(line.digest) + ",0\r\n";
  }
  fuzz::require(used <= size, "nothing is in the lines that is not in the text");
  fuzz::require(runtime::parse_record(written) == lines, "lines read as they were written");
  return 0;
}
