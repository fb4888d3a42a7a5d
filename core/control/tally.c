/* tally.c - see tally.h */
#include "control/tally.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"

enum {
	SLOTS = 8192, /* a power of two; half of them may be used */
	LABELS_MAX = 300,
	SURFACES = 4,
};

enum family { REQUESTS, POLICIES, DETECTORS, FAILURES_SEEN, FAMILIES };

static const struct {
	const char *name;
	const char *help;
} families[FAMILIES] = {
	[REQUESTS] = { "moongate_requests_total", "Exchanges that ended." },
	[POLICIES] = { "moongate_policy_matches_total",
		       "Votes of policies, by what they asked for." },
	[DETECTORS] = { "moongate_detector_hits_total", "Findings." },
	[FAILURES_SEEN] = { "moongate_failures_total",
			    "Exchanges with a failure, by what it led to." },
};

struct row {
	char *labels; /* NULL: free */
	enum family family;
	uint64_t count;
};

enum stage { TOTAL, UPSTREAM, DETECT, POLICY, STAGES };

static const char *const stage_name[STAGES] = { "total", "upstream", "detect",
						"policy" };

/* Microseconds; the last bucket has no upper edge. */
static const uint64_t edge[] = {
	10,       25,       50,       100,       250,     500,
	1000,     2500,     5000,     10000,     25000,   50000,
	100000,   250000,   500000,   1000000,   2500000, 5000000,
	10000000, 30000000, 60000000, 300000000,
};

struct histogram {
	uint64_t bucket[ARRAY_LEN(edge) + 1];
	uint64_t sum_us;
	uint64_t count;
};

struct tally {
	struct row row[SLOTS];
	uint32_t rows;
	uint64_t unlabelled[FAMILIES];
	struct histogram latency[SURFACES][STAGES];
};

struct tally *tally_new(void)
{
	struct tally *t = calloc(1, sizeof(*t));

	if (!t)
		abort();
	return t;
}

void tally_free(struct tally *t)
{
	if (!t)
		return;
	for (uint32_t i = 0; i < SLOTS; i++)
		free(t->row[i].labels);
	free(t);
}

static void count(struct tally *t, enum family family, const char *labels,
		  uint64_t n)
{
	uint64_t hash = hash_table(slice_str(labels)) + (uint64_t)family;

	for (uint32_t i = 0; i < SLOTS; i++) {
		struct row *row = &t->row[(hash + i) & (SLOTS - 1)];
		if (!row->labels && t->rows < SLOTS / 2) {
			*row = (struct row){ strdup(labels), family, 0 };
			t->rows++;
		} else if (!row->labels) {
			break;
		}
		if (row->family == family && !strcmp(row->labels, labels)) {
			row->count += n;
			return;
		}
	}
	t->unlabelled[family] += n;
}

/* A label's value: as a path of ours, quotes and line ends do not occur, and
 * would be the end of the format. */
static const char *value(struct mg_slice s, char out[64])
{
	size_t n = s.len < 63 ? s.len : 63;

	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s.at[i];
		out[i] = c < ' ' || c > '~' || c == '"' || c == '\\' ? '_'
								     : (char)c;
	}
	out[n] = '\0';
	return out;
}

static const char *named(uint32_t action)
{
	return action_name((enum mg_action)action);
}

static void count_request(struct tally *t, const struct event *e)
{
	char labels[LABELS_MAX], app[64];

	snprintf(labels, sizeof(labels),
		 "surface=\"%s\",app=\"%s\",action=\"%s\",status_class=\"%s\"",
		 surface_name(e->surface), value(e->application, app),
		 named(event_action(e)),
		 e->status < 100 || e->status > 599
			 ? "none"
			 : (const char *[]){ "1xx", "2xx", "3xx", "4xx",
					     "5xx" }[e->status / 100 - 1]);
	count(t, REQUESTS, labels, 1);
}

static void count_verdict(struct tally *t, const struct event_verdict *v)
{
	char labels[LABELS_MAX], name[64];

	for (uint32_t i = 0; i < v->policy_count; i++) {
		snprintf(labels, sizeof(labels), "policy=\"%s\",action=\"%s\"",
			 value(v->policies[i].id, name),
			 named(v->policies[i].action));
		count(t, POLICIES, labels, 1);
	}
	for (uint32_t i = 0; i < v->finding_count; i++) {
		snprintf(
			labels, sizeof(labels), "detector=\"%s\",action=\"%s\"",
			value(v->findings[i].detector, name), named(v->action));
		count(t, DETECTORS, labels, v->findings[i].count);
	}
	if (v->failure == FAILURE_NONE)
		return;
	snprintf(labels, sizeof(labels), "reason=\"%s\",action=\"%s\"",
		 failure_name(v->failure), named(v->action));
	count(t, FAILURES_SEEN, labels, 1);
}

static void measure(struct histogram *h, uint64_t us)
{
	size_t i = 0;

	while (i < ARRAY_LEN(edge) && us > edge[i])
		i++;
	h->bucket[i]++;
	h->sum_us += us;
	h->count++;
}

static unsigned surface_index(uint32_t surface)
{
	unsigned i = 0;

	while (i < SURFACES - 1 && surface > BIT(i))
		i++;
	return i;
}

void tally_add(struct tally *t, const struct event *e)
{
	struct histogram *h = t->latency[surface_index(e->surface)];

	count_request(t, e);
	count_verdict(t, &e->verdict[MG_REQUEST]);
	count_verdict(t, &e->verdict[MG_REPLY]);
	if (!e->total_us)
		return; /* a connection that had no exchange */
	measure(&h[TOTAL], e->total_us);
	if (e->upstream_us)
		measure(&h[UPSTREAM], e->upstream_us);
	if (e->detect_us)
		measure(&h[DETECT], e->detect_us);
	if (e->policy_us)
		measure(&h[POLICY], e->policy_us);
}

static int compare(const void *a, const void *b)
{
	const struct row *const *x = a, *const *y = b;

	return strcmp((*x)->labels, (*y)->labels);
}

static int print_family(const struct tally *t, enum family family,
			struct buf *out)
{
	const struct row **list = calloc(t->rows + 1, sizeof(*list));
	uint32_t n = 0;

	if (!list)
		abort();
	for (uint32_t i = 0; i < SLOTS; i++)
		if (t->row[i].labels && t->row[i].family == family)
			list[n++] = &t->row[i];
	qsort(list, n, sizeof(*list), compare);
	int err = buf_addf(out, "# HELP %s %s\n# TYPE %s counter\n",
			   families[family].name, families[family].help,
			   families[family].name);
	for (uint32_t i = 0; i < n && err == MG_OK; i++)
		err = buf_addf(out, "%s{%s} %" PRIu64 "\n",
			       families[family].name, list[i]->labels,
			       list[i]->count);
	if (t->unlabelled[family] && err == MG_OK)
		err = buf_addf(out, "%s %" PRIu64 "\n", families[family].name,
			       t->unlabelled[family]);
	free(list);
	return err;
}

static int print_histogram(const struct histogram *h, const char *labels,
			   struct buf *out)
{
	static const char name[] = "moongate_request_duration_seconds";
	uint64_t below = 0;
	int err = MG_OK;

	for (size_t i = 0; i < ARRAY_LEN(edge) && err == MG_OK; i++) {
		below += h->bucket[i];
		err = buf_addf(out, "%s_bucket{%s,le=\"%g\"} %" PRIu64 "\n",
			       name, labels, (double)edge[i] / 1e6, below);
	}
	if (err == MG_OK)
		err = buf_addf(out,
			       "%s_bucket{%s,le=\"+Inf\"} %" PRIu64 "\n"
			       "%s_sum{%s} %.6f\n%s_count{%s} %" PRIu64 "\n",
			       name, labels, h->count, name, labels,
			       (double)h->sum_us / 1e6, name, labels, h->count);
	return err;
}

int tally_print(const struct tally *t, struct buf *out)
{
	char labels[LABELS_MAX];
	int err = MG_OK;

	for (int f = 0; f < FAMILIES && err == MG_OK; f++)
		err = print_family(t, (enum family)f, out);
	if (err == MG_OK)
		err = buf_add_str(
			out, "# HELP moongate_request_duration_seconds Time of "
			     "an exchange, by where it went.\n"
			     "# TYPE moongate_request_duration_seconds "
			     "histogram\n");
	for (unsigned s = 0; s < SURFACES; s++)
		for (int k = 0; k < STAGES && err == MG_OK; k++) {
			if (!t->latency[s][k].count)
				continue;
			snprintf(labels, sizeof(labels),
				 "surface=\"%s\",stage=\"%s\"",
				 surface_name(BIT(s)), stage_name[k]);
			err = print_histogram(&t->latency[s][k], labels, out);
		}
	return err;
}
