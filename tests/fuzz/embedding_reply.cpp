// The replies about vectors.

#include <cmath>

#include "fuzz_target.hpp"
#include "ktx/semantic/embedding.hpp"

namespace {

/// Answers every call with the same bytes.
class SameReply : public ktx::semantic::Transport {
 public:
  explicit SameReply(std::string_view reply) : reply_(reply) {}
  std::string call(std::string_view /*operation*/, std::string_view /*request*/) override { return reply_; }

 private:
  std::string reply_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace ktx;
  SameReply transport(fuzz::text_of(bytes, size));
  fuzz::read_untrusted([&] {
    const auto model = semantic::embedding_model(transport, "");
    fuzz::require(!model.backend.empty() && !model.checksum.empty(), "an accepted model has an identity");
  });
  fuzz::read_untrusted([&] {
    const auto vectors = semantic::embed(transport, "", {"one", "two"}, 2);
    fuzz::require(vectors.size() == 2, "an accepted reply has a vector a text");
    for (const auto& vector : vectors) {
      fuzz::require(vector.size() == 2, "a vector has the model's length");
      for (const float number : vector) fuzz::require(std::isfinite(number), "a vector has numbers");
    }
  });
  return 0;
}
