#include "ktx/mcp/client.hpp"

#include <utility>
#include <vector>

#include "ktx/mcp/rpc.hpp"
#include "ktx/util/error.hpp"

namespace ktx::mcp {

Era Client::era(Era if_undecided) {
  const std::lock_guard lock(mutex_);
  if (!era_) era_ = if_undecided;
  return *era_;
}

void Client::agree(const std::string& revision, const Json& capabilities) {
  const std::lock_guard lock(mutex_);
  revision_ = revision;
  capabilities_ = capabilities;
}

std::string Client::revision() const {
  const std::lock_guard lock(mutex_);
  return revision_;
}

Json Client::capabilities() const {
  const std::lock_guard lock(mutex_);
  return capabilities_;
}

void Client::set_log_level(const std::string& level) {
  const std::lock_guard lock(mutex_);
  log_level_ = level;
}

std::string Client::log_level() const {
  const std::lock_guard lock(mutex_);
  return log_level_;
}

void Client::watch(const std::string& uri) {
  constexpr std::size_t most = 10000;
  const std::lock_guard lock(mutex_);
  if (watched_.size() >= most) throw RpcFailure{RpcError::invalid_params, "Too many resources are watched"};
  watched_.insert(uri);
}

void Client::unwatch(const std::string& uri) {
  const std::lock_guard lock(mutex_);
  watched_.erase(uri);
}

bool Client::watches(const std::string& uri) const {
  const std::lock_guard lock(mutex_);
  return watched_.contains(uri);
}

void Client::cancel(const Json& id) {
  std::shared_ptr<Cancellation> found;
  {
    const std::lock_guard lock(mutex_);
    const auto running = running_.find(id.dump());
    if (running != running_.end()) found = running->second;
  }
  if (found != nullptr) found->cancel();
}

void Client::cancel_all() {
  std::vector<std::shared_ptr<Cancellation>> all;
  {
    const std::lock_guard lock(mutex_);
    is_gone_ = true;
    for (const auto& [key, cancellation] : running_) all.push_back(cancellation);
  }
  for (const auto& cancellation : all) cancellation->cancel();
}

Json Client::ask(const Send& send, const std::string& method, const Json& params,
                 Cancellation& cancellation) {
  std::unique_lock lock(mutex_);
  // Not a number that a request of the client may have: some clients keep both in one table.
  const std::string id = "ktx-" + std::to_string(++last_asked_);
  asked_[id] = std::nullopt;
  lock.unlock();
  {
    const Cancellation::Listener listener(cancellation, [this] {
      const std::lock_guard waking(mutex_);
      replied_.notify_all();
    });
    send({{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", params}});
    lock.lock();
    replied_.wait(lock, [&] { return asked_.at(id).has_value() || cancellation.is_cancelled(); });
    lock.unlock();
  }
  lock.lock();
  const std::optional<Json> reply = std::move(asked_.at(id));
  asked_.erase(id);
  lock.unlock();
  if (!reply) cancellation.throw_if_cancelled();
  const Json error = reply->value("error", Json());
  if (error.is_object()) {
    throw Error(ErrorKind::usage,
                "The client refused " + method + ": " + error.value("message", Json("no reason")).dump());
  }
  return reply->value("result", Json::object());
}

void Client::take_reply(const Json& message) {
  const Json id = message.value("id", Json());
  if (!id.is_string()) return;
  const std::lock_guard lock(mutex_);
  const auto asked = asked_.find(id.get<std::string>());
  if (asked == asked_.end() || asked->second) return;
  asked->second = message;
  replied_.notify_all();
}

Client::Running::Running(Client& client, const Json& id) : client_(client), key_(id.dump()) {
  bool is_gone = false;
  {
    const std::lock_guard lock(client_.mutex_);
    if (!client_.running_.emplace(key_, cancellation_).second)
      throw RpcFailure{RpcError::invalid_request, "A request with this id runs already"};
    is_gone = client_.is_gone_;
  }
  if (is_gone) cancellation_->cancel();
}

Client::Running::~Running() {
  const std::lock_guard lock(client_.mutex_);
  client_.running_.erase(key_);
}

}  // namespace ktx::mcp
