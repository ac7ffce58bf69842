#pragma once

#include <sys/types.h>

#include "ktx/util/file_descriptor.hpp"
#include "ktx/util/subprocess.hpp"

namespace ktx {

/// A started child and our ends of its three streams, all of them non-blocking.
struct Child {
  pid_t pid = -1;
  FileDescriptor exited;  ///< a pidfd: readable when the child has ended
  FileDescriptor in;
  FileDescriptor out;
  FileDescriptor err;
  int start_error = 0;  ///< the errno when it could not be started
};

Child spawn(const Command& command);

}  // namespace ktx
