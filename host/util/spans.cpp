#include "ktx/util/spans.hpp"

#include <mutex>

namespace ktx {
namespace {

struct SpanRecord {
  std::mutex mutex;
  std::vector<Span> spans;
  std::map<std::string, std::string> facts;
  unsigned threads = 0;
};

// Never destroyed: a thread may close a phase while the process ends.
SpanRecord& the_record() {
  static auto& record = *new SpanRecord;
  return record;
}

thread_local std::optional<std::size_t> innermost_span;
thread_local std::optional<unsigned> thread_number;

// The caller holds the record's mutex.
std::size_t append_span(SpanRecord& record, const char* name, SpanClock::time_point begin,
                        SpanClock::time_point end) {
  if (!thread_number) thread_number = record.threads++;
  record.spans.push_back({name, begin, end, innermost_span, *thread_number});
  return record.spans.size() - 1;
}

constexpr SpanClock::time_point still_open = SpanClock::time_point::max();

}  // namespace

std::size_t detail::open_span(const char* name) {
  SpanRecord& record = the_record();
  const std::lock_guard lock(record.mutex);
  innermost_span = append_span(record, name, SpanClock::now(), still_open);
  return *innermost_span;
}

void detail::close_span(std::size_t index) {
  // Before the lock: waiting for it is no part of the phase.
  const auto end = SpanClock::now();
  SpanRecord& record = the_record();
  const std::lock_guard lock(record.mutex);
  record.spans[index].end = end;
  innermost_span = record.spans[index].parent;
}

void begin_record() {
  SpanRecord& record = the_record();
  const std::lock_guard lock(record.mutex);
  record.spans.clear();
  record.facts.clear();
  thread_number = 0;
  record.threads = 1;
  detail::recording = true;
}

std::vector<Span> recorded_spans() {
  const auto now = SpanClock::now();
  SpanRecord& record = the_record();
  const std::lock_guard lock(record.mutex);
  std::vector<Span> spans = record.spans;
  for (Span& span : spans) {
    if (span.end == still_open) span.end = now;
  }
  return spans;
}

void add_span(const char* name, SpanClock::time_point begin, SpanClock::time_point end) {
  if (!records_spans()) return;
  SpanRecord& record = the_record();
  const std::lock_guard lock(record.mutex);
  append_span(record, name, begin, end);
}

void record_fact(const char* name, const char* value) {
  if (!records_spans()) return;
  SpanRecord& record = the_record();
  const std::lock_guard lock(record.mutex);
  record.facts[name] = value;
}

std::map<std::string, std::string> recorded_facts() {
  SpanRecord& record = the_record();
  const std::lock_guard lock(record.mutex);
  return record.facts;
}

}  // namespace ktx
