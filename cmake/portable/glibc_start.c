/* Before 2.34 a program runs its constructors itself, by a function that it hands to __libc_start_main. The newer
 * start files hand it nothing, for newer glibcs run them; these still honour one that is handed over. Linked into
 * programs, not libraries, with --wrap=__libc_start_main. */
#include <stddef.h>

#define HIDDEN __attribute__((visibility("hidden")))

typedef int main_function(int, char**, char**);
typedef void constructor(int, char**, char**);
typedef void plain_function(void);

extern void _init(void);
extern HIDDEN constructor* __init_array_start[];
extern HIDDEN constructor* __init_array_end[];

extern int __real___libc_start_main(main_function* main, int count, char** arguments, constructor* init,
                                    plain_function* fini, plain_function* loader_fini, void* stack_end);

static void run_constructors(int count, char** arguments, char** environment) {
  _init();
  for (constructor** next = __init_array_start; next != __init_array_end; ++next) (*next)(count, arguments, environment);
}

HIDDEN int __wrap___libc_start_main(main_function* main, int count, char** arguments, constructor* init,
                                    plain_function* fini, plain_function* loader_fini, void* stack_end) {
  return __real___libc_start_main(main, count, arguments, init != NULL ? init : run_constructors, fini, loader_fini,
                                  stack_end);
}
