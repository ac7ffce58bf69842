#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "ktx/semantic/messages.hpp"
#include "ktx/util/digest.hpp"

namespace ktx::semantic {
namespace {

constexpr const char* sources = R"([{"name":"orders"}])";
const ModelQuestion orders{"semantic-query", Model(sources), R"("dialect":"sqlite")"};
constexpr const char* whole = R"({"sources":[{"name":"orders"}],"dialect":"sqlite"})";

/// A host: it knows the models that it was told, unless it keeps none.
class Host : public Transport {
 public:
  explicit Host(bool keeps) : keeps_(keeps) {}

  std::string call(std::string_view operation, std::string_view request) override {
    asked.push_back(std::string(operation) + " " + std::string(request));
    const std::string text(request);
    if (operation == "semantic-register-model") {
      if (keeps_) models_.insert("sha256:" + hex(sha256(text)));
      return keeps_ ? R"({"ok":{}})" : R"({"ok":{"kept":false}})";
    }
    if (text.starts_with(R"({"sources")")) return "answer";
    for (const std::string& model : models_) {
      if (text.find(model) != std::string::npos) return "answer";
    }
    return R"({"error":{"kind":"unknown_model","message":"m"}})";
  }
  bool keeps_models() const override { return true; }

  std::vector<std::string> asked;

 private:
  bool keeps_;
  std::set<std::string> models_;
};

class OneShot : public Host {
 public:
  OneShot() : Host(false) {}
  bool keeps_models() const override { return false; }
};

std::string by_name() {
  return R"({"model":")" + model_digest(registration_of(sources)) + R"(","dialect":"sqlite"})";
}

TEST(ModelQuestion, IsSentWholeToWhatKeepsNoModels) {
  OneShot transport;
  EXPECT_EQ(ask(transport, orders), "answer");
  EXPECT_EQ(transport.asked, std::vector<std::string>{std::string("semantic-query ") + whole});
}

TEST(ModelQuestion, TellsTheModelOnce) {
  Host host(true);
  EXPECT_EQ(ask(host, orders), "answer");
  EXPECT_EQ(ask(host, orders), "answer");
  const std::vector<std::string> expected = {
      "semantic-query " + by_name(),
      std::string("semantic-register-model ") + R"({"sources":)" + sources + "}",
      "semantic-query " + by_name(), "semantic-query " + by_name()};
  EXPECT_EQ(host.asked, expected);
}

TEST(ModelQuestion, IsSentWholeWhenTheModelIsNotKept) {
  Host host(false);
  EXPECT_EQ(ask(host, orders), "answer");
  EXPECT_EQ(host.asked.back(), std::string("semantic-query ") + whole);
  EXPECT_EQ(host.asked.size(), 4U);
}

TEST(ModelQuestion, NamesTheModelByTheDigestOfItsRegistration) {
  EXPECT_EQ(model_digest(R"({"sources":[]})"), "sha256:" + hex(sha256(R"({"sources":[]})")));
}

}  // namespace
}  // namespace ktx::semantic
