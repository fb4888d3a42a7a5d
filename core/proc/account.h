/* account.h - giving up what a process does not need: the root account, core
 * files, new privileges, and life after its parent. */
#pragma once
#include <sys/types.h>

/* Becomes `user` for good, when started as root and `user` is not empty. 0, or
 * MG_EIO with a line in the log. */
int account_drop(const char *user);

/* For a child: ends when `parent` ends; no core files, no new privileges. */
void account_tie(pid_t parent);
