// The index of unchanged source files, which any program of the user may have written over.

#include "source_index.hpp"

#include "fuzz_target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text = ktx::fuzz::text_of(bytes, size);
  const auto index = ktx::project::decode_source_index(text);
  if (!index) return 0;
  ktx::fuzz::require(encode(*index) == text, "an index is written in one way");
  for (const auto& file : index->files) {
    ktx::fuzz::require(index->find(file.name, file.stamp) == &file, "a file of the index is found");
  }
  return 0;
}
