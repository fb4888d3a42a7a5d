/* account.c - see account.h */
#include "proc/account.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "abi/mg.h"
#include "base/log.h"

int account_drop(const char *user)
{
	if (geteuid() != 0 || !*user)
		return MG_OK;

	struct passwd *pw = getpwnam(user);
	if (!pw) {
		log_error(LOG_PROC,
			  "user '%s' does not exist: create it, or "
			  "change `user` in moongate.lua",
			  user);
		return MG_EIO;
	}
	if (initgroups(user, pw->pw_gid) || setgid(pw->pw_gid) ||
	    setuid(pw->pw_uid)) {
		log_error(LOG_PROC, "cannot become '%s': %s", user,
			  strerror(errno));
		return MG_EIO;
	}
	return MG_OK;
}

void account_tie(pid_t parent)
{
	struct rlimit none = { 0, 0 };

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	/* Prompts and keys live here: not for core files, not for ptrace. */
	prctl(PR_SET_DUMPABLE, 0);
	setrlimit(RLIMIT_CORE, &none);
	if (getppid() != parent)
		_exit(0);
}
