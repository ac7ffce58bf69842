#include "ktx/util/cancellation.hpp"

#include <utility>

#include "ktx/util/error.hpp"

namespace ktx {

// The lock is held while listeners run, so that none runs after its end.
void Cancellation::cancel() {
  const std::lock_guard lock(mutex_);
  if (happened_.exchange(true)) return;
  for (const auto& [key, listener] : listeners_) listener();
}

void Cancellation::throw_if_cancelled() const {
  if (is_cancelled()) throw Error(ErrorKind::interrupted, "The call was cancelled");
}

Cancellation::Listener::Listener(Cancellation& cancellation, std::function<void()> function)
    : cancellation_(cancellation) {
  const std::lock_guard lock(cancellation_.mutex_);
  if (cancellation_.happened_) function();
  key_ = cancellation_.next_key_++;
  cancellation_.listeners_.emplace(key_, std::move(function));
}

Cancellation::Listener::~Listener() {
  const std::lock_guard lock(cancellation_.mutex_);
  cancellation_.listeners_.erase(key_);
}

}  // namespace ktx
