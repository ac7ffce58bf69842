#pragma once

namespace ktx::cli {

/// Everything that ktx does for a command line, to the end of the process. To be called first of all in
/// `main`: the startup report counts from here.
[[noreturn]] void run_and_leave(int argc, char** argv);

}  // namespace ktx::cli
