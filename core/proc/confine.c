/* confine.c - see confine.h */
#include "proc/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/log.h"
#include "base/slice.h"

/* By name: what a C library calls differs from one version to the next, and a
 * name that this architecture does not have is passed over. */
static const char *const anyone[] = {
	/* memory */
	"brk", "mmap", "munmap", "mremap", "mprotect", "madvise",
	/* life, time, signals */
	"exit", "exit_group", "restart_syscall", "futex", "rseq", "getpid",
	"gettid", "getppid", "getuid", "geteuid", "getgid", "getegid", "tgkill",
	"rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "rt_sigtimedwait",
	"sigaltstack", "signalfd4", "kill", "prctl", "arch_prctl", "getrandom",
	"clock_gettime", "clock_getres", "gettimeofday", "time", "nanosleep",
	"clock_nanosleep", "sched_yield", "sched_getaffinity", "getrusage",
	"prlimit64", "getrlimit", "set_robust_list", "uname", "sysinfo",
	/* waiting */
	"epoll_create1", "epoll_ctl", "epoll_wait", "epoll_pwait",
	"epoll_pwait2", "poll", "ppoll", "select", "pselect6", "eventfd2",
	"timerfd_create", "timerfd_settime", "pipe2",
	/* bytes over what is held */
	"read", "readv", "pread64", "write", "writev", "pwrite64", "close",
	"close_range", "dup", "dup2", "dup3", "fcntl", "ioctl", "lseek",
	"sendto", "sendmsg", "sendmmsg", "recvfrom", "recvmsg", "recvmmsg",
	"shutdown", "getsockopt", "setsockopt", "getsockname", "getpeername",
	/* files */
	"open", "openat", "openat2", "creat", "stat", "fstat", "lstat",
	"newfstatat", "statx", "statfs", "fstatfs", "access", "faccessat",
	"faccessat2", "getdents64", "getcwd", "readlink", "readlinkat", "mkdir",
	"mkdirat", "rmdir", "unlink", "unlinkat", "rename", "renameat",
	"renameat2", "link", "linkat", "fsync", "fdatasync", "ftruncate",
	"fallocate", "fadvise64", "flock", "fchmod", "fchmodat", "fchown",
	"utimensat", "umask", NULL
};

static const char *const control_too[] = { "accept", "accept4", "listen",
					   NULL };

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
/* The leak checker looks at us through a clone of ourselves. */
static const char *const tests_too[] = { "clone", "clone3",      "ptrace",
					 "wait4", "personality", NULL };
#else
static const char *const tests_too[] = { NULL };
#endif

static int allow(scmp_filter_ctx filter, const char *const *names)
{
	for (; *names; names++) {
		int number = seccomp_syscall_resolve_name(*names);
		if (number == __NR_SCMP_ERROR)
			continue;
		if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, number, 0) < 0)
			return MG_EIO;
	}
	return MG_OK;
}

static int limit_calls(enum confine_role role)
{
	/* EPERM and not a kill: a library that probes may still fall back. */
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int err;

	if (!filter)
		return MG_EIO;
	err = allow(filter, anyone);
	if (err == MG_OK && role == CONFINE_CONTROL)
		err = allow(filter, control_too);
	if (err == MG_OK)
		err = allow(filter, tests_too);
	if (err == MG_OK && seccomp_load(filter) < 0)
		err = MG_EIO;
	seccomp_release(filter);
	return err;
}

static const uint64_t reading =
	LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
static const uint64_t changing =
	LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
	LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_DIR |
	LANDLOCK_ACCESS_FS_MAKE_REG;

/* Rights that only directories can have are dropped for files. */
static int open_below(int rules, const char *path, uint64_t rights)
{
	struct landlock_path_beneath_attr below = { .allowed_access = rights };
	struct stat st;

	below.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (below.parent_fd < 0)
		return MG_OK;
	if (fstat(below.parent_fd, &st) == 0 && !S_ISDIR(st.st_mode))
		below.allowed_access &= LANDLOCK_ACCESS_FS_READ_FILE |
					LANDLOCK_ACCESS_FS_WRITE_FILE;
	long err = syscall(SYS_landlock_add_rule, rules,
			   LANDLOCK_RULE_PATH_BENEATH, &below, 0);
	close(below.parent_fd);
	return err < 0 ? MG_EIO : MG_OK;
}

static int open_list(int rules, const char *const *paths, uint64_t rights)
{
	for (; paths && *paths; paths++)
		if (open_below(rules, *paths, rights) < 0)
			return MG_EIO;
	return MG_OK;
}

static int limit_files(const char *const *read_only,
		       const char *const *writable)
{
	static const char *const system[] = { "/usr",  "/lib", "/lib64", "/etc",
					      "/proc", "/dev", NULL };
	struct landlock_ruleset_attr all = {
		.handled_access_fs = reading | changing |
				     LANDLOCK_ACCESS_FS_EXECUTE |
				     LANDLOCK_ACCESS_FS_MAKE_CHAR |
				     LANDLOCK_ACCESS_FS_MAKE_SOCK |
				     LANDLOCK_ACCESS_FS_MAKE_FIFO |
				     LANDLOCK_ACCESS_FS_MAKE_BLOCK |
				     LANDLOCK_ACCESS_FS_MAKE_SYM,
	};
	long rules = syscall(SYS_landlock_create_ruleset, &all, sizeof(all), 0);

	if (rules < 0) {
		log_debug(LOG_PROC, "no Landlock here: %s", strerror(errno));
		return MG_OK;
	}
	int err = open_list((int)rules, system, reading);
	if (err == MG_OK)
		err = open_list((int)rules, read_only, reading);
	if (err == MG_OK)
		err = open_list((int)rules, writable, reading | changing);
	if (err == MG_OK && syscall(SYS_landlock_restrict_self, rules, 0) < 0)
		err = MG_EIO;
	close((int)rules);
	return err;
}

int confine(enum confine_role role, const char *const *read_only,
	    const char *const *writable)
{
	struct rlimit none = { 0, 0 };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 ||
	    setrlimit(RLIMIT_CORE, &none) < 0 ||
	    limit_files(read_only, writable) < 0 || limit_calls(role) < 0) {
		log_error(LOG_PROC, "the kernel refuses to confine us: %s",
			  strerror(errno));
		return MG_EIO;
	}
	return MG_OK;
}
