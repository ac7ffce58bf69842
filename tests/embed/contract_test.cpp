// The contract examples through the embedded interpreter, in an environment that holds what the wheel
// depends on: the same requests and replies that the Python tests use.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <vector>

#include "embedding.hpp"
#include "ktx/util/filesystem.hpp"

namespace ktx::test {
namespace {

std::vector<std::filesystem::path> example_files() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(KTX_CONTRACT_DIR)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  if (files.empty()) throw Error(ErrorKind::usage, "There are no examples below " KTX_CONTRACT_DIR);
  std::sort(files.begin(), files.end());
  return files;
}

/// Keys sorted, no spaces.
std::string canonical(const std::string& text) { return nlohmann::json::parse(text).dump(); }

class Contract : public Embedding {};

TEST_F(Contract, EveryExampleGivesItsReply) {
  for (const auto& file : example_files()) {
    const Json example = Json::parse(read_file(file));
    const auto operation = example.at("operation").get<std::string>();
    const std::string reply = transport_.call(operation, compact_json(example.at("request")));
    EXPECT_EQ(canonical(reply), canonical(compact_json(example.at("reply")))) << file;
  }
}

TEST_F(Contract, EqualRequestsGiveEqualBytes) {
  for (const auto& file : example_files()) {
    const Json example = Json::parse(read_file(file));
    const auto operation = example.at("operation").get<std::string>();
    const std::string request = compact_json(example.at("request"));
    EXPECT_EQ(transport_.call(operation, request), transport_.call(operation, request)) << file;
  }
}

}  // namespace
}  // namespace ktx::test
