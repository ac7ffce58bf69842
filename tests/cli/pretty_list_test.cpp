#include <gtest/gtest.h>

#include "ktx/output/list_view.hpp"

namespace ktx::cli {
namespace {

TEST(PrettyListTest, ALongLineGoesOnBesideTheDrawnOne) {
  EXPECT_EQ(fit_pretty_list("┌  Wiki pages\n│\n◇  GLOBAL (1 page)\n"
                            "│    walk-ins — Walk-in customers have no region\n│\n└  1 page\n",
                            30),
            "┌  Wiki pages\n│\n◇  GLOBAL (1 page)\n"
            "│    walk-ins — Walk-in\n│    customers have no region\n│\n└  1 page\n");
}

TEST(PrettyListTest, WhatFitsOrCannotFitStaysAsItIs) {
  const char* const text = "│    a_name_without_any_blank_in_it\n";
  EXPECT_EQ(fit_pretty_list(text, 80), text);
  EXPECT_EQ(fit_pretty_list(text, 20), text);
  EXPECT_EQ(fit_pretty_list("│    many short words here\n", 10), "│    many short words here\n");
  EXPECT_EQ(fit_pretty_list("", 80), "");
}

}  // namespace
}  // namespace ktx::cli
