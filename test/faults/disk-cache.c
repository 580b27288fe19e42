/*
 * A disk with a volatile cache, for one folder of one process (LD_PRELOAD).
 *
 * Every write goes to the real file at once, as into a page cache. What is durable is kept aside, in DISK_SHADOW:
 *   inodes/N     the bytes of inode N as of its last fsync or fdatasync
 *   names/NAME   a hard link to one of them, as of the folder's last fsync
 * A name without an fsync of its folder, and bytes without an fsync of their file, are gone with the power.
 * fsync itself does nothing else: the shadow is the disk, so a cut needs no real one.
 *
 * DISK_FAULT: while a file of that name is there, fsync fails with EIO, and what it should have written counts as written, as on Linux.
 * DISK_FOLDER: the folder that is watched. Memory maps are not seen: SQLite maps only its -shm file, which is rebuilt.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

typedef struct { off_t from, to; } range;
typedef struct { ino_t ino; int is_folder; range *dirty; size_t count, room; } file;

static file files[256];
static size_t file_count;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static const char *folder, *shadow, *fault;

static int (*real_open)(const char *, int, ...);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_write)(int, const void *, size_t);
static int (*real_ftruncate)(int, off_t);
static int (*real_fsync)(int);

__attribute__((constructor)) static void start(void) {
  folder = getenv("DISK_FOLDER");
  shadow = getenv("DISK_SHADOW");
  fault = getenv("DISK_FAULT");
  real_open = dlsym(RTLD_NEXT, "open64");
  real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
  real_write = dlsym(RTLD_NEXT, "write");
  real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
  real_fsync = dlsym(RTLD_NEXT, "fsync");
}

/* A rig that cannot keep its shadow must not report that nothing was lost. */
static void fail(const char *what) {
  fprintf(stderr, "disk-cache: %s: %s\n", what, strerror(errno));
  abort();
}

static file *find(ino_t ino) {
  for (size_t i = 0; i < file_count; i++)
    if (files[i].ino == ino) return &files[i];
  return NULL;
}

static file *find_fd(int fd) {
  struct stat stats;
  if (folder == NULL || fd < 0 || file_count == 0 || fstat(fd, &stats) != 0) return NULL;
  if (!S_ISREG(stats.st_mode) && !S_ISDIR(stats.st_mode)) return NULL;
  return find(stats.st_ino);
}

static void path_of(char *path, size_t size, const char *kind, const char *name) {
  snprintf(path, size, "%s/%s/%s", shadow, kind, name);
}

static void path_of_inode(char *path, size_t size, ino_t ino) {
  char name[32];
  snprintf(name, sizeof name, "%llu", (unsigned long long)ino);
  path_of(path, size, "inodes", name);
}

static void add_range(file *f, off_t from, off_t to) {
  if (f->count > 0 && f->dirty[f->count - 1].to == from) {
    f->dirty[f->count - 1].to = to;
    return;
  }
  if (f->count == f->room) {
    f->room = f->room == 0 ? 64 : f->room * 2;
    f->dirty = realloc(f->dirty, f->room * sizeof(range));
    if (f->dirty == NULL) fail("realloc");
  }
  f->dirty[f->count++] = (range){from, to};
}

/* Is it the folder, or a file that stands in it? */
static int is_watched(const char *path) {
  size_t length = strlen(folder);
  if (strncmp(path, folder, length) != 0) return 0;
  return path[length] == '\0' || (path[length] == '/' && strchr(path + length + 1, '/') == NULL);
}

static int open_watched(const char *path, int flags, mode_t mode) {
  if (folder == NULL || !is_watched(path)) return real_open(path, flags, mode);
  pthread_mutex_lock(&mutex);
  int is_new = access(path, F_OK) != 0;
  int fd = real_open(path, flags, mode);
  struct stat stats;
  if (fd >= 0 && fstat(fd, &stats) == 0) {
    file *f = find(stats.st_ino);
    if (f == NULL) {
      if (file_count == sizeof files / sizeof *files) fail("too many files");
      f = &files[file_count++];
      *f = (file){.ino = stats.st_ino, .is_folder = S_ISDIR(stats.st_mode)};
    }
    if (is_new) {
      /* The number of a file that is gone: its bytes stay under its durable names only. */
      char path[4096];
      path_of_inode(path, sizeof path, stats.st_ino);
      unlink(path);
      f->count = 0;
    }
  }
  pthread_mutex_unlock(&mutex);
  return fd;
}

int open64(const char *path, int flags, ...) {
  va_list list;
  va_start(list, flags);
  mode_t mode = (flags & O_CREAT) ? va_arg(list, mode_t) : 0;
  va_end(list);
  return open_watched(path, flags, mode);
}

int open(const char *path, int flags, ...) {
  va_list list;
  va_start(list, flags);
  mode_t mode = (flags & O_CREAT) ? va_arg(list, mode_t) : 0;
  va_end(list);
  return open_watched(path, flags, mode);
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off_t at) {
  ssize_t written = real_pwrite(fd, bytes, size, at);
  if (written > 0) {
    pthread_mutex_lock(&mutex);
    file *f = find_fd(fd);
    if (f != NULL) add_range(f, at, at + written);
    pthread_mutex_unlock(&mutex);
  }
  return written;
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at) {
  return pwrite64(fd, bytes, size, at);
}

ssize_t write(int fd, const void *bytes, size_t size) {
  file *f = NULL;
  if (folder != NULL && file_count > 0) {
    pthread_mutex_lock(&mutex);
    f = find_fd(fd);
    pthread_mutex_unlock(&mutex);
  }
  if (f == NULL) return real_write(fd, bytes, size);
  off_t at = lseek(fd, 0, SEEK_CUR);
  ssize_t written = real_write(fd, bytes, size);
  if (written > 0) {
    pthread_mutex_lock(&mutex);
    add_range(f, at, at + written);
    pthread_mutex_unlock(&mutex);
  }
  return written;
}

/* Shorter at once in the file, and on the disk with the next fsync, which sets the size. */
int ftruncate64(int fd, off_t size) { return real_ftruncate(fd, size); }
int ftruncate(int fd, off_t size) { return real_ftruncate(fd, size); }

static void sync_file(int fd, file *f) {
  char path[4096], buffer[65536];
  path_of_inode(path, sizeof path, f->ino);
  int to = real_open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (to < 0) fail(path);
  for (size_t i = 0; i < f->count; i++) {
    for (off_t at = f->dirty[i].from; at < f->dirty[i].to;) {
      size_t size = sizeof buffer;
      if ((off_t)size > f->dirty[i].to - at) size = f->dirty[i].to - at;
      ssize_t got = pread(fd, buffer, size, at);
      if (got <= 0) break; /* Cut off meanwhile. */
      if (real_pwrite(to, buffer, got, at) != got) fail("shadow");
      at += got;
    }
  }
  struct stat stats;
  if (fstat(fd, &stats) != 0 || real_ftruncate(to, stats.st_size) != 0) fail("shadow size");
  f->count = 0;
  close(to);
}

/* Names become durable: new and renamed ones are linked, the others removed. */
static void sync_folder(void) {
  char path[4096], from[4096], draft[4096];
  DIR *real = opendir(folder);
  if (real == NULL) fail(folder);
  for (struct dirent *entry; (entry = readdir(real)) != NULL;) {
    if (entry->d_type != DT_REG) continue;
    path_of_inode(from, sizeof from, entry->d_ino);
    int fd = real_open(from, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) fail(from);
    close(fd);
    path_of(draft, sizeof draft, "names", ".draft");
    path_of(path, sizeof path, "names", entry->d_name);
    unlink(draft);
    if (link(from, draft) != 0 || rename(draft, path) != 0) fail(path);
    unlink(draft); /* rename does nothing where both are the same file. */
  }
  closedir(real);
  path_of(path, sizeof path, "names", "");
  DIR *durable = opendir(path);
  if (durable == NULL) fail(path);
  for (struct dirent *entry; (entry = readdir(durable)) != NULL;) {
    if (entry->d_type != DT_REG) continue;
    snprintf(from, sizeof from, "%s/%s", folder, entry->d_name);
    path_of(path, sizeof path, "names", entry->d_name);
    if (access(from, F_OK) != 0) unlink(path);
  }
  closedir(durable);
}

int fsync(int fd) {
  pthread_mutex_lock(&mutex);
  file *f = find_fd(fd);
  int fails = f != NULL && !f->is_folder && fault != NULL && access(fault, F_OK) == 0;
  if (fails) f->count = 0;
  else if (f != NULL && f->is_folder) sync_folder();
  else if (f != NULL) sync_file(fd, f);
  pthread_mutex_unlock(&mutex);
  if (fails) {
    errno = EIO;
    return -1;
  }
  return f == NULL ? real_fsync(fd) : 0;
}

int fdatasync(int fd) { return fsync(fd); }
