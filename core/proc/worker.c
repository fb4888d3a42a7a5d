/* worker.c - see worker.h
 *
 *   set up -> serve -> (TERM: no new connections) -> last device gone -> exit
 */
#include "proc/worker.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "certs/hierarchy.h"
#include "cmd/cmd.h"
#include "proc/signer.h"
#include "surface/endpoint.h"
#include "tls/session.h"
#include "tls/ticket.h"

enum {
	TICK_MS = 200,  /* identities, heartbeat, the signer */
	FLUSH_MS = 50,  /* events to the spool file */
	LEAVES = 4096,  /* minted hosts at hand */
	WAITERS = 8192, /* handshakes that wait for a leaf */
	UPSTREAM_SESSIONS = 1024,
	PEM_MAX = 1 << 20,
	WHY = 4096,
};

struct worker {
	const struct worker_start *start;
	struct services sv;
	struct endpoint *endpoint;
	struct signer_client *signer;
	struct loop_watch *watch[3];
	struct loop_timer *tick;
	struct loop_timer *flush;
	uint64_t swept;    /* loop_now of the last sweep */
	uint64_t deadline; /* of the drain; 0: serving */
	uint64_t dropped;  /* by the spool, and already counted */
};

/* --- ticks -------------------------------------------------------------------
 */

static void on_signer(void *arg)
{
	struct worker *w = arg;

	signer_client_turn(w->signer, clock_now_us() / 1000000);
}

static void on_flush(void *arg)
{
	struct worker *w = arg;

	if (!w->sv.spool)
		return;
	spool_flush(w->sv.spool);
	uint64_t dropped = spool_dropped(w->sv.spool);
	count(&w->sv, SHM_EVENTS_DROPPED, dropped - w->dropped);
	w->dropped = dropped;
}

static void leave_when_done(struct worker *w)
{
	if (!w->deadline)
		return;
	if (!w->sv.device_count || loop_now(w->sv.loop) > w->deadline)
		loop_stop(w->sv.loop);
}

static void on_tick(void *arg)
{
	struct worker *w = arg;
	struct services *sv = &w->sv;

	atomic_store_explicit(&sv->count->heartbeat, clock_mono_us(),
			      memory_order_relaxed);
	if (identity_refresh(sv->identities) == 1 || sv->recheck) {
		sv->recheck = false;
		devices_recheck(sv);
	}
	if (loop_now(sv->loop) - w->swept > 1000000) {
		w->swept = loop_now(sv->loop);
		devices_sweep(sv);
		pool_sweep(sv->pool);
		signer_client_turn(w->signer, clock_now_us() / 1000000);
	}
	leave_when_done(w);
}

static int open_outer(struct worker *w);

/* --- signals
 * ------------------------------------------------------------------- */

static void note_generation(struct worker *w)
{
	struct generation *gen = engine_use(w->sv.engine);

	atomic_store(&w->sv.count->generation, generation_revision(gen));
	generation_done(gen);
}

static void on_hup(void *arg)
{
	struct worker *w = arg;
	char why[WHY] = "";

	/* The supervisor has tried the same files: this fails only when they
	 * changed again since, and then the next SIGHUP is on its way. */
	if (engine_reload(w->sv.engine, why, sizeof(why)) < 0)
		log_error(LOG_POLICY, "reload failed: %s", why);
	note_generation(w);
	open_outer(w);
}

static void on_term(void *arg)
{
	struct worker *w = arg;

	if (w->deadline)
		return;
	w->deadline = loop_now(w->sv.loop) + w->sv.conf->timeouts_drain * 1000;
	w->sv.draining = true;
	endpoint_stop(w->endpoint);
	devices_drain(&w->sv);
}

/* --- set-up
 * ---------------------------------------------------------------------- */

/* The listener's certificate and the client CAs of now. On SIGHUP too: so a
 * rotation takes effect without a restart, and connections that are open keep
 * the context they began with. */
static int open_outer(struct worker *w)
{
	struct services *sv = &w->sv;
	struct buf cert, key, cas;
	struct tls_context *ctx = NULL;
	char dir[512], why[512];

	buf_init(&cert, PEM_MAX);
	buf_init(&key, PEM_MAX);
	buf_init(&cas, PEM_MAX);
	snprintf(dir, sizeof(dir), "%s/ca", sv->conf->state);
	if (hierarchy_outer(dir, (int64_t)(clock_now_us() / 1000000), &cert,
			    &key, &cas, why, sizeof(why)) == MG_OK)
		ctx = context_device_outer(
			&(struct context_outer){
				.cert = buf_slice(&cert),
				.key = buf_slice(&key),
				.client_cas = buf_slice(&cas),
				.sessions = w->start->sessions,
			},
			why, sizeof(why));
	buf_deinit(&cert);
	buf_wipe(&key);
	buf_deinit(&cas);
	if (!ctx) {
		log_error(LOG_TLS, "%s", why);
		return MG_EINVAL;
	}
	context_free(sv->outer);
	sv->outer = ctx;
	return MG_OK;
}

static int open_contexts(struct worker *w)
{
	struct services *sv = &w->sv;
	struct tls_context *up;
	char why[512];

	if (open_outer(w) < 0)
		return MG_EINVAL;
	sv->inner = context_device_inner(
		&(struct context_inner){ .tickets = w->start->tickets }, why,
		sizeof(why));
	up = context_upstream(
		&(struct context_upstream){
			.ca_file = sv->conf->upstream_ca,
			.crl_file = sv->conf->upstream_crl,
			.sessions = UPSTREAM_SESSIONS,
		},
		why, sizeof(why));
	if (!sv->inner || !up) {
		log_error(LOG_TLS,
			  "%s (upstream.ca = \"%s\", read as this "
			  "account)",
			  why, sv->conf->upstream_ca);
		return MG_EINVAL;
	}
	sv->pool = pool_new(sv->loop, sv->conf, up);
	return MG_OK;
}

static void set_limits(struct services *sv)
{
	const struct conf *conf = sv->conf;

	sv->limits = (struct h1_limits){
		.line = conf->limits_line,
		.headers = conf->limits_headers,
		.fields = (uint32_t)conf->limits_fields,
	};
	sv->decode = (struct decode_limits){
		.max = conf->limits_decoded,
		.ratio = (uint32_t)conf->limits_ratio,
	};
	sv->budget.max = conf->limits_memory;
	sv->gather = (struct gather_rules){
		.max = conf->limits_body,
		.decode = &sv->decode,
		.budget = &sv->budget,
	};
	sv->observe = (struct observe_rules){
		.max = conf->limits_body,
		.decode = &sv->decode,
		.budget = &sv->budget,
	};
}

static int open_services(struct worker *w)
{
	const struct worker_start *start = w->start;
	struct services *sv = &w->sv;
	char path[512], why[512];

	sv->conf = start->conf;
	sv->engine = start->engine;
	sv->shm = start->shm;
	sv->count = &start->shm->worker[start->index];
	sv->loop = loop_new();
	sv->quota = start->quota;
	set_limits(sv);

	snprintf(path, sizeof(path), "%s/integrations", sv->conf->state);
	sv->identities = identity_open(path, why, sizeof(why));
	if (!sv->identities) {
		log_error(LOG_CERTS, "%s", why);
		return MG_EINVAL;
	}
	w->signer = signer_client_new(start->signer_fd, LEAVES, WAITERS);
	sv->shelf = signer_client_shelf(w->signer);
	snprintf(path, sizeof(path), "%s/spool/w%u", sv->conf->state,
		 start->index);
	sv->spool = spool_new(path, sv->conf->spool_max / start->shm->workers,
			      sv->conf->spool_segment);
	return open_contexts(w);
}

static void raise_files(void)
{
	struct rlimit lim;

	if (!getrlimit(RLIMIT_NOFILE, &lim)) {
		lim.rlim_cur = lim.rlim_max;
		setrlimit(RLIMIT_NOFILE, &lim);
	}
}

int worker_run(const struct worker_start *start)
{
	struct worker *w = calloc(1, sizeof(*w));

	if (!w)
		abort();
	w->start = start;
	raise_files();
	if (open_services(w) < 0)
		return CMD_CONFIG;
	w->endpoint = endpoint_new(&w->sv, start->tls_fds, start->tls_count,
				   start->plain_fds, start->plain_count);
	w->watch[0] = loop_readable(w->sv.loop, start->signer_fd, on_signer, w);
	w->watch[1] = loop_signal(w->sv.loop, SIGHUP, on_hup, w);
	w->watch[2] = loop_signal(w->sv.loop, SIGTERM, on_term, w);
	w->tick = loop_every(w->sv.loop, TICK_MS, on_tick, w);
	w->flush = loop_every(w->sv.loop, FLUSH_MS, on_flush, w);
	note_generation(w);
	loop_run(w->sv.loop);

	devices_free(&w->sv);
	spool_free(w->sv.spool);
	return CMD_OK;
}
