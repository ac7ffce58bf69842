#include "http_sessions.hpp"

#include <algorithm>

#include "ktx/util/random.hpp"

namespace ktx::mcp {
namespace {

constexpr auto unused_time = std::chrono::minutes(30);

}  // namespace

std::shared_ptr<HttpSession> HttpSessions::make() {
  auto session = std::make_shared<HttpSession>();
  session->id = random_hex(32);
  return session;
}

void HttpSessions::keep(const std::shared_ptr<HttpSession>& session) {
  const std::lock_guard lock(mutex_);
  make_room();
  entries_[session->id] = {session, Clock::now()};
}

std::shared_ptr<HttpSession> HttpSessions::find(const std::string& id) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(id);
  if (found == entries_.end()) return nullptr;
  found->second.last_used = Clock::now();
  return found->second.session;
}

bool HttpSessions::end(const std::string& id) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(id);
  if (found == entries_.end()) return false;
  end_entry(found);
  return true;
}

void HttpSessions::end_all() {
  const std::lock_guard lock(mutex_);
  while (!entries_.empty()) end_entry(entries_.begin());
}

void HttpSessions::end_entry(std::map<std::string, Entry>::iterator entry) {
  entry->second.session->is_over = true;
  entry->second.session->client.cancel_all();
  entries_.erase(entry);
}

// A session that is held elsewhere too has a request or a stream.
void HttpSessions::make_room() {
  const auto now = Clock::now();
  for (auto entry = entries_.begin(); entry != entries_.end();) {
    const auto next = std::next(entry);
    if (entry->second.session.use_count() == 1 && now - entry->second.last_used > unused_time)
      end_entry(entry);
    entry = next;
  }
  if (entries_.size() < most_) return;
  end_entry(std::ranges::min_element(entries_, {}, [](const auto& entry) { return entry.second.last_used; }));
}

}  // namespace ktx::mcp
