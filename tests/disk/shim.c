/* Stands between a program and its disk, for tests only (LD_PRELOAD).
 *
 * It does two things to files under CEREBRO_DISK_ROOT:
 *   - records what is done to them, in order, in CEREBRO_DISK_TRACE: tests/support/powercut.rs rebuilds from that the
 *     disk as a power cut would leave it;
 *   - makes operations fail as the shared page CEREBRO_DISK_FAULTS says at that moment: tests/support/disk.rs writes it.
 *
 * A record is: length of what follows (u32), kind (u8), then fields (little endian, u64 unless said), then bytes.
 *   'O' open      inode, created (u8), truncated (u8), mode (u32), path
 *   'W' write     inode, offset, data
 *   'T' truncate  inode, size
 *   'M' mode      inode, mode (u32)
 *   'B' a sync begins  inode, number      what was written before this record is to be durable ...
 *   'E' a sync ends    inode, number, failed (u8)   ... once this one says that it did not fail
 *   'D' mkdir     inode, mode (u32), path
 *   'R' rename    from, 0, to
 *   'U' unlink or rmdir  path
 *   'K' mark      the first line of a reply that starts with "250 ", recorded BEFORE it is sent
 *
 * One lock is held around an operation and its record, so that the order of records is the order of what happened. A
 * sync is not under the lock: other threads go on meanwhile, as they do on a real disk. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define FILES_MAX 65536
#define REAL(name) ((__typeof__(&name))real(#name))

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char root[PATH_MAX];
static size_t root_length;
static int trace = -1;
static volatile char *faults;
static uint64_t syncs;
/* The path of each open file under the root; NULL for every other descriptor. */
static char *names[FILES_MAX];

static void *real(const char *name) {
  void *found = dlsym(RTLD_NEXT, name);
  if (!found) { dprintf(2, "shim: no %s\n", name); abort(); }
  return found;
}

__attribute__((constructor)) static void begin(void) {
  const char *where = getenv("CEREBRO_DISK_ROOT"), *to = getenv("CEREBRO_DISK_TRACE"), *page = getenv("CEREBRO_DISK_FAULTS");
  if (!where || strlen(where) >= sizeof root) return;
  strcpy(root, where);
  root_length = strlen(root);
  if (to) trace = REAL(open)(to, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (page) {
    int file = REAL(open)(page, O_RDONLY | O_CLOEXEC);
    void *mapped = file < 0 ? MAP_FAILED : mmap(NULL, 4096, PROT_READ, MAP_SHARED, file, 0);
    if (mapped != MAP_FAILED) faults = mapped;
  }
}

/* ---- records ------------------------------------------------------------------------------------------------- */

struct record { unsigned char head[64]; size_t used; };

static void put(struct record *record, uint64_t value, size_t bytes) {
  for (size_t at = 0; at < bytes; at++) record->head[record->used++] = (unsigned char)(value >> (8 * at));
}

static struct record record_of(char kind) {
  struct record record = {.used = 4};
  put(&record, (unsigned char)kind, 1);
  return record;
}

/* A trace that cannot be kept proves nothing: stop at once. */
static void keep(struct record *record, const void *bytes, size_t count) {
  if (trace < 0) return;
  uint64_t length = record->used - 4 + count;
  for (size_t at = 0; at < 4; at++) record->head[at] = (unsigned char)(length >> (8 * at));
  struct iovec parts[2] = {{record->head, record->used}, {(void *)bytes, count}};
  ssize_t written = syscall(SYS_writev, trace, parts, 2);
  if (written != (ssize_t)(record->used + count)) { dprintf(2, "shim: the trace cannot be written\n"); abort(); }
}

/* ---- which files --------------------------------------------------------------------------------------------- */

/* The absolute path of `path`, if it is under the root. The lock files of SQLite's shared memory are not kept: they are
 * mapped, and no power cut leaves them. */
static int ours(int directory, const char *path, char *out) {
  if (!root_length || !path) return 0;
  if (path[0] == '/') {
    if (strlen(path) >= PATH_MAX) return 0;
    strcpy(out, path);
  } else {
    char base[PATH_MAX], link[64];
    if (directory == AT_FDCWD) {
      if (!getcwd(base, sizeof base)) return 0;
    } else {
      snprintf(link, sizeof link, "/proc/self/fd/%d", directory);
      ssize_t length = readlink(link, base, sizeof base - 1);
      if (length < 0) return 0;
      base[length] = 0;
    }
    if (snprintf(out, PATH_MAX, "%s/%s", base, path) >= PATH_MAX) return 0;
  }
  size_t length = strlen(out);
  while (length > 1 && out[length - 1] == '/') out[--length] = 0;
  if (length > 4 && !strcmp(out + length - 4, "-shm")) return 0;
  return !strncmp(out, root, root_length) && (out[root_length] == '/' || !out[root_length]);
}

static const char *name_of(int file) {
  return file >= 0 && file < FILES_MAX ? names[file] : NULL;
}

static uint64_t inode_of(int file) {
  struct stat status;
  return fstat(file, &status) ? 0 : status.st_ino;
}

/* ---- faults --------------------------------------------------------------------------------------------------- */

/* `pattern` is in the path, or at its end where it ends with `$`. */
static int concerns(const char *pattern, const char *path) {
  size_t length = strlen(pattern), whole = strlen(path);
  if (!length || pattern[length - 1] != '$') return strstr(path, pattern) != NULL;
  return whole >= length - 1 && !strncmp(path + whole - (length - 1), pattern, length - 1);
}

/* The page holds lines `operation error persists pattern`: the operation (write, sync, syncdir, open, rename, mkdir,
 * truncate) on a path that the pattern concerns fails with the error; with `persists` 1 it is done all the same. */
static int fault(const char *operation, const char *path, int *persists) {
  *persists = 0;
  if (!faults || !faults[0] || !path) return 0;
  char page[4096];
  memcpy(page, (const void *)faults, sizeof page);
  page[sizeof page - 1] = 0;
  for (char *rest = page, *line; (line = strsep(&rest, "\n")) && *line;) {
    char wanted[16], pattern[256];
    int error, does;
    if (sscanf(line, "%15s %d %d %255s", wanted, &error, &does, pattern) != 4) continue;
    if (!strcmp(wanted, operation) && concerns(pattern, path)) {
      *persists = does;
      return error;
    }
  }
  return 0;
}

/* ---- opening and closing --------------------------------------------------------------------------------------- */

static int open_any(int directory, const char *path, int flags, mode_t mode) {
  char whole[PATH_MAX];
  if (!ours(directory, path, whole)) return REAL(openat)(directory, path, flags, mode);
  pthread_mutex_lock(&lock);
  struct stat before;
  int existed = !lstat(whole, &before), persists, error = 0;
  if ((flags & O_CREAT) && !existed) error = fault("open", whole, &persists);
  int file = error ? -1 : REAL(openat)(directory, path, flags, mode);
  if (error) errno = error;
  if (file >= 0 && file < FILES_MAX) {
    free(names[file]);
    names[file] = strdup(whole);
    struct record record = record_of('O');
    put(&record, inode_of(file), 8);
    put(&record, (flags & O_CREAT) && !existed, 1);
    put(&record, (flags & O_TRUNC) && existed, 1);
    struct stat now;
    put(&record, fstat(file, &now) ? 0 : now.st_mode & 07777, 4);
    keep(&record, whole, strlen(whole));
  }
  int kept = errno;
  pthread_mutex_unlock(&lock);
  errno = kept;
  return file;
}

#define MODE_OF(flags)                                                                                                   \
  mode_t mode = 0;                                                                                                       \
  if ((flags) & (O_CREAT | __O_TMPFILE)) { va_list more; va_start(more, flags); mode = va_arg(more, mode_t); va_end(more); }

int open(const char *path, int flags, ...) { MODE_OF(flags) return open_any(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE_OF(flags) return open_any(AT_FDCWD, path, flags | O_LARGEFILE, mode); }
int openat(int at, const char *path, int flags, ...) { MODE_OF(flags) return open_any(at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { MODE_OF(flags) return open_any(at, path, flags | O_LARGEFILE, mode); }
int creat(const char *path, mode_t mode) { return open_any(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char *path, mode_t mode) { return creat(path, mode); }

int close(int file) {
  if (!name_of(file)) return REAL(close)(file);
  pthread_mutex_lock(&lock);
  free(names[file]);
  names[file] = NULL;
  int done = REAL(close)(file);
  pthread_mutex_unlock(&lock);
  return done;
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */

static void mark(int file, const void *bytes, size_t count) {
  if (trace < 0 || count < 4 || memcmp(bytes, "250 ", 4)) return;
  struct stat status;
  if (fstat(file, &status) || !S_ISSOCK(status.st_mode)) return;
  const char *end = memchr(bytes, '\r', count);
  pthread_mutex_lock(&lock);
  struct record record = record_of('K');
  keep(&record, bytes, end ? (size_t)(end - (const char *)bytes) : count);
  pthread_mutex_unlock(&lock);
}

/* offset -1: where the file stands. */
static ssize_t write_any(int file, const void *bytes, size_t count, off64_t offset) {
  pthread_mutex_lock(&lock);
  int persists, error = fault("write", name_of(file), &persists);
  off64_t at = offset;
  if (at < 0) {
    struct stat status;
    int append = fcntl(file, F_GETFL) & O_APPEND;
    at = append && !fstat(file, &status) ? status.st_size : lseek64(file, 0, SEEK_CUR);
  }
  ssize_t written = -1;
  if (!error || persists) written = offset < 0 ? REAL(write)(file, bytes, count) : REAL(pwrite64)(file, bytes, count, offset);
  int kept = errno;
  if (written > 0) {
    struct record record = record_of('W');
    put(&record, inode_of(file), 8);
    put(&record, (uint64_t)at, 8);
    keep(&record, bytes, (size_t)written);
  }
  pthread_mutex_unlock(&lock);
  errno = error ? error : kept;
  return error ? -1 : written;
}

ssize_t write(int file, const void *bytes, size_t count) {
  if (name_of(file)) return write_any(file, bytes, count, -1);
  mark(file, bytes, count);
  return REAL(write)(file, bytes, count);
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t offset) {
  return name_of(file) ? write_any(file, bytes, count, offset) : REAL(pwrite64)(file, bytes, count, offset);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) { return pwrite64(file, bytes, count, offset); }

/* A short write is allowed: the first part alone is enough. */
ssize_t writev(int file, const struct iovec *parts, int count) {
  if (name_of(file)) {
    for (int at = 0; at < count; at++)
      if (parts[at].iov_len) return write_any(file, parts[at].iov_base, parts[at].iov_len, -1);
    return 0;
  }
  if (count > 0) mark(file, parts[0].iov_base, parts[0].iov_len);
  return REAL(writev)(file, parts, count);
}

ssize_t send(int file, const void *bytes, size_t count, int flags) {
  mark(file, bytes, count);
  return REAL(send)(file, bytes, count, flags);
}

int ftruncate64(int file, off64_t size) {
  if (!name_of(file)) return REAL(ftruncate64)(file, size);
  pthread_mutex_lock(&lock);
  int persists, error = fault("truncate", name_of(file), &persists);
  int done = error && !persists ? -1 : REAL(ftruncate64)(file, size);
  int kept = error ? error : errno;
  if (!done) {
    struct record record = record_of('T');
    put(&record, inode_of(file), 8);
    put(&record, (uint64_t)size, 8);
    keep(&record, NULL, 0);
  }
  pthread_mutex_unlock(&lock);
  errno = kept;
  return error ? -1 : done;
}

int ftruncate(int file, off_t size) { return ftruncate64(file, size); }

/* ---- making durable ---------------------------------------------------------------------------------------------- */

static int sync_any(int file, int (*how)(int)) {
  const char *name = name_of(file);
  if (!name) return how(file);
  struct stat status;
  int is_directory = !fstat(file, &status) && S_ISDIR(status.st_mode), persists;
  pthread_mutex_lock(&lock);
  int error = fault(is_directory ? "syncdir" : "sync", name, &persists);
  uint64_t number = ++syncs;
  struct record begins = record_of('B');
  put(&begins, status.st_ino, 8);
  put(&begins, number, 8);
  keep(&begins, NULL, 0);
  pthread_mutex_unlock(&lock);
  int done = error && !persists ? -1 : how(file);
  int kept = error ? error : errno;
  pthread_mutex_lock(&lock);
  struct record ends = record_of('E');
  put(&ends, status.st_ino, 8);
  put(&ends, number, 8);
  put(&ends, done != 0, 1);
  keep(&ends, NULL, 0);
  pthread_mutex_unlock(&lock);
  errno = kept;
  return error ? -1 : done;
}

int fsync(int file) { return sync_any(file, REAL(fsync)); }
int fdatasync(int file) { return sync_any(file, REAL(fdatasync)); }

/* ---- names --------------------------------------------------------------------------------------------------------- */

static int rename_any(int from_at, const char *from, int to_at, const char *to) {
  char source[PATH_MAX], target[PATH_MAX];
  if (!ours(from_at, from, source) || !ours(to_at, to, target)) return REAL(renameat)(from_at, from, to_at, to);
  pthread_mutex_lock(&lock);
  int persists, error = fault("rename", target, &persists);
  int done = error && !persists ? -1 : REAL(renameat)(from_at, from, to_at, to);
  int kept = error ? error : errno;
  if (!done) {
    char both[2 * PATH_MAX];
    size_t first = strlen(source) + 1, second = strlen(target);
    memcpy(both, source, first);
    memcpy(both + first, target, second);
    struct record record = record_of('R');
    keep(&record, both, first + second);
  }
  pthread_mutex_unlock(&lock);
  errno = kept;
  return error ? -1 : done;
}

int rename(const char *from, const char *to) { return rename_any(AT_FDCWD, from, AT_FDCWD, to); }
int renameat(int from_at, const char *from, int to_at, const char *to) { return rename_any(from_at, from, to_at, to); }

static int unlink_any(int at, const char *path, int flags) {
  char whole[PATH_MAX];
  if (!ours(at, path, whole)) return REAL(unlinkat)(at, path, flags);
  pthread_mutex_lock(&lock);
  int done = REAL(unlinkat)(at, path, flags), kept = errno;
  if (!done) {
    struct record record = record_of('U');
    keep(&record, whole, strlen(whole));
  }
  pthread_mutex_unlock(&lock);
  errno = kept;
  return done;
}

int unlink(const char *path) { return unlink_any(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return unlink_any(AT_FDCWD, path, AT_REMOVEDIR); }
int unlinkat(int at, const char *path, int flags) { return unlink_any(at, path, flags); }

static int mkdir_any(int at, const char *path, mode_t mode) {
  char whole[PATH_MAX];
  if (!ours(at, path, whole)) return REAL(mkdirat)(at, path, mode);
  pthread_mutex_lock(&lock);
  int persists, error = fault("mkdir", whole, &persists);
  int done = error && !persists ? -1 : REAL(mkdirat)(at, path, mode);
  int kept = error ? error : errno;
  struct stat status;
  if (!done && !lstat(whole, &status)) {
    struct record record = record_of('D');
    put(&record, status.st_ino, 8);
    put(&record, status.st_mode & 07777, 4);
    keep(&record, whole, strlen(whole));
  }
  pthread_mutex_unlock(&lock);
  errno = kept;
  return error ? -1 : done;
}

int mkdir(const char *path, mode_t mode) { return mkdir_any(AT_FDCWD, path, mode); }
int mkdirat(int at, const char *path, mode_t mode) { return mkdir_any(at, path, mode); }

static void record_mode(const char *path) {
  char whole[PATH_MAX];
  struct stat status;
  if (!ours(AT_FDCWD, path, whole) || lstat(whole, &status)) return;
  pthread_mutex_lock(&lock);
  struct record record = record_of('M');
  put(&record, status.st_ino, 8);
  put(&record, status.st_mode & 07777, 4);
  keep(&record, NULL, 0);
  pthread_mutex_unlock(&lock);
}

int chmod(const char *path, mode_t mode) {
  int done = REAL(chmod)(path, mode), kept = errno;
  if (!done) record_mode(path);
  errno = kept;
  return done;
}

int fchmod(int file, mode_t mode) {
  int done = REAL(fchmod)(file, mode), kept = errno;
  if (!done && name_of(file)) record_mode(name_of(file));
  errno = kept;
  return done;
}
