/* confine.h - what a process may still ask the kernel for, once it has all it
 * needs.
 *
 *   signer   files and the sockets it holds; no new socket, no program
 *   control  files, and connections on the sockets it holds; no program
 *
 * Two fences: seccomp limits the calls, Landlock (where the kernel has it)
 * limits the files. A process that is taken over can use what it holds, and
 * nothing more. Workers are not confined here: LuaJIT, TLS and the resolver
 * leave too little to forbid.
 */
#pragma once

enum confine_role { CONFINE_SIGNER, CONFINE_CONTROL };

/* For good. Call it last, after every listener is bound. `read_only` and
 * `writable` name files and directories, with all below them; each list ends
 * with NULL, and names that do not exist are passed over. System libraries and
 * /etc stay readable. 0; MG_EIO, logged, when the kernel refuses what it
 * claims to have: the caller must not go on. A kernel without Landlock is not
 * an error. */
int confine(enum confine_role role, const char *const *read_only,
	    const char *const *writable);
