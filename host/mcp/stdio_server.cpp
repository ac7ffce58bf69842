#include "ktx/mcp/stdio_server.hpp"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <condition_variable>
#include <string>
#include <thread>
#include <utility>

#include "ktx/util/error.hpp"
#include "ktx/util/interrupt.hpp"

namespace ktx::mcp {
namespace {

// A message of this length is a mistake or an attack; what comes after its line break is read again.
constexpr std::size_t longest_message = 16U * 1024 * 1024;
constexpr std::size_t most_calls = 16;

// The lines of a stream that come in any pieces.
class Lines {
 public:
  // Takes the bytes, and calls `take` for each whole line; for one that is too long, with its beginning.
  template <typename Take>
  void add(std::string_view bytes, const Take& take) {
    while (!bytes.empty()) {
      const std::size_t end = bytes.find('\n');
      const std::string_view part = bytes.substr(0, end);
      if (line_.size() <= longest_message) line_.append(part.substr(0, longest_message + 1 - line_.size()));
      if (end == std::string_view::npos) return;
      if (!line_.empty() && line_.back() == '\r') line_.pop_back();
      if (!line_.empty()) take(std::exchange(line_, {}));
      bytes.remove_prefix(end + 1);
    }
  }

 private:
  std::string line_;
};

// Writes whole lines; from threads, one at a time. What cannot be written is dropped: nobody reads it.
class Writer {
 public:
  explicit Writer(int descriptor) : descriptor_(descriptor) {}

  void write(const Json& message) {
    const std::string line = compact_json(message) + "\n";
    const std::lock_guard lock(mutex_);
    for (std::string_view rest = line; !rest.empty();) {
      const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return;
      rest.remove_prefix(static_cast<std::size_t>(written));
    }
  }

 private:
  int descriptor_;
  std::mutex mutex_;
};

// The calls that run, each on a thread of its own; beyond `most_calls` they wait for one that ends.
class Calls {
 public:
  void run(std::function<void()> work) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return running_ < most_calls; });
    ++running_;
    std::thread([this, work = std::move(work)] {
      work();
      const std::lock_guard ending(mutex_);
      --running_;
      changed_.notify_all();
    }).detach();
  }

  // Whether all have ended within the time.
  bool wait(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, time, [this] { return running_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t running_ = 0;
};

bool is_closed(int output) {
  pollfd watched = {output, POLLOUT, 0};
  return ::poll(&watched, 1, 0) > 0 && (watched.revents & (POLLERR | POLLHUP | POLLNVAL)) != 0;
}

// One client on two descriptors.
class StdioServer {
 public:
  StdioServer(const Server& server, int input, int output, std::function<void()> on_initialized)
      : server_(server),
        input_(input),
        output_(output),
        writer_(output),
        on_initialized_(std::move(on_initialized)) {}

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
    if (count == 0) return false;
    lines_.add({buffer_.data(), static_cast<std::size_t>(count)},
               [this](const std::string& line) { take(line); });
    return true;
  }

  void take(const std::string& line) {
    Json message;
    try {
      if (line.size() > longest_message) throw Error(ErrorKind::usage, "The message is longer than 16 MiB");
      message = parse_json(line, "The message", ErrorKind::usage);
    } catch (const Error& error) {
      writer_.write(error_reply(nullptr, {RpcError::parse_error, error.message()}));
      return;
    }
    if (Server::takes_long(message)) {
      calls_.run([this, message = std::move(message)] { reply_to(message); });
    } else {
      reply_to(message);
    }
  }

  void reply_to(const Json& message) {
    if (auto reply = server_.answer(message, client_)) writer_.write(*reply);
    if (auto done = std::exchange(on_initialized_, {})) done();
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
  Client client_{[this](const Json& message) { writer_.write(message); }};
  Calls calls_;
  Lines lines_;
  std::array<char, 65536> buffer_{};
  std::function<void()> on_initialized_;
};

}  // namespace

int serve_stdio(const Server& server, int input, int output, const std::function<void()>& on_initialized) {
  // Threads that still run at the end use it: it goes with the process.
  auto* serving = new StdioServer(server, input, output, on_initialized);
  return serving->serve();
}

}  // namespace ktx::mcp
