/* supervisor.c - see supervisor.h
 *
 *   STARTING --all forked--> RUNNING --TERM--> DRAINING --children gone--> exit
 *
 * A child that dies while RUNNING is started again, at once the first time and
 * with a growing pause when it keeps dying young.
 */
#include "proc/supervisor.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/shm.h"
#include "certs/hierarchy.h"
#include "certs/safe.h"
#include "cmd/cmd.h"
#include "policy/engine.h"
#include "policy/quota.h"
#include "proc/account.h"
#include "proc/control_proc.h"
#include "proc/doors.h"
#include "proc/signer.h"
#include "proc/worker.h"
#include "tls/session.h"
#include "tls/ticket.h"

enum {
	YOUNG_MS = 2000, /* dying before this is dying young */
	PAUSE_MAX_MS = 5000,
	SESSIONS = 8192,
	KEY_FILE = 64 << 10,
	START_US = 5000000, /* so long a start may take to go wrong */
	WHY = 4096,
};

enum role { ROLE_SIGNER, ROLE_CONTROL, ROLE_WORKER };

struct child {
	enum role role;
	uint32_t index; /* workers */
	pid_t pid;      /* 0: not running */
	uint64_t started;
	uint64_t start_at; /* when to start it again */
	uint32_t pause_ms;
};

/* Many fields: this is the process-wide set, handed down from here. */
struct supervisor {
	struct conf *conf;
	const char *path;
	struct engine *engine;
	struct shm *shm;
	uint32_t workers;
	struct doors doors;
	int signer_fds[SHM_WORKERS][2]; /* [0] signer's end, [1] worker's */
	int signer_control[2];          /* [0] signer's end, [1] ours */
	struct quota *quota;            /* these three lie in shm */
	struct session_block *sessions;
	struct ticket_block *tickets;
	struct child child[SHM_WORKERS + 2];
	uint32_t children;
	sigset_t signals;
	sigset_t before;
	bool draining;
	int status; /* what to exit with */
	uint64_t deadline;
};

static const char *role_name(enum role role)
{
	static const char *const name[] = { "signer", "control", "worker" };

	return name[role];
}

/* The key of samples and hashed masks outlives a restart, so that the same
 * secret is recognised again next week. */
static int open_hash_key(struct supervisor *s)
{
	unsigned char *key = s->shm->hash_key;
	char path[512];
	struct buf held;
	int err;

	snprintf(path, sizeof(path), "%s/hash.key", s->conf->state);
	buf_init(&held, KEY_FILE);
	if (!safe_exists(path)) {
		err = safe_create(path,
				  slice((char *)key, sizeof(s->shm->hash_key)),
				  0600);
	} else {
		err = safe_read(path, &held);
		if (err >= 0 && buf_len(&held) != sizeof(s->shm->hash_key))
			err = MG_EPROTO;
		if (err >= 0)
			memcpy(key, buf_slice(&held).at, buf_len(&held));
	}
	buf_wipe(&held);
	if (err < 0)
		log_error(LOG_PROC, "cannot use %s: %s", path,
			  mg_strerror(err));
	return err;
}

/* --- starting ------------------------------------------------------------- */

static int open_pairs(struct supervisor *s)
{
	for (uint32_t i = 0; i < s->workers; i++)
		if (signer_pair(s->signer_fds[i]) < 0)
			return MG_EIO;
	return signer_pair(s->signer_control);
}

static int run_worker(struct supervisor *s, uint32_t i)
{
	struct worker_start start = {
		.index = i,
		.conf = s->conf,
		.engine = s->engine,
		.shm = s->shm,
		.tls_fds = s->doors.tls[i],
		.tls_count = s->doors.tls_count,
		.plain_fds = s->doors.plain[i],
		.plain_count = s->doors.plain_count,
		.signer_fd = s->signer_fds[i][1],
		.quota = s->quota,
		.sessions = s->sessions,
		.tickets = s->tickets,
	};

	return worker_run(&start);
}

static int run_signer(struct supervisor *s)
{
	int fds[SHM_WORKERS];
	char ca[512], crl[600];

	for (uint32_t i = 0; i < s->workers; i++) {
		fds[i] = s->signer_fds[i][0];
		close(s->signer_fds[i][1]);
	}
	close(s->signer_control[1]);
	snprintf(ca, sizeof(ca), "%s/ca", s->conf->state);
	hierarchy_crl_url(ca, "inspection", crl, sizeof(crl));

	return signer_run(&(struct signer_setup){
		.ca_dir = ca,
		.crl_url = crl,
		.leaf_days = (uint32_t)s->conf->ca_leaf_days,
		.workers = fds,
		.worker_count = s->workers,
		.control = s->signer_control[0],
	});
}

static int run_child(struct supervisor *s, struct child *c)
{
	char name[32];

	snprintf(name, sizeof(name), c->role == ROLE_WORKER ? "%s%u" : "%s",
		 role_name(c->role), c->index);
	log_open((enum log_level)s->conf->log, strdup(name));
	switch (c->role) {
	case ROLE_SIGNER:
		doors_close_traffic(&s->doors);
		doors_close_control(&s->doors);
		return run_signer(s);
	case ROLE_CONTROL:
		doors_close_traffic(&s->doors);
		return control_run(s->conf, s->path, s->shm, s->doors.control);
	case ROLE_WORKER:
		doors_close_control(&s->doors);
		return run_worker(s, c->index);
	}
	return CMD_SOFTWARE;
}

static void note_pid(struct supervisor *s, const struct child *c)
{
	switch (c->role) {
	case ROLE_SIGNER:
		atomic_store(&s->shm->signer, c->pid);
		break;
	case ROLE_CONTROL:
		atomic_store(&s->shm->control, c->pid);
		break;
	case ROLE_WORKER:
		atomic_store(&s->shm->worker[c->index].pid, c->pid);
		break;
	}
}

static void start(struct supervisor *s, struct child *c)
{
	pid_t parent = getpid();
	pid_t pid = fork();

	if (pid < 0) {
		log_error(LOG_PROC, "cannot fork: %s", strerror(errno));
		c->start_at = clock_mono_us() + 1000000;
		return;
	}
	if (pid == 0) {
		sigprocmask(SIG_SETMASK, &s->before, NULL);
		account_tie(parent);
		_exit(run_child(s, c));
	}
	c->pid = pid;
	c->started = clock_mono_us();
	c->start_at = 0;
	note_pid(s, c);
}

static void start_all(struct supervisor *s)
{
	struct child *c = s->child;

	*c++ = (struct child){ .role = ROLE_SIGNER };
	*c++ = (struct child){ .role = ROLE_CONTROL };
	for (uint32_t i = 0; i < s->workers; i++)
		*c++ = (struct child){ .role = ROLE_WORKER, .index = i };
	s->children = (uint32_t)(c - s->child);
	for (uint32_t i = 0; i < s->children; i++)
		start(s, &s->child[i]);
}

/* --- watching ------------------------------------------------------------- */

static void tell_workers(struct supervisor *s, int signo)
{
	for (uint32_t i = 0; i < s->children; i++)
		if (s->child[i].role == ROLE_WORKER && s->child[i].pid)
			kill(s->child[i].pid, signo);
}

static struct child *child_of(struct supervisor *s, pid_t pid)
{
	for (uint32_t i = 0; i < s->children; i++)
		if (s->child[i].pid == pid)
			return &s->child[i];
	return NULL;
}

static void say_death(const struct child *c, int status)
{
	if (WIFSIGNALED(status))
		log_error(LOG_PROC, "%s %u (pid %d) was ended by signal %d",
			  role_name(c->role), c->index, (int)c->pid,
			  WTERMSIG(status));
	else
		log_error(LOG_PROC, "%s %u (pid %d) exited with %d",
			  role_name(c->role), c->index, (int)c->pid,
			  WEXITSTATUS(status));
}

static void drain(struct supervisor *s);

static void died(struct supervisor *s, struct child *c, int status)
{
	uint64_t age_ms = (clock_mono_us() - c->started) / 1000;

	bool asked = s->draining && WIFSIGNALED(status) &&
		     WTERMSIG(status) == SIGTERM;

	if (status && !asked)
		say_death(c, status);
	c->pid = 0;
	note_pid(s, c);
	if (s->draining)
		return;
	/* What is wrong from the start is not mended by trying again. */
	if (WIFEXITED(status) && WEXITSTATUS(status) == CMD_CONFIG &&
	    clock_now_us() - s->shm->started < START_US) {
		s->status = CMD_CONFIG;
		drain(s);
		return;
	}
	if (age_ms > YOUNG_MS)
		c->pause_ms = 0;
	else
		c->pause_ms = c->pause_ms ? c->pause_ms * 2 : 50;
	if (c->pause_ms > PAUSE_MAX_MS)
		c->pause_ms = PAUSE_MAX_MS;
	c->start_at = clock_mono_us() + c->pause_ms * 1000ull;
	if (c->role == ROLE_WORKER)
		atomic_fetch_add(&s->shm->worker[c->index].restarts, 1);
}

static void reap(struct supervisor *s)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		struct child *c = child_of(s, pid);

		if (c)
			died(s, c, status);
	}
	for (uint32_t i = 0; i < s->children && !s->draining; i++) {
		struct child *c = &s->child[i];

		if (!c->pid && clock_mono_us() >= c->start_at)
			start(s, c);
	}
}

/* --- reload and drain ----------------------------------------------------- */

static void refuse_reload(struct supervisor *s, const char *why)
{
	char *copy = strdup(why), *rest = copy, *line;

	size_t len = strnlen(why, sizeof(s->shm->why) - 1);

	memcpy(s->shm->why, why, len);
	s->shm->why[len] = '\0';
	atomic_fetch_add(&s->shm->reloads_failed, 1);
	while ((line = strsep(&rest, "\n")))
		if (*line)
			log_error(LOG_POLICY, "reload refused: %s", line);
	log_warn(LOG_POLICY, "the policies in use stay in use");
	free(copy);
}

static uint64_t note_generation(struct supervisor *s)
{
	struct generation *gen = engine_use(s->engine);
	uint64_t revision = generation_revision(gen);

	generation_done(gen);
	atomic_store(&s->shm->generation, revision);
	return revision;
}

static void reload_signer(struct supervisor *s)
{
	char ca[512], why[WHY];

	snprintf(ca, sizeof(ca), "%s/ca", s->conf->state);
	if (signer_reload(s->signer_control[1], ca, why, sizeof(why)) < 0)
		log_error(LOG_CERTS, "the signer keeps its CA: %s", why);
}

static void reload(struct supervisor *s)
{
	char why[WHY] = "";

	reload_signer(s);

	if (engine_reload(s->engine, why, sizeof(why)) < 0) {
		refuse_reload(s, why);
		return;
	}
	atomic_fetch_add(&s->shm->reloads, 1);
	log_info(LOG_POLICY, "reloaded: revision=%llu",
		 (unsigned long long)note_generation(s));
	tell_workers(s, SIGHUP);
}

static void drain(struct supervisor *s)
{
	if (s->draining)
		return;
	s->draining = true;
	s->deadline = clock_mono_us() + (s->conf->timeouts_drain + 2000) * 1000;
	atomic_store(&s->shm->draining, 1);
	log_info(LOG_PROC, "draining, at most %llu s",
		 (unsigned long long)s->conf->timeouts_drain / 1000);
	doors_close_traffic(&s->doors);
	tell_workers(s, SIGTERM);
}

static bool any_left(struct supervisor *s, enum role role)
{
	for (uint32_t i = 0; i < s->children; i++)
		if (s->child[i].role == role && s->child[i].pid)
			return true;
	return false;
}

static void end_role(struct supervisor *s, enum role role, int signo)
{
	for (uint32_t i = 0; i < s->children; i++)
		if (s->child[i].role == role && s->child[i].pid)
			kill(s->child[i].pid, signo);
}

/* Workers first, then the signer they ask, then control, which still has to
 * take in their last events. True when nobody is left. */
static bool drained(struct supervisor *s)
{
	bool late = clock_mono_us() > s->deadline;

	if (any_left(s, ROLE_WORKER)) {
		if (late)
			end_role(s, ROLE_WORKER, SIGKILL);
		return false;
	}
	if (any_left(s, ROLE_SIGNER))
		end_role(s, ROLE_SIGNER, late ? SIGKILL : SIGTERM);
	if (any_left(s, ROLE_CONTROL)) {
		end_role(s, ROLE_CONTROL, SIGTERM);
		if (clock_mono_us() > s->deadline + 5000000)
			end_role(s, ROLE_CONTROL, SIGKILL);
		return false;
	}
	return !any_left(s, ROLE_SIGNER);
}

static void watch(struct supervisor *s)
{
	for (;;) {
		struct timespec tick = { 0,
					 s->draining ? 20000000 : 200000000 };

		switch (sigtimedwait(&s->signals, NULL, &tick)) {
		case SIGHUP:
			reload(s);
			break;
		case SIGTERM:
		case SIGINT:
			drain(s);
			break;
		default: /* SIGCHLD, or the tick */
			break;
		}
		reap(s);
		if (s->draining && drained(s))
			return;
	}
}

int supervisor_run(struct conf *conf, const char *path)
{
	struct supervisor *s = calloc(1, sizeof(*s));
	char why[WHY] = "";

	if (!s)
		abort();
	s->conf = conf;
	s->path = path;
	s->workers = (uint32_t)conf->workers;
	if (!s->workers)
		s->workers = (uint32_t)sysconf(_SC_NPROCESSORS_ONLN);
	if (s->workers > SHM_WORKERS)
		s->workers = SHM_WORKERS;

	sigemptyset(&s->signals);
	sigaddset(&s->signals, SIGHUP);
	sigaddset(&s->signals, SIGTERM);
	sigaddset(&s->signals, SIGINT);
	sigaddset(&s->signals, SIGCHLD);
	sigprocmask(SIG_BLOCK, &s->signals, &s->before);
	signal(SIGPIPE, SIG_IGN);

	s->shm = shm_new(s->workers);
	if (!s->shm || doors_open(&s->doors, conf, s->workers) < 0 ||
	    open_pairs(s) < 0)
		return CMD_CANNOT;
	s->shm->supervisor = getpid();
	s->quota = quota_init(shm_quota(s->shm), SHM_QUOTA_BYTES);
	s->sessions = session_block_init(shm_sessions(s->shm), SESSIONS);
	s->tickets = ticket_block_init(shm_tickets(s->shm),
				       clock_now_us() / 1000000);
	if (account_drop(conf->user) < 0 || open_hash_key(s) < 0)
		return CMD_CANNOT;
	s->engine = engine_new(conf, why, sizeof(why));
	if (!s->engine) {
		fprintf(stderr, "%s\n", why);
		return CMD_CONFIG;
	}
	if (path)
		engine_follow(s->engine, path);
	note_generation(s);
	start_all(s);
	log_info(LOG_PROC,
		 "serving: %u workers, state in %s; SIGHUP reloads, "
		 "SIGTERM drains",
		 s->workers, conf->state);
	watch(s);
	log_info(LOG_PROC, "drained");
	int status = s->status;
	engine_free(s->engine);
	free(s);
	return status;
}
