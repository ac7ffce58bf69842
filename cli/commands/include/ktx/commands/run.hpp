#pragma once

namespace ktx::cli {

/// Runs ktx for a command line, and ends the process. Call it first of all in `main`: the startup report
/// counts from here.
[[noreturn]] void run_and_leave(int argc, char** argv);

}  // namespace ktx::cli
