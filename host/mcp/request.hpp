#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ktx/mcp/client.hpp"
#include "ktx/mcp/offer.hpp"
#include "ktx/mcp/rpc.hpp"
#include "ktx/util/json.hpp"

namespace ktx::mcp {

/// One request while it is answered.
struct Request {
  Json id;
  std::string method;
  Json params;  ///< an object
  Era era = Era::handshake;
  Json capabilities;                     ///< of the client
  std::optional<std::string> log_level;  ///< from which on it wants log messages; none without
  Client& client;
  const Send& send;  ///< for what belongs to this request

  /// The member of `params` that must be a text. Throws an `RpcFailure`.
  std::string text(const char* member) const;

  /// The member of `params` that may be an object. Throws an `RpcFailure`.
  Json object(const char* member) const;
};

/// A request as a tool, a resource or a prompt sees it.
class RequestCall : public Call {
 public:
  RequestCall(const Request& request, Cancellation& cancellation);

  Cancellation& cancellation() override { return cancellation_; }
  void progress(double done, std::optional<double> total, const std::string& what) override;
  void log(const std::string& level, const Json& data) override;
  void changed(const std::string& uri) override;
  bool client_can(const std::string& capability) const override;
  Json request(const std::string& method, const Json& params) override;
  const Json& input_responses() const override { return input_responses_; }
  const std::string& request_state() const override { return request_state_; }

 private:
  const Request& request_;
  Cancellation& cancellation_;
  Json token_ = nullptr;
  Json input_responses_ = Json::object();
  std::string request_state_;
};

/// Whether there is a log level of that name.
bool is_log_level(const std::string& level);

/// The methods, each with the result of a request.
Json list_tools(const Offer& offer);
Json call_tool(const Offer& offer, const Request& request, Call& call);
Json list_resources(const Offer& offer, const Request& request, Call& call);
Json list_templates(const Offer& offer);
Json read_resource(const Offer& offer, const Request& request, Call& call);
Json list_prompts(const Offer& offer);
Json get_prompt(const Offer& offer, const Request& request, Call& call);
Json complete(const Offer& offer, const Request& request, Call& call);

}  // namespace ktx::mcp
