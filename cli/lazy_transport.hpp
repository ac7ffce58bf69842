#pragma once

#include <memory>
#include <string>

#include "ktx/database/executor.hpp"
#include "managed_transport.hpp"

namespace ktx::cli {

/// Python, started when it is first asked for; one for planning and for the database.
class LazyTransport {
 public:
  /// `driver` is that of the database that will be asked too; empty when none will.
  LazyTransport(TransportFactory connect, PythonOptions options, std::string driver);

  semantic::Transport& get();

  /// The same as a function, for those that may not need it. This must outlive it.
  database::PythonSource source();

 private:
  TransportFactory connect_;
  PythonOptions options_;
  std::unique_ptr<semantic::Transport> transport_;
};

}  // namespace ktx::cli
