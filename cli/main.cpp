#include "ktx/commands/run.hpp"

int main(int argc, char** argv) { ktx::cli::run_and_leave(argc, argv); }
