#pragma once

#include <gtest/gtest.h>

#include <cerrno>
#include <string>

namespace ktx::test {

/// A way in which calls fail.
struct Failure {
  const char* name;
  int error;
  bool is_lasting;
};

#ifdef KTX_FAULTS_IN_BRIEF
// They differ in the number alone: the ways out are the same.
inline const auto failures = testing::Values(Failure{"NoSpaceFromThenOn", ENOSPC, true});
#else
inline const auto failures =
    testing::Values(Failure{"NoSpace", ENOSPC, false}, Failure{"NoSpaceFromThenOn", ENOSPC, true},
                    Failure{"NoQuota", EDQUOT, false}, Failure{"NoPermission", EACCES, false},
                    Failure{"ReadOnly", EROFS, false}, Failure{"ReadOnlyFromThenOn", EROFS, true},
                    Failure{"BrokenDisk", EIO, false}, Failure{"BrokenDiskFromThenOn", EIO, true});
#endif

inline std::string failure_name(const testing::TestParamInfo<Failure>& info) { return info.param.name; }

// gtest would print the bytes of the pointer, which differ in each run.
inline void PrintTo(const Failure& failure, std::ostream* stream) { *stream << failure.name; }

}  // namespace ktx::test
