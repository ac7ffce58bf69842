#include "ktx/mcp/stdio_server.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <climits>
#include <condition_variable>
#include <deque>
#include <exception>
#include <string>
#include <thread>
#include <utility>

#include "ktx/mcp/message.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/interrupt.hpp"

namespace ktx::mcp {
namespace {

// Writes whole lines; from threads, one at a time. What cannot be written is dropped: nobody reads it. A
// reader who is slow is waited for, until a signal.
class Writer {
 public:
  explicit Writer(int descriptor) : descriptor_(descriptor) {}

  void write(const Json& message) {
    // What a pipe takes without blocking once it is writable.
    constexpr std::size_t piece = PIPE_BUF;
    const std::string line = compact_json(message) + "\n";
    const std::lock_guard lock(mutex_);
    for (std::string_view rest = line; !rest.empty();) {
      std::array<pollfd, 2> watched = {{{descriptor_, POLLOUT, 0}, {interrupt_descriptor(), POLLIN, 0}}};
      if (::poll(watched.data(), watched.size(), -1) < 0 && errno == EINTR) continue;
      if (watched[1].revents != 0 && (watched[0].revents & POLLOUT) == 0) return;
      const ssize_t written = ::write(descriptor_, rest.data(), std::min(rest.size(), piece));
      if (written < 0 && (errno == EINTR || errno == EAGAIN)) continue;
      if (written <= 0) return;
      rest.remove_prefix(static_cast<std::size_t>(written));
    }
  }

 private:
  int descriptor_;
  std::mutex mutex_;
};

// The calls of a client, each on a thread of its own; beyond `most_running` they wait for one that ends.
class Calls {
 public:
  // False if too many wait already.
  bool add(const Json& id, std::function<void()> work) {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= most_waiting) return false;
    waiting_.emplace_back(id.dump(), std::move(work));
    start_next();
    return true;
  }

  // Takes away a call that still waits.
  void forget(const Json& id) {
    const std::lock_guard lock(mutex_);
    std::erase_if(waiting_, [key = id.dump()](const auto& call) { return call.first == key; });
  }

  void forget_all() {
    const std::lock_guard lock(mutex_);
    waiting_.clear();
  }

  // Whether all have ended within the time.
  bool wait(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, time, [this] { return running_ == 0 && waiting_.empty(); });
  }

 private:
  static constexpr std::size_t most_running = 16;
  static constexpr std::size_t most_waiting = 1000;

  void start_next() {
    if (running_ == most_running || waiting_.empty()) return;
    ++running_;
    std::thread([this, work = std::move(waiting_.front().second)] {
      work();
      const std::lock_guard ending(mutex_);
      --running_;
      start_next();
      changed_.notify_all();
    }).detach();
    waiting_.pop_front();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::pair<std::string, std::function<void()>>> waiting_;
  std::size_t running_ = 0;
};

bool is_closed(int output) {
  pollfd watched = {output, POLLOUT, 0};
  return ::poll(&watched, 1, 0) > 0 && (watched.revents & (POLLERR | POLLHUP | POLLNVAL)) != 0;
}

// One client on two descriptors.
class StdioServer {
 public:
  StdioServer(const Server& server, int input, int output)
      : server_(server), input_(input), output_(output), writer_(output) {}

  int serve() {
    const InterruptGuard guard;
    while (read_more()) continue;
    return finish();
  }

 private:
  // Waits for bytes, and takes them. False at the end of the input, and after a signal.
  bool read_more() {
    std::array<pollfd, 2> watched = {{{input_, POLLIN, 0}, {interrupt_descriptor(), POLLIN, 0}}};
    if (::poll(watched.data(), watched.size(), -1) < 0) return errno == EINTR;
    if (watched[1].revents != 0) return false;
    const ssize_t count = ::read(input_, buffer_.data(), buffer_.size());
    if (count < 0) return errno == EINTR;
    const auto take_line = [this](const std::string& line) { take(line); };
    if (count == 0) {
      lines_.finish(take_line);
      return false;
    }
    lines_.add({buffer_.data(), static_cast<std::size_t>(count)}, take_line);
    return true;
  }

  void take(const std::string& line) {
    try {
      Json message = read_message(line);
      if (const auto cancelled = Server::cancelled_by(message)) calls_.forget(*cancelled);
      if (!Server::takes_long(message)) return reply_to(message);
      const Json id = message.at("id");
      if (!calls_.add(id, [this, message = std::move(message)] { reply_to(message); }))
        writer_.write(error_reply(id, {RpcError::internal_error, "Too many requests at once"}));
    } catch (const RpcFailure& failure) {
      writer_.write(error_reply(nullptr, failure));
    } catch (const std::exception& error) {
      // A defect; the client's other requests shall not suffer from it.
      writer_.write(
          error_reply(nullptr, {RpcError::internal_error, std::string("Internal error: ") + error.what()}));
    }
  }

  void reply_to(const Json& message) {
    if (auto reply = server_.answer(message, client_, send_)) writer_.write(*reply);
  }

  // What was asked before the end of the input is answered, as long as somebody can read it.
  int finish() {
    constexpr auto grace = std::chrono::milliseconds(2000);
    constexpr auto look_again = std::chrono::milliseconds(100);
    bool interrupted = false;
    while (!calls_.wait(look_again)) {
      pollfd watched = {interrupt_descriptor(), POLLIN, 0};
      interrupted = ::poll(&watched, 1, 0) > 0;
      if (interrupted || is_closed(output_)) break;
    }
    calls_.forget_all();
    client_.cancel_all();
    calls_.wait(grace);
    try {
      throw_if_interrupted();
    } catch (const Error&) {
      return interrupt_exit_code();
    }
    return 0;
  }

  const Server& server_;
  int input_;
  int output_;
  Writer writer_;
  const Send send_ = [this](const Json& message) { writer_.write(message); };
  Client client_;
  Calls calls_;
  Lines lines_;
  std::array<char, 65536> buffer_{};
};

}  // namespace

int serve_stdio(const Server& server, int input, int output) {
  // Threads that still run at the end use it: it goes with the process.
  auto* serving = new StdioServer(server, input, output);
  return serving->serve();
}

}  // namespace ktx::mcp
