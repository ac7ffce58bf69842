/* What glibc offers only since a version above the floor, by means that older ones have too. Linked into what is
 * packaged, together with the stubs of glibc_stubs.py. Nothing here is exported. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>

#define HIDDEN __attribute__((visibility("hidden")))

/* Since 2.33 these are exported; before, each program held a copy that calls the functions below. */
extern int __xstat(int version, const char* path, struct stat* result);
extern int __lxstat(int version, const char* path, struct stat* result);
extern int __fxstat(int version, int file, struct stat* result);
extern int __fxstatat(int version, int folder, const char* path, struct stat* result, int flags);

enum { stat_version = 1 }; /* of x86-64 */

HIDDEN int stat(const char* restrict path, struct stat* restrict result) { return __xstat(stat_version, path, result); }
HIDDEN int lstat(const char* restrict path, struct stat* restrict result) { return __lxstat(stat_version, path, result); }
HIDDEN int fstat(int file, struct stat* result) { return __fxstat(stat_version, file, result); }
HIDDEN int fstatat(int folder, const char* restrict path, struct stat* restrict result, int flags) {
  return __fxstatat(stat_version, folder, path, result, flags);
}

/* On x86-64 the two structures are one. */
HIDDEN int stat64(const char* restrict path, struct stat64* restrict result) { return stat(path, (struct stat*)result); }
HIDDEN int lstat64(const char* restrict path, struct stat64* restrict result) { return lstat(path, (struct stat*)result); }
HIDDEN int fstat64(int file, struct stat64* result) { return fstat(file, (struct stat*)result); }
HIDDEN int fstatat64(int folder, const char* restrict path, struct stat64* restrict result, int flags) {
  return fstatat(folder, path, (struct stat*)result, flags);
}

/* Since 2.32. Never "single", so libstdc++ always counts references atomically, which is right everywhere. */
HIDDEN char __libc_single_threaded = 0;

/* Since 2.32. The older name of its table. */
extern const char* const sys_sigabbrev[];
enum { signals = 65 };
HIDDEN const char* sigabbrev_np(int number) {
  return number >= 0 && number < signals ? sys_sigabbrev[number] : NULL;
}

/* Since 2.30; a condition variable that waits by the steady clock calls it. The older function knows the clock of the
 * day alone. Where that is set meanwhile, it returns too early or too late, which libstdc++ looks at the clock for. */
HIDDEN int pthread_cond_clockwait(pthread_cond_t* restrict condition, pthread_mutex_t* restrict mutex, clockid_t clock,
                                  const struct timespec* restrict until) {
  enum { second = 1000000000 };
  struct timespec now, day;
  if (clock_gettime(clock, &now) != 0 || clock_gettime(CLOCK_REALTIME, &day) != 0) return EINVAL;
  day.tv_sec += until->tv_sec - now.tv_sec;
  day.tv_nsec += until->tv_nsec - now.tv_nsec;
  if (day.tv_nsec < 0) {
    day.tv_nsec += second;
    day.tv_sec -= 1;
  } else if (day.tv_nsec >= second) {
    day.tv_nsec -= second;
    day.tv_sec += 1;
  }
  return pthread_cond_timedwait(condition, mutex, &day);
}

/* Since 2.36; std::random_device asks it. */
HIDDEN uint32_t arc4random(void) {
  uint32_t number;
  if (getrandom(&number, sizeof number, 0) != sizeof number) abort(); /* so short a read is never interrupted */
  return number;
}

/* Since 2.35; what throws exceptions finds the tables of a frame by it. */
struct search {
  ElfW(Addr) address;
  struct dl_find_object* result;
};

static int holds(const struct dl_phdr_info* object, const ElfW(Phdr) * part, ElfW(Addr) address) {
  const ElfW(Addr) start = object->dlpi_addr + part->p_vaddr;
  return part->p_type == PT_LOAD && address >= start && address - start < part->p_memsz;
}

static int look_into(struct dl_phdr_info* object, size_t size, void* data) {
  (void)size;
  struct search* search = data;
  const ElfW(Phdr)* tables = NULL;
  int found = 0;
  for (const ElfW(Phdr)* part = object->dlpi_phdr; part != object->dlpi_phdr + object->dlpi_phnum; ++part) {
    if (part->p_type == PT_GNU_EH_FRAME) tables = part;
    if (!holds(object, part, search->address)) continue;
    found = 1;
    search->result->dlfo_map_start = (void*)(object->dlpi_addr + part->p_vaddr);
    search->result->dlfo_map_end = (char*)search->result->dlfo_map_start + part->p_memsz;
  }
  if (!found || tables == NULL) return found ? -1 : 0;
  search->result->dlfo_flags = 0;
  search->result->dlfo_link_map = NULL; /* nobody here asks for it */
  search->result->dlfo_eh_frame = (void*)(object->dlpi_addr + tables->p_vaddr);
  return 1;
}

HIDDEN int _dl_find_object(void* address, struct dl_find_object* result) {
  struct search search = {(ElfW(Addr))address, result};
  return dl_iterate_phdr(look_into, &search) == 1 ? 0 : -1;
}
