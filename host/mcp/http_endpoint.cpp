#include "http_endpoint.hpp"

#include <algorithm>
#include <system_error>
#include <thread>
#include <utility>

#include "http_guard.hpp"
#include "http_headers.hpp"
#include "ktx/mcp/message.hpp"
#include "ktx/mcp/revision.hpp"
#include "ktx/util/environment.hpp"

namespace ktx::mcp {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto look_for_client = std::chrono::milliseconds(50);
constexpr auto longest_silence = std::chrono::seconds(15);  // proxies close what is silent for longer
constexpr std::size_t most_running = 64;

// What the log says of a message. Only what this server knows: a client may write anything into a message,
// its token too.
std::string described(const Json& message, const Offer& offer) {
  const Json method = message.is_object() ? message.value("method", Json()) : Json();
  if (!method.is_string()) return " reply";
  const std::string name = method;
  const bool is_known = has_method(Era::handshake, name) || has_method(Era::stateless, name);
  if (!is_known) return message.contains("id") ? " unknown method" : " notification";
  const Json params = message.value("params", Json());
  const Json tool = params.is_object() ? params.value("name", Json()) : Json();
  const bool is_tool =
      std::ranges::any_of(offer.tools, [&](const Tool& known) { return tool == known.name; });
  return " " + name + (is_tool ? " " + tool.get<std::string>() : "");
}

bool is_request(const Json& message) {
  return message.is_object() && message.contains("method") && message.contains("id");
}

bool is_stateless(const HttpHead& head, const Json& message) {
  const std::string revision = head.header("mcp-protocol-version");
  if (head.count("mcp-protocol-version") > 0 && !is_handshake_revision(revision)) return true;
  return is_request(message) && message.at("method") != "initialize" &&
         has_envelope(message.value("params", Json()));
}

std::string path_of(const std::string& target) { return target.substr(0, target.find('?')); }

}  // namespace

bool HttpEndpoint::serve_one(HttpConnection& connection) {
  HttpHead head;
  Visit visit{.connection = connection, .head = head, .what = {}, .headers = {}};
  try {
    auto next = connection.read_head();
    if (!next) return false;
    head = std::move(*next);
    visit.began = Clock::now();
    answer(visit);
  } catch (const HttpRefusal& refused) {
    const bool is_message = refused.status == 400 || refused.status == 413;
    reply(visit, refusal(refused.status, is_message ? RpcError::parse_error : RpcError::invalid_request,
                         refused.message));
    connection.close();
  }
  return connection.is_open() && !is_stopping_;
}

void HttpEndpoint::answer(Visit& visit) {
  const HttpHead& head = visit.head;
  visit.headers = origin_headers(head, settings_);
  visit.what = head.method;
  if (auto consent = preflight(head, settings_)) return reply(visit, std::move(*consent));
  if (auto refused = turned_away(head, settings_)) return reply(visit, std::move(*refused));
  if (path_of(head.target) != "/mcp")
    return reply(visit, refusal(404, RpcError::invalid_request, "There is only /mcp here"));
  if (head.method == "POST") return post(visit);
  const std::string revision = head.header("mcp-protocol-version");
  const bool is_new = head.count("mcp-protocol-version") > 0 && !is_handshake_revision(revision);
  if (!is_new && head.method == "GET") return listen(visit);
  if (!is_new && head.method == "DELETE") return end_session(visit);
  visit.headers.emplace_back("Allow", is_new ? "POST" : "GET, POST, DELETE");
  reply(visit, refusal(405, RpcError::invalid_request, "This address does not answer " + head.method));
}

void HttpEndpoint::post(Visit& visit) {
  if (!is_json(visit.head))
    return reply(visit, refusal(415, RpcError::invalid_request, "The body must be application/json"));
  if (!accepts(visit.head, "application/json") && !accepts(visit.head, "text/event-stream")) {
    return reply(visit, refusal(406, RpcError::invalid_request,
                                "Replies are application/json or text/event-stream; accept both"));
  }
  Json message;
  try {
    message = read_message(visit.connection.read_body());
  } catch (const RpcFailure& failure) {
    return reply(visit, refusal(400, failure.code, failure.message));
  }
  visit.what += described(message, server_.offer());
  if (!message.is_object()) {
    return reply(visit,
                 refusal(400, RpcError::invalid_request, "The body is one message, an object; not a batch"));
  }
  is_stateless(visit.head, message) ? post_stateless(visit, message) : post_in_session(visit, message);
}

void HttpEndpoint::post_stateless(Visit& visit, const Json& message) {
  try {
    if (!message.contains("id")) {
      check_stateless_revision(visit.head.header("mcp-protocol-version"));
      // There is none that means anything: a client cancels by hanging up.
      return reply(visit, {.status = 202});
    }
    if (!is_request(message) || !message.at("method").is_string())
      throw RpcFailure{RpcError::invalid_request, "The body is no request"};
    read_envelope(message.value("params", Json()));
    check_routing_headers(visit.head, message);
  } catch (const RpcFailure& failure) {
    const Json id = message.value("id", Json());
    const bool can_say_id = id.is_string() || id.is_number_integer();
    const Json failed = error_reply(can_say_id ? id : Json(), failure);
    return reply(visit, {.status = http_status(failed), .body = compact_json(failed)});
  }
  exchange(visit, message, Era::stateless, std::make_shared<Client>(Era::stateless));
}

std::shared_ptr<HttpSession> HttpEndpoint::session_of(Visit& visit) {
  const std::string id = visit.head.header("mcp-session-id");
  if (id.empty()) {
    reply(visit, refusal(400, RpcError::invalid_request,
                         "Mcp-Session-Id is missing; begin with initialize, or speak 2026-07-28"));
    return nullptr;
  }
  auto session = sessions_.find(id);
  if (session == nullptr)
    reply(visit, refusal(404, RpcError::invalid_request, "There is no such session (any more)"));
  return session;
}

void HttpEndpoint::post_in_session(Visit& visit, const Json& message) {
  const bool begins = is_request(message) && message.at("method") == "initialize";
  if (begins && visit.head.count("mcp-session-id") == 0) return begin_session(visit, message);
  const auto session = session_of(visit);
  if (session == nullptr) return;
  visit.headers.emplace_back("Mcp-Session-Id", session->id);
  if (!is_request(message)) return take_silently(visit, message, *session);
  exchange(visit, message, Era::handshake, std::shared_ptr<Client>(session, &session->client));
}

void HttpEndpoint::begin_session(Visit& visit, const Json& message) {
  const auto session = HttpSessions::make();
  const Send nobody = [](const Json&) {};
  const auto answered = server_.answer(message, session->client, nobody);
  if (answered && answered->contains("result")) {
    sessions_.keep(session);
    visit.headers.emplace_back("Mcp-Session-Id", session->id);
  }
  reply(visit, {.status = 200, .body = compact_json(answered.value_or(Json()))});
}

// A notification, or the client's answer to a question.
void HttpEndpoint::take_silently(Visit& visit, const Json& message, HttpSession& session) {
  const Send nobody = [](const Json&) {};
  const auto failed = server_.answer(message, session.client, nobody);
  if (failed) return reply(visit, {.status = 400, .body = compact_json(*failed)});
  reply(visit, {.status = 202});
}

// The stream for what the server says by itself. There is nothing yet that it would say without being asked,
// but clients open it and take its end for the end of the session.
void HttpEndpoint::listen(Visit& visit) {
  if (!accepts(visit.head, "text/event-stream"))
    return reply(visit, refusal(406, RpcError::invalid_request, "A GET accepts text/event-stream"));
  const auto session = session_of(visit);
  if (session == nullptr) return;
  if (session->has_stream.exchange(true))
    return reply(visit, refusal(409, RpcError::invalid_request, "The session has a stream already"));
  visit.headers.emplace_back("Mcp-Session-Id", session->id);
  visit.status = 200;
  log(visit);
  visit.connection.begin_stream(visit.headers);
  HttpExchange silence;
  auto last_said = Clock::now();
  while (!is_stopping_ && !session->is_over && !visit.connection.is_gone()) {
    silence.next(look_for_client);
    if (Clock::now() - last_said < longest_silence) continue;
    visit.connection.send_ping();
    sessions_.find(session->id);  // a session with a stream is in use
    last_said = Clock::now();
  }
  visit.connection.end_stream();
  session->has_stream = false;
}

void HttpEndpoint::end_session(Visit& visit) {
  const auto session = session_of(visit);
  if (session == nullptr) return;
  sessions_.end(session->id);
  reply(visit, {.status = 204});
}

void HttpEndpoint::start(const std::shared_ptr<HttpExchange>& exchange, const Json& message,
                         const std::shared_ptr<Client>& client) {
  const std::lock_guard lock(mutex_);
  if (running_ == most_running) throw HttpRefusal{503, "Too many requests at once"};
  try {
    std::thread([this, exchange, message, client] {
      const Send send = [exchange](const Json& before) { exchange->add(before); };
      exchange->finish(server_.answer(message, *client, send));
      const std::lock_guard ending(mutex_);
      --running_;
      changed_.notify_all();
    }).detach();
  } catch (const std::system_error&) {
    throw HttpRefusal{503, "No thread is to be had for this request"};
  }
  ++running_;
}

// Tells the client what comes before the reply, as a stream if it takes one. False if the client has gone.
bool HttpEndpoint::follow(Visit& visit, HttpExchange& exchange, Era era, Client& client, bool& is_stream) {
  HttpConnection& connection = visit.connection;
  const bool may_stream = accepts(visit.head, "text/event-stream");
  auto last_said = Clock::now();
  for (;;) {
    const HttpExchange::Event event = exchange.next(look_for_client);
    if (event.is_over) return true;
    if (!event.message && connection.is_gone()) {
      // Before 2026-07-28, hanging up is not cancelling: the client says so, or ends the session.
      if (era == Era::stateless) client.cancel_all();
      visit.status = 499;  // as nginx logs a client that went away
      log(visit);
      connection.close();
      return false;
    }
    if (is_stopping_ && era == Era::stateless) client.cancel_all();
    const bool is_silent = Clock::now() - last_said > longest_silence;
    if (!may_stream || (!event.message && !is_silent)) continue;
    if (!std::exchange(is_stream, true)) connection.begin_stream(visit.headers);
    event.message ? connection.send_event(*event.message) : connection.send_ping();
    last_said = Clock::now();
  }
}

void HttpEndpoint::exchange(Visit& visit, const Json& message, Era era,
                            const std::shared_ptr<Client>& client) {
  HttpConnection& connection = visit.connection;
  const auto exchange = std::make_shared<HttpExchange>();
  if (Server::takes_long(message)) {
    start(exchange, message, client);
  } else {
    exchange->finish(server_.answer(message, *client, [&](const Json& before) { exchange->add(before); }));
  }
  const bool may_stream = accepts(visit.head, "text/event-stream");
  bool is_stream = false;
  if (!follow(visit, *exchange, era, *client, is_stream)) return;
  const Json result = exchange->take_reply().value_or(
      error_reply(message.at("id"), {RpcError::cancelled, "The request was cancelled"}));
  visit.status = era == Era::stateless ? http_status(result) : 200;
  if (!is_stream && (!may_stream || accepts(visit.head, "application/json")))
    return reply(visit, {.status = visit.status, .body = compact_json(result)});
  if (!is_stream) connection.begin_stream(visit.headers);
  log(visit);
  connection.send_event(compact_json(result));
  connection.end_stream();
}

void HttpEndpoint::reply(Visit& visit, HttpReply reply) const {
  visit.status = reply.status;
  log(visit);
  reply.headers.insert(reply.headers.end(), visit.headers.begin(), visit.headers.end());
  visit.connection.send(reply);
}

// Before the reply is sent, so that who has a reply finds it in the log.
void HttpEndpoint::log(const Visit& visit) const {
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - visit.began);
  events_.log(format_timestamp(std::chrono::system_clock::now()) + " " + std::to_string(visit.status) + " " +
              std::to_string(took.count()) + " ms " + visit.what);
}

void HttpEndpoint::stop() {
  is_stopping_ = true;
  sessions_.end_all();
}

bool HttpEndpoint::wait(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, time, [this] { return running_ == 0; });
}

}  // namespace ktx::mcp
