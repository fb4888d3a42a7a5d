/* status.c - see status.h */
#include "control/status.h"

#include <inttypes.h>

#include "base/slice.h"

enum { STUCK_US = 5 * 1000000 };

static uint64_t sum(const struct status *s, enum shm_counter c)
{
	return s->shm ? shm_sum(s->shm, c) : 0;
}

static uint32_t workers(const struct status *s)
{
	return s->shm ? s->shm->workers : 0;
}

/* Workers that turned their loop lately. */
static uint32_t workers_alive(const struct status *s, uint64_t now)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < workers(s); i++) {
		uint64_t beat = atomic_load(&s->shm->worker[i].heartbeat);
		n += beat && now - beat < STUCK_US;
	}
	return n;
}

static uint64_t restarts(const struct status *s)
{
	uint64_t n = 0;

	for (uint32_t i = 0; i < workers(s); i++)
		n += atomic_load(&s->shm->worker[i].restarts);
	return n;
}

/* --- metrics
 * ------------------------------------------------------------------ */

static const struct {
	enum shm_counter counter;
	const char *name; /* with its labels, if any */
	const char *help; /* NULL: one more of the family above */
} exported[] = {
	{ SHM_CONNECTIONS, "moongate_connections_total",
	  "Device connections accepted." },
	{ SHM_TUNNELS, "moongate_tunnels_total", "CONNECTs granted." },
	{ SHM_REFUSED, "moongate_refused_total", "CONNECTs refused." },
	{ SHM_ALLOWED, "moongate_verdicts_total{action=\"allow\"}",
	  "Verdicts on either stage." },
	{ SHM_LOGGED, "moongate_verdicts_total{action=\"log\"}", NULL },
	{ SHM_MASKED, "moongate_verdicts_total{action=\"mask\"}", NULL },
	{ SHM_BLOCKED, "moongate_verdicts_total{action=\"block\"}", NULL },
	{ SHM_UPSTREAM_ERRORS, "moongate_upstream_errors_total",
	  "Exchanges that an upstream broke." },
	{ SHM_MINTED, "moongate_leaves_minted_total", "Leaf certificates." },
	{ SHM_FULL_OUTER,
	  "moongate_handshakes_total{side=\"outer\",resumed=\"no\"}",
	  "TLS handshakes with devices." },
	{ SHM_RESUMED_OUTER,
	  "moongate_handshakes_total{side=\"outer\",resumed=\"yes\"}", NULL },
	{ SHM_FULL_INNER,
	  "moongate_handshakes_total{side=\"inner\",resumed=\"no\"}", NULL },
	{ SHM_RESUMED_INNER,
	  "moongate_handshakes_total{side=\"inner\",resumed=\"yes\"}", NULL },
	{ SHM_BYTES_UP, "moongate_bytes_total{direction=\"up\"}",
	  "Bytes carried." },
	{ SHM_BYTES_DOWN, "moongate_bytes_total{direction=\"down\"}", NULL },
	{ SHM_EVENTS, "moongate_events_produced_total",
	  "Events written to a spool." },
	{ SHM_EVENTS_DROPPED, "moongate_spool_dropped_total",
	  "Events given up because a spool was full." },
};

static int put_metric(struct buf *out, const char *name, const char *type,
		      const char *help, double value)
{
	int family = (int)strcspn(name, "{");
	int err = MG_OK;

	if (help)
		err = buf_addf(out, "# HELP %.*s %s\n# TYPE %.*s %s\n", family,
			       name, help, family, name, type);
	if (err == MG_OK)
		err = buf_addf(out,
			       value == (double)(uint64_t)value ? "%s %.0f\n"
								: "%s %.6f\n",
			       name, value);
	return err;
}

static int put_gauge(struct buf *out, const char *name, const char *help,
		     double value)
{
	return put_metric(out, name, "gauge", help, value);
}

static int put_counter(struct buf *out, const char *name, const char *help,
		       double value)
{
	return put_metric(out, name, "counter", help, value);
}

static int put_process(const struct status *s, struct buf *out)
{
	if (!s->shm)
		return MG_OK;

	uint64_t bad = atomic_load(&s->shm->reloads_failed);
	put_gauge(out, "moongate_open_connections", "Device connections now.",
		  (double)sum(s, SHM_OPEN));
	put_gauge(out, "moongate_workers", "Worker processes.", workers(s));
	put_counter(out, "moongate_worker_restarts_total",
		    "Workers that had to be started again.",
		    (double)restarts(s));
	put_gauge(out, "moongate_config_revision_info",
		  "Revision of the generation in use.",
		  (double)atomic_load(&s->shm->generation));
	put_counter(out, "moongate_reloads_total", "Reloads that took.",
		    (double)atomic_load(&s->shm->reloads));
	put_counter(out, "moongate_reloads_failed_total",
		    "Reloads that changed nothing.", (double)bad);
	put_counter(out, "moongate_detector_seconds_total",
		    "Time spent in detectors.",
		    (double)sum(s, SHM_DETECT_US) / 1e6);
	return put_counter(out, "moongate_policy_seconds_total",
			   "Time spent in policies.",
			   (double)sum(s, SHM_POLICY_US) / 1e6);
}

static int put_ingest(const struct status *s, struct buf *out)
{
	if (!s->ingest)
		return MG_OK;

	const struct ingest_counts *c = ingest_counts(s->ingest);
	put_gauge(out, "moongate_spool_bytes", "Bytes in the spools' files.",
		  (double)c->spool_bytes);
	put_counter(out, "moongate_events_acked_total",
		    "Events that a sink has taken.", (double)c->stored);
	put_counter(out, "moongate_spool_missing_total",
		    "Sequence numbers that never came.", (double)c->missing);
	put_counter(out, "moongate_spool_bad_total",
		    "Damaged stretches set aside.", (double)c->bad);
	put_counter(out, "moongate_sink_failures_total",
		    "Batches that a sink did not take.", (double)c->failures);
	return put_gauge(out, "moongate_events_newest_timestamp_seconds",
			 "Time of the newest event stored.",
			 (double)c->newest / 1e6);
}

int status_metrics(const struct status *s, struct buf *out)
{
	int err = buf_addf(out,
			   "# HELP moongate_build_info What runs here.\n"
			   "# TYPE moongate_build_info gauge\n"
			   "moongate_build_info{version=\"%s\"} 1\n",
			   s->version);

	for (size_t i = 0; i < ARRAY_LEN(exported) && err == MG_OK; i++)
		err = put_counter(out, exported[i].name, exported[i].help,
				  (double)sum(s, exported[i].counter));
	if (err == MG_OK)
		err = put_process(s, out);
	if (err == MG_OK)
		err = put_ingest(s, out);
	return err == MG_OK && s->tally ? tally_print(s->tally, out) : err;
}

/* --- status
 * -------------------------------------------------------------------- */

/* The last failed reload's words, as a JSON string. */
static int put_why(const struct status *s, struct buf *out)
{
	int err = buf_add_str(out, "\"");

	for (const char *at = s->shm->why;
	     *at && at < s->shm->why + SHM_WHY && err == MG_OK; at++) {
		unsigned char c = (unsigned char)*at;
		err = c < ' ' || c == '"' || c == '\\' || c >= 0x7f
			      ? buf_addf(out, "\\u%04x", c)
			      : buf_add_at(out, at, 1);
	}
	return err == MG_OK ? buf_add_str(out, "\"") : err;
}

static int put_workers(const struct status *s, uint64_t now, struct buf *out)
{
	int err = buf_add_str(out, "\"workers\":[");

	for (uint32_t i = 0; i < workers(s) && err == MG_OK; i++) {
		const struct shm_worker *w = &s->shm->worker[i];
		uint64_t beat = atomic_load(&w->heartbeat);
		err = buf_addf(out,
			       "%s{\"pid\":%d,\"restarts\":%u,"
			       "\"generation\":%" PRIu64 ",\"alive\":%s,"
			       "\"open\":%" PRIu64 "}",
			       i ? "," : "", atomic_load(&w->pid),
			       atomic_load(&w->restarts),
			       atomic_load(&w->generation),
			       beat && now - beat < STUCK_US ? "true" : "false",
			       atomic_load(&w->count[SHM_OPEN]));
	}
	return err == MG_OK ? buf_add_str(out, "],") : err;
}

int status_json(const struct status *s, uint64_t now, struct buf *out)
{
	const struct shm *shm = s->shm;
	int err = buf_addf(out, "{\"version\":\"%s\",", s->version);

	if (shm) {
		buf_addf(out,
			 "\"supervisor\":%d,\"signer\":%d,\"control\":%d,"
			 "\"started_us\":%" PRIu64 ",\"generation\":%" PRIu64
			 ",\"reloads\":%" PRIu64 ",\"reloads_failed\":%" PRIu64
			 ",\"draining\":%s,\"last_failure\":",
			 shm->supervisor, atomic_load(&shm->signer),
			 atomic_load(&shm->control), shm->started,
			 atomic_load(&shm->generation),
			 atomic_load(&shm->reloads),
			 atomic_load(&shm->reloads_failed),
			 atomic_load(&shm->draining) ? "true" : "false");
		put_why(s, out);
		buf_add_str(out, ",");
		put_workers(s, now, out);
	}
	if (s->ingest) {
		const struct ingest_counts *c = ingest_counts(s->ingest);
		buf_addf(out,
			 "\"events\":{\"stored\":%" PRIu64
			 ",\"missing\":%" PRIu64 ",\"bad\":%" PRIu64
			 ",\"failures\":%" PRIu64 ",\"spool_bytes\":%" PRIu64
			 "},",
			 c->stored, c->missing, c->bad, c->failures,
			 c->spool_bytes);
	}
	buf_add_str(out, "\"counters\":{");
	for (int i = 0; i < SHM_COUNTERS && err == MG_OK; i++)
		err = buf_addf(out, "%s\"%s\":%" PRIu64, i ? "," : "",
			       shm_counter_name((enum shm_counter)i),
			       sum(s, (enum shm_counter)i));
	return err == MG_OK ? buf_add_str(out, "}}\n") : err;
}

int status_text(const struct status *s, uint64_t now, struct buf *out)
{
	const struct shm *shm = s->shm;

	buf_addf(out, "moongate %s\n", s->version);
	if (shm) {
		buf_addf(out,
			 "processes   supervisor %d, signer %d, control %d\n",
			 shm->supervisor, atomic_load(&shm->signer),
			 atomic_load(&shm->control));
		buf_addf(out,
			 "workers     %u of %u turn, %" PRIu64 " restarts\n",
			 workers_alive(s, now), workers(s), restarts(s));
		buf_addf(out,
			 "generation  %" PRIu64 ", %" PRIu64
			 " reloads, %" PRIu64 " failed\n",
			 atomic_load(&shm->generation),
			 atomic_load(&shm->reloads),
			 atomic_load(&shm->reloads_failed));
	}
	buf_addf(out,
		 "traffic     %" PRIu64 " open, %" PRIu64 " requests, %" PRIu64
		 " allowed, %" PRIu64 " logged, %" PRIu64 " masked, %" PRIu64
		 " blocked, %" PRIu64 " failures\n",
		 sum(s, SHM_OPEN), sum(s, SHM_REQUESTS), sum(s, SHM_ALLOWED),
		 sum(s, SHM_LOGGED), sum(s, SHM_MASKED), sum(s, SHM_BLOCKED),
		 sum(s, SHM_FAILURES));
	if (s->ingest) {
		const struct ingest_counts *c = ingest_counts(s->ingest);
		buf_addf(out,
			 "events      %" PRIu64 " stored, %" PRIu64
			 " dropped, %" PRIu64 " missing, %" PRIu64
			 " KiB in spools\n",
			 c->stored, sum(s, SHM_EVENTS_DROPPED), c->missing,
			 c->spool_bytes >> 10);
	}
	if (shm && atomic_load(&shm->reloads_failed) && shm->why[0])
		return buf_addf(out, "last failed reload:\n%.*s\n", SHM_WHY,
				shm->why);
	return MG_OK;
}

/* --- health
 * --------------------------------------------------------------------- */

struct check {
	const char *name;
	bool well;
	unsigned asked_by; /* BIT(router_health) */
};

/* Said by the supervisor after a reload, and by workers from the start. */
static bool has_policies(const struct status *s)
{
	if (!s->shm || atomic_load(&s->shm->generation))
		return true;
	for (uint32_t i = 0; i < workers(s); i++)
		if (atomic_load(&s->shm->worker[i].generation))
			return true;
	return false;
}

int status_health(const struct status *s, enum router_health which,
		  bool verbose, uint64_t now, struct buf *out)
{
	const unsigned all =
		BIT(ROUTER_LIVE) | BIT(ROUTER_READY) | BIT(ROUTER_STARTED);
	const unsigned ready = BIT(ROUTER_READY) | BIT(ROUTER_STARTED);
	const struct check checks[] = {
		{ "loop", now - s->turned < STUCK_US, all },
		{ "store", s->store, ready },
		{ "ca", s->ca, ready },
		{ "pac", s->pac, BIT(ROUTER_READY) },
		{ "policies", has_policies(s), ready },
		{ "workers", workers_alive(s, now) == workers(s), ready },
		{ "serving", !s->shm || !atomic_load(&s->shm->draining),
		  BIT(ROUTER_READY) },
	};
	bool well = true;

	for (size_t i = 0; i < ARRAY_LEN(checks); i++)
		if (checks[i].asked_by & BIT(which))
			well = well && checks[i].well;
	buf_addf(out, "{\"status\":\"%s\"", well ? "ok" : "unavailable");
	for (size_t i = 0; verbose && i < ARRAY_LEN(checks); i++)
		if (checks[i].asked_by & BIT(which))
			buf_addf(out, ",\"%s\":\"%s\"", checks[i].name,
				 checks[i].well ? "ok" : "failed");
	int err = buf_add_str(out, "}\n");
	return err < 0 ? err : well ? MG_OK : MG_EAGAIN;
}
