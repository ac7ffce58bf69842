// Runs a command and prints the KiB of memory that it had at most at once, as the kernel counted it.
// A program of its own, because a process begins its count with the memory of the one that started it:
// started from Python, nothing would ever need less than Python does.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <iostream>

int main(int count, char** arguments) {
  if (count < 2) return 64;
  const pid_t child = fork();
  if (child == 0) {
    execv(arguments[1], arguments + 1);
    _exit(127);
  }
  int status = 0;
  rusage usage{};
  if (child < 0 || wait4(child, &status, 0, &usage) != child) return 71;
  std::cerr << usage.ru_maxrss << '\n';
  return WIFEXITED(status) ? WEXITSTATUS(status) : 70;
}
