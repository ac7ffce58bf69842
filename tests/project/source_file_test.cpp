#include "ktx/project/source_file.hpp"

#include <gtest/gtest.h>

#include "ktx/util/filesystem.hpp"
#include "temporary_directory.hpp"

namespace ktx::project {
namespace {

constexpr const char* customers_text =
    "name: customers\ntable: customers\ngrain: [id]\ncolumns:\n  - {name: id, type: number}\n";

class SourceFileTest : public testing::Test {
 protected:
  SourceFileTest() {
    folder_.write("semantic-layer/shop/customers.yaml", customers_text);
    folder_.write("semantic-layer/shop/_schema/public.yaml",
                  "tables:\n  ORDERS:\n    table: orders\n    columns: [{name: id, type: int, pk: true}]\n"
                  "  visits:\n    table: visits\n    columns: [{name: id, type: int, pk: true}]\n");
  }

  std::optional<std::string> text_of(const std::string& name) {
    return read_source_text(folder_.path(), "shop", name, load_source_tree(folder_.path(), "shop"));
  }

  /// "line:column code" of each fault, then after a bar of each remark.
  std::string check(const std::string& name, const std::string& text) {
    const SourceTextCheck found = check_source_text(folder_.path(), "shop", name, text);
    std::string line;
    for (const auto& finding : found.faults) line += place(finding);
    line += "|";
    for (const auto& finding : found.remarks) line += place(finding);
    return line;
  }

  static std::string place(const Finding& finding) {
    return " " + finding.file.substr(finding.file.rfind('/') + 1) + ":" + std::to_string(finding.line) + ":" +
           std::to_string(finding.column) + " " + finding.code;
  }

  test::TemporaryDirectory folder_;
};

TEST_F(SourceFileTest, NamesAreTheNamesOfFiles) {
  for (const char* name : {"orders", "o", "2024_orders", "a_b"}) EXPECT_TRUE(is_source_name(name)) << name;
  for (const char* name : {"", "_a", "Orders", "a-b", "../a", "a/b", "a.b", "é", "a b"}) {
    EXPECT_FALSE(is_source_name(name)) << name;
  }
}

TEST_F(SourceFileTest, TheTextIsTheFileByteForByte) {
  EXPECT_EQ(text_of("customers"), customers_text);
  const std::string odd = "# kept\r\nname: visits\r\nmeasures: []   \r\n\r\n";  // an overlay
  folder_.write("semantic-layer/shop/visits.yaml", odd);
  EXPECT_EQ(text_of("visits"), odd);
  folder_.write("semantic-layer/shop/broken.yaml", "name: [");
  EXPECT_EQ(text_of("broken"), "name: [");
  const std::string elsewhere = "name: Returns\ntable: r\ngrain: [id]\ncolumns: []\n";
  folder_.write("semantic-layer/shop/deep/other-name.yml", elsewhere);
  EXPECT_EQ(text_of("Returns"), elsewhere);
}

TEST_F(SourceFileTest, AManifestTableHasNoFile) {
  EXPECT_EQ(text_of("ORDERS"), std::nullopt);
  EXPECT_EQ(text_of("visits"), std::nullopt);
  EXPECT_EQ(text_of("nothing"), std::nullopt);
  EXPECT_EQ(text_of("../../shop/customers"), std::nullopt);
}

TEST_F(SourceFileTest, FaultsOfTheTextHavePlaces) {
  const std::string columns = "grain: [id]\ncolumns:\n  - {name: id, type: number}\n";
  EXPECT_EQ(check("regions", "name: regions\ntable: regions\n" + columns), "|");
  EXPECT_EQ(check("regions", "name: regions\ntable: regions\ncolums: []\n" + columns),
            " regions.yaml:3:1 unknown-key|");
  EXPECT_EQ(check("regions", "name: regions\ntable: [x]\n" + columns), " regions.yaml:2:8 wrong-type|");
  EXPECT_EQ(check("regions", "name: other\ntable: x\ncolums: []\n"), " regions.yaml:1:7 name-mismatch|");
  EXPECT_EQ(check("regions", "table: x\n" + columns), " regions.yaml:1:1 missing-key|");
  EXPECT_EQ(check("regions", "name: regions\ntable: 'x"), " regions.yaml:2:8 yaml-syntax|");
  EXPECT_EQ(check("regions", ""), " regions.yaml:1:1 not-a-mapping|");
  EXPECT_EQ(check("regions", "name: regions\ntable: r\nsql: SELECT 1\n" + columns),
            " regions.yaml:3:6 table-and-sql|");
}

TEST_F(SourceFileTest, TheWindowOfAJoinHasTwoEndsAndATime) {
  const auto with = [&](const std::string& valid) {
    return check("visits_of",
                 "name: visits_of\ntable: v\ngrain: [id]\ncolumns: [{name: id, type: number}]\n"
                 "joins:\n  - to: customers\n    on: id = customers.id\n"
                 "    relationship: many_to_one\n    valid: " +
                     valid + "\n");
  };
  EXPECT_EQ(with("{from: since, to: until}"), "|");
  EXPECT_EQ(with("{from: since, to: until, at: orders.ordered_at}"), "|");
  EXPECT_EQ(with("{from: since, to: until, at: }"), "|");
  EXPECT_EQ(with(""), "|");
  EXPECT_EQ(with("{from: since}"), " visits_of.yaml:9:12 missing-key|");
  EXPECT_EQ(with("{to: until, at: x}"), " visits_of.yaml:9:12 missing-key|");
  EXPECT_EQ(with("{from: since, to: until, until: x}"), " visits_of.yaml:9:37 unknown-key|");
  EXPECT_EQ(with("[since, until]"), " visits_of.yaml:9:12 wrong-type|");
  EXPECT_EQ(with("{from: since, to: [until]}"), " visits_of.yaml:9:30 wrong-type|");
}

TEST_F(SourceFileTest, FaultsAmongFilesAreFaultsToo) {
  EXPECT_EQ(check("customers", customers_text), "|");  // in the place of the one that is there
  EXPECT_EQ(check("customer", "name: customer\nmeasures: []\n"), " customer.yaml:1:7 overlay-without-base|");
  EXPECT_EQ(check("visits", "name: visits\nmeasures: [{name: n, expr: count(id)}]\n"), "|");
  const std::string table = "table: visits\ngrain: [id]\ncolumns: [{name: id, type: number}]\n";
  EXPECT_EQ(check("visits", "name: visits\n" + table), " visits.yaml:1:7 duplicate-source|");
  folder_.write("semantic-layer/shop/archive/regions.yaml", "name: regions\n" + table);
  EXPECT_EQ(check("regions", "name: regions\n" + table), " regions.yaml:1:7 duplicate-source|");
  folder_.write("semantic-layer/shop/zones.yml", "name: zones\n" + table);
  EXPECT_EQ(check("zones", "name: zones\n" + table), " zones.yml:1:7 duplicate-source|");
}

TEST_F(SourceFileTest, WhatMayYetBeWrittenIsARemark) {
  const std::string text = std::string(customers_text) +
                           "joins:\n  - {to: regions, on: id = regions.id, relationship: many_to_one}\n";
  EXPECT_EQ(check("customers", text), "| customers.yaml:7:10 unknown-join-target");
  folder_.write("semantic-layer/shop/broken.yaml", "name: [");  // another file's fault is not this one's
  EXPECT_EQ(check("customers", customers_text), "|");
}

TEST_F(SourceFileTest, WritesTheTextWithALineBreakAtItsEnd) {
  write_source_text(folder_.path(), "fresh", "orders", "name: orders");
  EXPECT_EQ(read_file(folder_ / "semantic-layer/fresh/orders.yaml"), "name: orders\n");
  write_source_text(folder_.path(), "fresh", "orders", "name: orders\r\n");
  EXPECT_EQ(read_file(folder_ / "semantic-layer/fresh/orders.yaml"), "name: orders\r\n");
}

}  // namespace
}  // namespace ktx::project
