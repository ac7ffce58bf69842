#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ktx {

/// Where the time of a process goes, for `ktx --startup-report`. There is one record in a process, so that a
/// phase deep inside a layer is seen without anything passed down to it; a process without a record pays one
/// branch for each phase.
using SpanClock = std::chrono::steady_clock;

/// One phase, as it was recorded.
struct Span {
  const char* name;  ///< "load sources"
  SpanClock::time_point begin;
  SpanClock::time_point end;          ///< of a phase that still runs: when the record was read
  std::optional<std::size_t> parent;  ///< the index of the phase, of the same thread, inside which it began
  unsigned thread;                    ///< 0 is the one that began the record
};

namespace detail {
inline std::atomic<bool> recording{false};
std::size_t open_span(const char* name);
void close_span(std::size_t index);
}  // namespace detail

inline bool records_spans() { return detail::recording.load(std::memory_order_relaxed); }

/// Begins the record, on the thread that calls; an earlier one is forgotten. No phase may be open.
void begin_record();

/// What has been recorded, in the order in which it began or was added.
std::vector<Span> recorded_spans();

/// Adds a phase that was measured in another way, inside the one that is open in this thread.
void add_span(const char* name, SpanClock::time_point begin, SpanClock::time_point end);

/// Notes a result of a phase ("transport" is "daemon"); a later note of the same name replaces it. Both must
/// be literals.
void record_fact(const char* name, const char* value);
std::map<std::string, std::string> recorded_facts();

/// A phase, from here to the end of the block. Any thread may have its own. `name` must be a literal.
class ScopedSpan {
 public:
  explicit ScopedSpan(const char* name) {
    if (records_spans()) index_ = detail::open_span(name);
  }
  ScopedSpan(const ScopedSpan&) = delete;
  ScopedSpan& operator=(const ScopedSpan&) = delete;
  ~ScopedSpan() {
    if (index_ != not_recorded) detail::close_span(index_);
  }

 private:
  static constexpr std::size_t not_recorded = std::numeric_limits<std::size_t>::max();
  std::size_t index_ = not_recorded;
};

}  // namespace ktx
