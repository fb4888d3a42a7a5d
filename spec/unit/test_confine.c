/* test_confine.c - what a confined process can still do, and what not. Each
 * case runs in a child: there is no way back. */
#include "proc/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

static char dir[64];

/* The number `act` returns in a confined child, or -1. */
static int confined(enum confine_role role, int (*act)(void))
{
	const char *writable[] = { dir, NULL };
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		int err = confine(role, NULL, writable);
		_exit(err < 0 ? 99 : act());
	}
	if (waitpid(pid, &status, 0) < 0 || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

static int writes_below(void)
{
	char path[80];

	snprintf(path, sizeof(path), "%s/file", dir);
	int fd = open(path, O_RDWR | O_CREAT, 0600);
	return fd >= 0 && write(fd, "x", 1) == 1 && fsync(fd) == 0 &&
	       unlink(path) == 0;
}

static int opens_a_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) >= 0;
}

static int runs_a_program(void)
{
	execl("/bin/true", "true", (char *)NULL);
	return errno == EPERM || errno == EACCES ? 7 : 8;
}

static int may_dump_core(void)
{
	return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0 ||
	       prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1;
}

static int talks_over_what_it_holds(void)
{
	int pair[2];
	char c = 0;

	/* Made before, in real life; a pipe stands for it here. */
	return pipe2(pair, 0) == 0 && write(pair[1], "x", 1) == 1 &&
	       read(pair[0], &c, 1) == 1 && c == 'x';
}

static bool kernel_has_landlock(void)
{
	return syscall(SYS_landlock_create_ruleset, NULL, 0,
		       LANDLOCK_CREATE_RULESET_VERSION) > 0;
}

static char other[80]; /* a file beside the directory */

static int reads_beside(void)
{
	return open(other, O_RDONLY) >= 0 || open("/etc/passwd", O_RDWR) >= 0;
}

static int reads_the_system(void)
{
	return open("/etc/passwd", O_RDONLY) >= 0;
}

static int accepts(void)
{
	/* Refused for what it is called on, not for being called. */
	return accept(0, NULL, NULL) < 0 && errno != EPERM;
}

int main(void)
{
	static const enum confine_role roles[] = { CONFINE_SIGNER,
						   CONFINE_CONTROL };

	snprintf(dir, sizeof(dir), "/tmp/moongate-confine-XXXXXX");
	if (!mkdtemp(dir))
		return 1;
	snprintf(other, sizeof(other), "%s.beside", dir);
	close(open(other, O_CREAT | O_WRONLY, 0600));
	for (int i = 0; i < 2; i++) {
		OK(confined(roles[i], writes_below) == 1);
		OK(confined(roles[i], opens_a_socket) == 0);
		OK(confined(roles[i], runs_a_program) == 7);
		OK(confined(roles[i], may_dump_core) == 0);
		OK(confined(roles[i], talks_over_what_it_holds) == 1);
		OK(confined(roles[i], reads_the_system) == 1);
		if (kernel_has_landlock())
			OK(confined(roles[i], reads_beside) == 0);
	}
	OK(confined(CONFINE_CONTROL, accepts) == 1);
	OK(confined(CONFINE_SIGNER, accepts) == 0);
	rmdir(dir);
	unlink(other);
	return test_done();
}
