#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#include "ktx/mcp/engine.hpp"
#include "ktx/mcp/refusal.hpp"
#include "ktx/mcp/tools.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/json.hpp"

namespace ktx::test {

/// A call of nobody: its progress goes nowhere.
class SilentCall : public mcp::Call {
 public:
  Cancellation& cancellation() override { return cancellation_; }
  void progress(double /*done*/, std::optional<double> /*total*/, const std::string& /*what*/) override {}
  void log(const std::string& /*level*/, const Json& /*data*/) override {}
  void changed(const std::string& uri) override { changed_resources.push_back(uri); }
  bool client_can(const std::string& /*capability*/) const override { return false; }
  Json request(const std::string& /*method*/, const Json& /*params*/) override { return nullptr; }
  const Json& input_responses() const override { return nothing_; }
  const std::string& request_state() const override { return state_; }

  std::vector<std::string> changed_resources;

 private:
  Cancellation cancellation_;
  Json nothing_ = Json::object();
  std::string state_;
};

/// A server's tools over the project in a folder, called as the protocol does.
class ToolCalls {
 public:
  explicit ToolCalls(const std::filesystem::path& project, bool allow_write = false)
      : engine_(settings(project, allow_write)), tools_(mcp::all_tools(engine_)) {}

  /// The result of a call, an error too.
  mcp::ToolResult call(const std::string& name, const Json& arguments) {
    const auto tool = std::ranges::find(tools_, name, &mcp::Tool::name);
    if (tool == tools_.end()) throw std::runtime_error("no tool " + name);
    SilentCall call;
    try {
      mcp::check_arguments(arguments, tool->input);
      return tool->run(call, arguments);
    } catch (const Error& error) {
      return mcp::refused(error, *tool, arguments);
    }
  }

  const std::vector<mcp::Tool>& tools() const { return tools_; }
  mcp::Engine& engine() { return engine_; }

 private:
  static mcp::Settings settings(const std::filesystem::path& project, bool allow_write) {
    mcp::Settings settings;
    settings.environment.home = project / "home";
    settings.environment.directory = project;
    settings.environment.variables["KTX_RUNTIME_ROOT"] = (project / "no-runtime").string();
    settings.project_directory = project;
    settings.no_cache = true;
    settings.allow_write = allow_write;
    return settings;
  }

  mcp::Engine engine_;
  std::vector<mcp::Tool> tools_;
};

/// What the pages of a result say together: lists and texts joined, pieces put together.
class Joined {
 public:
  void add(const Json& page) {
    for (const auto& [name, value] : page.items()) {
      if (name == "cut" || name == "piece") continue;
      if (value.is_array()) {
        Json& list = list_of(name);
        for (const Json& item : value) list.push_back(item);
      } else if (value.is_string() && whole.contains(name) && is_text_part(name)) {
        whole[name].get_ref<std::string&>() += value.get_ref<const std::string&>();
      } else {
        whole[name] = value;
      }
    }
    if (page.contains("piece")) add_piece(page.at("piece"));
  }

  Json whole = Json::object();
  std::vector<std::string> text_parts = {"yaml", "content", "summary", "sql", "explanation", "text"};

 private:
  Json& list_of(const std::string& name) {
    if (!whole.contains(name)) whole[name] = Json::array();
    return whole[name];
  }

  bool is_text_part(const std::string& name) const {
    return std::ranges::find(text_parts, name) != text_parts.end();
  }

  void add_piece(const Json& piece) {
    if (piece.at("offset").get<std::size_t>() != piece_.size())
      throw std::runtime_error("a piece is missing");
    piece_ += piece.at("json").get<std::string>();
    if (piece_.size() < piece.at("total_bytes").get<std::size_t>()) return;
    list_of(piece.at("part").get<std::string>()).push_back(Json::parse(piece_));
    piece_.clear();
  }

  std::string piece_;
};

}  // namespace ktx::test
