/* control_proc.c - see control_proc.h
 *
 *   STARTING --confined--> SERVING --SIGTERM--> EMPTYING --spools read--> exit
 *
 * Everything that needs a new socket or a program happens while STARTING.
 */
#include "proc/control_proc.h"

#include <errno.h>
#include <libgen.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/log.h"
#include "certs/identity.h"
#include "certs/safe.h"
#include "cmd/cmd.h"
#include "control/ingest.h"
#include "control/router.h"
#include "control/site.h"
#include "control/status.h"
#include "control/tally.h"
#include "event/sink_sqlite.h"
#include "io/sock.h"
#include "policy/engine.h"
#include "policy/engine_pac.h"
#include "proc/confine.h"

enum {
	INGEST_MS = 100,
	TICK_MS = 1000,
	TIDY_TICKS = 60,
	PAUSE_MAX = 50, /* ingest turns left out after failures */
	EMPTYING_US = 10 * 1000000,
	PAC_MAX = 1 << 20,
	CRL_MAX = 1 << 20,
	PATH = 512,
	WHY = 4096,
};

/* Many fields: everything that one process holds. */
struct control {
	const struct conf *conf;
	const char *path; /* borrows; NULL: settings never change */
	struct shm *shm;
	struct loop *loop;
	struct site *site;
	struct router router;
	struct sink *store;
	struct ingest *ingest;
	struct tally *tally;
	struct identity_table *identities;
	struct status status;
	struct buf pac[2];   /* for TLS, for plain; empty when not rendered */
	uint64_t pac_for;    /* reloads when they were rendered */
	uint32_t pause;      /* turns to leave out */
	uint32_t pause_next; /* after the next failure */
	uint32_t ticks;
	bool tidying;
	struct loop_task again;
};

static void path_of(const struct control *c, const char *name, char out[PATH])
{
	snprintf(out, PATH, "%s/%s", c->conf->state, name);
}

/* --- what the router asks
 * ------------------------------------------------------ */

static int give_pac(void *arg, struct mg_slice id, bool plain, struct buf *out)
{
	struct control *c = arg;
	const struct identity *who;

	identity_refresh(c->identities);
	who = identity_by_pac(c->identities, id);
	if (!who || who->status != IDENTITY_ACTIVE || !buf_len(&c->pac[plain]))
		return MG_EAGAIN;
	return buf_add(out, buf_slice(&c->pac[plain]));
}

static int give_file(const struct control *c, const char *name, struct buf *out)
{
	char path[PATH];

	path_of(c, name, path);
	return safe_read(path, out);
}

static int give_crl(void *arg, struct mg_slice name, struct buf *out)
{
	char file[64];

	/* The router lets lower-case letters through, 32 at most. */
	snprintf(file, sizeof(file), "ca/crl/%.*s.crl", (int)name.len, name.at);
	return give_file(arg, file, out);
}

static int give_ca(void *arg, struct buf *out)
{
	return give_file(arg, "ca/root.crt", out);
}

static void look(struct control *c)
{
	char path[PATH];

	path_of(c, "ca/inspection.crt", path);
	c->status.ca = safe_exists(path);
	c->status.pac = buf_len(&c->pac[0]) > 0;
}

static int give_health(void *arg, enum router_health which, bool verbose,
		       struct buf *out)
{
	struct control *c = arg;

	look(c);
	return status_health(&c->status, which, verbose, clock_mono_us(), out);
}

static int give_metrics(void *arg, struct buf *out)
{
	struct control *c = arg;

	return status_metrics(&c->status, out);
}

static int give_status(void *arg, bool text, struct buf *out)
{
	struct control *c = arg;

	return text ? status_text(&c->status, clock_mono_us(), out)
		    : status_json(&c->status, clock_mono_us(), out);
}

/* --- the PAC file
 * ---------------------------------------------------------------- */

/* Both variants anew. A rendering that fails leaves the one before. */
static void render_one(struct control *c, const struct conf *conf, bool plain)
{
	char why[WHY];
	struct buf text;

	buf_init(&text, PAC_MAX);
	if (engine_pac(conf, plain, &text, why, sizeof(why)) < 0) {
		log_error(LOG_CONTROL, "no PAC file: %s", why);
		buf_deinit(&text);
		return;
	}
	buf_deinit(&c->pac[plain]);
	c->pac[plain] = text;
}

/* The hosts that are covered may have changed with the file. */
static void render(struct control *c)
{
	struct conf *fresh = c->path ? conf_new() : NULL;
	const struct conf *conf = c->conf;
	char why[WHY];

	c->pac_for = atomic_load(&c->shm->reloads);
	if (fresh && engine_read_conf(c->path, fresh, why, sizeof(why)) < 0)
		log_error(LOG_CONTROL, "PAC files as they were: %s", why);
	else if (fresh)
		conf = fresh;
	render_one(c, conf, false);
	if (conf->listen_plain.count)
		render_one(c, conf, true);
	conf_free(fresh);
}

/* --- the loop
 * --------------------------------------------------------------------- */

/* One turn, with a growing pause while the sink fails. */
static void turn(struct control *c)
{
	if (c->pause) {
		c->pause--;
		return;
	}
	int moved = ingest_turn(c->ingest, clock_mono_us());
	if (moved < 0) {
		c->pause = c->pause_next;
		c->pause_next = c->pause_next * 2 + 1;
		if (c->pause_next > PAUSE_MAX)
			c->pause_next = PAUSE_MAX;
		return;
	}
	c->pause_next = 0;
	/* A backlog is worked off without waiting for the timer, but in turn
	 * with everybody else. */
	if (moved >= 1000)
		loop_defer(c->loop, &c->again);
}

static void on_again(void *arg)
{
	turn(arg);
}

static void on_ingest(void *arg)
{
	struct control *c = arg;

	c->status.turned = clock_mono_us();
	turn(c);
}

static void on_tick(void *arg)
{
	struct control *c = arg;

	site_sweep(c->site);
	ingest_sync(c->ingest);
	if (atomic_load(&c->shm->reloads) != c->pac_for)
		render(c);
	if (c->tidying || ++c->ticks % TIDY_TICKS == 0)
		c->tidying = sink_tidy(c->store, clock_now_us()) == 1;
}

static void on_term(void *arg)
{
	struct control *c = arg;

	loop_stop(c->loop);
}

/* The workers have gone; what they left is stored. */
static void empty(struct control *c)
{
	uint64_t until = clock_mono_us() + EMPTYING_US;
	int idle = 0;

	while (idle < 3 && clock_mono_us() < until) {
		int moved = ingest_turn(c->ingest, clock_mono_us());
		if (moved < 0)
			break;
		idle = moved ? 0 : idle + 1;
	}
	ingest_free(c->ingest);
	sink_free(c->store);
}

/* --- starting
 * ----------------------------------------------------------------------- */

static void open_site(struct control *c, int fd)
{
	c->router = (struct router){
		.arg = c,
		.pac = give_pac,
		.crl = give_crl,
		.ca = give_ca,
		.health = give_health,
		.metrics = give_metrics,
		.status = give_status,
	};
	c->site = site_new(c->loop, fd, &c->router);
}

static int open_store(struct control *c)
{
	char path[PATH];

	path_of(c, "events.db", path);
	c->store = sink_sqlite_new(path, c->conf->events_days);
	if (!c->store)
		return MG_EIO;
	path_of(c, "spool", path);
	c->tally = tally_new();
	c->ingest = ingest_new(path, c->store, c->tally);
	return MG_OK;
}

static int open_identities(struct control *c)
{
	char path[PATH], why[WHY];

	path_of(c, "integrations", path);
	c->identities = identity_open(path, why, sizeof(why));
	if (c->identities)
		return MG_OK;
	log_error(LOG_CONTROL, "%s", why);
	return MG_EIO;
}

/* The directory of moongate.lua, not the file: an editor puts a new one in its
 * place. */
static int shut_doors(const struct control *c)
{
	const char *writable[] = { c->conf->state, NULL };
	const char *read_only[3] = { NULL };
	char *path = c->path ? strdup(c->path) : NULL;
	size_t n = 0;

	if (*c->conf->applications)
		read_only[n++] = c->conf->applications;
	if (path)
		read_only[n++] = dirname(path);
	int err = confine(CONFINE_CONTROL, read_only, writable);
	free(path);
	return err;
}

static int start(struct control *c, int fd)
{
	umask(0077); /* the store is as private as the directory it is in */
	if (safe_make_dir(c->conf->state) < 0) {
		log_error(LOG_CONTROL, "cannot create %s: %s", c->conf->state,
			  strerror(errno));
		return MG_EIO;
	}
	/* The site last: who gets an answer finds the store in place. */
	int err = open_identities(c);
	if (err == MG_OK)
		err = open_store(c);
	if (err < 0)
		return err;
	open_site(c, fd);
	render(c);
	c->status = (struct status){
		.shm = c->shm,
		.ingest = c->ingest,
		.tally = c->tally,
		.version = MG_VERSION,
		.store = true,
		.turned = clock_mono_us(),
	};
	return shut_doors(c);
}

int control_run(const struct conf *conf, const char *path, struct shm *shm,
		int fd)
{
	struct control *c = calloc(1, sizeof(*c));

	if (!c)
		abort();
	c->conf = conf;
	c->path = path;
	c->shm = shm;
	c->loop = loop_new();
	c->again = (struct loop_task){ .fn = on_again, .arg = c };
	if (start(c, fd) < 0)
		return CMD_CANNOT;

	struct loop_watch *term = loop_signal(c->loop, SIGTERM, on_term, c);
	struct loop_watch *hup = loop_signal(c->loop, SIGHUP, on_tick, c);
	struct loop_timer *ingest =
		loop_every(c->loop, INGEST_MS, on_ingest, c);
	struct loop_timer *tick = loop_every(c->loop, TICK_MS, on_tick, c);
	loop_run(c->loop);

	loop_watch_free(term);
	loop_watch_free(hup);
	loop_timer_free(ingest);
	loop_timer_free(tick);
	site_free(c->site);
	empty(c);
	tally_free(c->tally);
	identity_close(c->identities);
	buf_deinit(&c->pac[0]);
	buf_deinit(&c->pac[1]);
	loop_free(c->loop);
	free(c);
	return CMD_OK;
}
