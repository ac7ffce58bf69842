#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ktx/app/session.hpp"

namespace ktx::test {

/// A session whose front end keeps what is said to it; nobody is there to be asked.
class SilentSession : public app::Session {
 public:
  void note(const std::string& text) const override { said.push_back("note: " + text); }
  void warn(const std::string& text) const override { said.push_back("warn: " + text); }
  void trace(const std::string& text) const override { said.push_back("trace: " + text); }
  void report(const std::vector<Finding>& findings) const override {
    for (const Finding& finding : findings) said.push_back(finding.code);
  }
  bool can_confirm() const override { return false; }
  bool confirm(const std::string& /*question*/) const override { return false; }
  std::unique_ptr<app::InstallObserver> observe_install() const override {
    return std::make_unique<Observer>();
  }
  std::unique_ptr<app::Waiting> wait_for_database() const override { return nullptr; }

  mutable std::vector<std::string> said;

 private:
  class Observer : public app::InstallObserver {
   public:
    void show(const runtime::InstallProgress& /*progress*/) override {}
    void notice(const std::string& /*text*/) override {}
    void clear() override {}
  };
};

}  // namespace ktx::test
