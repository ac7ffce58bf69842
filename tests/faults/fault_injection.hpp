#pragma once

#include <cstddef>
#include <map>
#include <string>

namespace ktx::test {

/// What goes wrong with one of the calls by which this process changes the world, or with all after it.
struct Fault {
  static constexpr int killed = 0;

  std::size_t call = 0;     ///< which call, counted from 1; 0 for none
  int error = killed;       ///< the errno that it fails with; `killed` ends this process just before it
  bool is_lasting = false;  ///< whether what fails for the same reason goes on failing: a disk stays full
};

/// While one lives, the calls of system_calls.cpp are counted, and one of them fails. For processes with one
/// thread.
class FaultInjection {
 public:
  explicit FaultInjection(const Fault& fault);
  FaultInjection(const FaultInjection&) = delete;
  FaultInjection& operator=(const FaultInjection&) = delete;
  ~FaultInjection();

  static bool is_living();

  /// In a forked child: what lives belongs to the parent.
  static void leave_process();

  std::size_t calls() const { return calls_; }
  const std::map<std::string, std::size_t>& calls_by_name() const { return calls_by_name_; }

  /// The first call that failed, as "rename /a/b"; empty when none did.
  const std::string& failed() const { return failed_; }

  /// Whether this call fails; errno is set then. `what` is a path, or whatever tells the call from others.
  bool fails(const char* name, const char* what);

 private:
  bool is_hit(const char* name) const;

  Fault fault_;
  std::size_t calls_ = 0;
  std::map<std::string, std::size_t> calls_by_name_;
  std::string failed_;
};

/// Whether the call `name` fails now. Without a living FaultInjection none does.
bool call_fails(const char* name, const char* what);

}  // namespace ktx::test
