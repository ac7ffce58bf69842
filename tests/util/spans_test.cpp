#include "ktx/util/spans.hpp"

#include <gtest/gtest.h>

#include <array>
#include <stdexcept>
#include <string_view>
#include <thread>

namespace ktx {
namespace {

using namespace std::chrono_literals;

TEST(Spans, AreNotRecordedBeforeThatIsAsked) {
  {
    const ScopedSpan span("unseen");
    record_fact("unseen", "fact");
    add_span("unseen", SpanClock::now(), SpanClock::now());
    begin_record();
  }  // began before the record, and is no part of it
  EXPECT_TRUE(recorded_spans().empty());
  EXPECT_TRUE(recorded_facts().empty());
}

TEST(Spans, KnowWhereTheyLie) {
  begin_record();
  {
    const ScopedSpan outer("outer");
    { const ScopedSpan first("first"); }
    { const ScopedSpan second("second"); }
  }
  { const ScopedSpan after("after"); }
  const auto spans = recorded_spans();
  ASSERT_EQ(spans.size(), 4);
  EXPECT_STREQ(spans[0].name, "outer");
  EXPECT_EQ(spans[0].parent, std::nullopt);
  EXPECT_EQ(spans[1].parent, 0);
  EXPECT_EQ(spans[2].parent, 0);
  EXPECT_EQ(spans[3].parent, std::nullopt);
  EXPECT_LE(spans[0].begin, spans[1].begin);
  EXPECT_LE(spans[1].begin, spans[1].end);
  EXPECT_LE(spans[1].end, spans[2].begin);
  EXPECT_LE(spans[2].end, spans[0].end);
  EXPECT_LE(spans[0].end, spans[3].begin);
}

TEST(Spans, EndWithAnException) {
  begin_record();
  try {
    const ScopedSpan span("fails");
    throw std::runtime_error("on the way");
  } catch (const std::runtime_error&) {
    const ScopedSpan span("after");
  }
  EXPECT_EQ(recorded_spans().at(1).parent, std::nullopt);
}

TEST(Spans, MeasuredOtherwiseLieWhereTheyAreAdded) {
  begin_record();
  const auto begin = SpanClock::now();
  {
    const ScopedSpan outer("outer");
    add_span("added", begin, begin + 3ms);
  }
  const auto added = recorded_spans().at(1);
  EXPECT_EQ(added.parent, 0);
  EXPECT_EQ(added.end - added.begin, 3ms);
}

TEST(Spans, ThatStillRunEndWhenTheyAreLookedAt) {
  begin_record();
  const ScopedSpan open("open");
  const auto seen = recorded_spans().at(0);
  EXPECT_LE(seen.begin, seen.end);
  EXPECT_LE(seen.end, SpanClock::now());
}

TEST(Spans, OfThreadsAreTheirOwn) {
  begin_record();
  constexpr std::size_t rounds = 500;
  const auto work = [] {
    for (std::size_t i = 0; i < rounds; ++i) {
      const ScopedSpan outer("outer");
      const ScopedSpan inner("inner");
    }
  };
  const ScopedSpan here("here");
  std::thread first(work);
  std::thread second(work);
  work();
  first.join();
  second.join();
  const auto spans = recorded_spans();
  ASSERT_EQ(spans.size(), 1 + 3 * 2 * rounds);
  std::array<std::size_t, 3> count{};
  for (std::size_t i = 1; i < spans.size(); ++i) {
    const Span& span = spans[i];
    ++count.at(span.thread);
    if (std::string_view(span.name) == "outer") {
      EXPECT_EQ(span.parent, span.thread == 0 ? std::optional<std::size_t>(0) : std::nullopt);
      continue;
    }
    EXPECT_STREQ(spans.at(span.parent.value()).name, "outer");
    EXPECT_EQ(spans.at(span.parent.value()).thread, span.thread);
  }
  EXPECT_EQ(count[1], 2 * rounds);
  EXPECT_EQ(count[2], 2 * rounds);
}

TEST(Spans, TheLastWordOnAFactCounts) {
  begin_record();
  record_fact("transport", "daemon");
  record_fact("transport", "in-process");
  EXPECT_EQ(recorded_facts().at("transport"), "in-process");
}

}  // namespace
}  // namespace ktx
