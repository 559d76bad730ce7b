/*
 * Stands for the allocator that Electron puts in the place of malloc: an aligned request of 1 GiB or more, or any above
 * 2 145 386 496 bytes, ends the process with SIGTRAP; LAMINA_TRAP_ALIGNED sets another bound. Tells the largest request in LAMINA_TRAP_REPORT (8 bytes, little-endian).
 * Built and preloaded by memory-trap.test.ts; GNU libc only.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static int report = -1;
static _Atomic size_t most;
static size_t bound = 1u << 30;

__attribute__((constructor)) static void begin(void) {
  const char *path = getenv("LAMINA_TRAP_REPORT");
  const char *other = getenv("LAMINA_TRAP_ALIGNED");
  if (other) bound = strtoull(other, NULL, 10);
  if (path) report = open(path, O_WRONLY | O_CREAT, 0600);
}

static void note(size_t size, int aligned) {
  if (size > 2145386496u || (aligned && size >= bound)) raise(SIGTRAP);
  size_t seen = atomic_load(&most);
  while (size > seen && !atomic_compare_exchange_weak(&most, &seen, size)) {
  }
  if (size > seen && report >= 0) {
    uint64_t told = atomic_load(&most);
    if (pwrite(report, &told, sizeof told, 0) < 0) errno = 0;
  }
}

void *malloc(size_t size) {
  note(size, 0);
  return __libc_malloc(size);
}
void *calloc(size_t count, size_t size) {
  if (!size || count <= SIZE_MAX / size) note(count * size, 0);
  return __libc_calloc(count, size);
}
void *realloc(void *old, size_t size) {
  note(size, 0);
  return __libc_realloc(old, size);
}
void *memalign(size_t alignment, size_t size) {
  note(size, 1);
  return __libc_memalign(alignment, size);
}
void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }
int posix_memalign(void **out, size_t alignment, size_t size) {
  void *got = memalign(alignment, size);
  if (!got) return ENOMEM;
  *out = got;
  return 0;
}
