#include "fault_injection.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <string_view>

namespace ktx::test {
namespace {

FaultInjection* living = nullptr;

/// Whether a call of that name can go on failing for that reason: a full disk still lets files be removed,
/// and a broken one does not keep processes from starting.
bool can_last(std::string_view name, int error) {
  constexpr std::array<std::string_view, 9> taking_room = {"open",   "openat", "mkostemp", "mkdir", "symlink",
                                                           "rename", "write",  "pwrite",   "fsync"};
  constexpr std::array<std::string_view, 6> changing = {"unlink", "unlinkat", "remove",
                                                        "fchmod", "chmod",    "ftruncate"};
  if (std::ranges::find(taking_room, name) != taking_room.end()) return true;
  const bool is_full = error == ENOSPC || error == EDQUOT;
  return !is_full && std::ranges::find(changing, name) != changing.end();
}

}  // namespace

FaultInjection::FaultInjection(const Fault& fault) : fault_(fault) { living = this; }

FaultInjection::~FaultInjection() { living = nullptr; }

bool FaultInjection::is_living() { return living != nullptr; }

void FaultInjection::leave_process() { living = nullptr; }

bool FaultInjection::is_hit(const char* name) const {
  if (fault_.call == 0 || calls_ < fault_.call) return false;
  return calls_ == fault_.call || (fault_.is_lasting && can_last(name, fault_.error));
}

bool FaultInjection::fails(const char* name, const char* what) {
  ++calls_;
  ++calls_by_name_[name];
  if (!is_hit(name)) return false;
  if (fault_.error == Fault::killed) ::raise(SIGKILL);
  if (failed_.empty()) failed_ = std::string(name) + " " + what;
  errno = fault_.error;
  return true;
}

bool call_fails(const char* name, const char* what) { return living != nullptr && living->fails(name, what); }

}  // namespace ktx::test
