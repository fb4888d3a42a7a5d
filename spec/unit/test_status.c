/* test_status.c - what control says: every line of /metrics has the form that
 * Prometheus reads, and health names what is not well. */
#include "control/status.h"

#include <stdlib.h>

#include "base/slice.h"
#include "test.h"

static struct event_policy policy = { { "mask-pii", 8 }, 1, MG_MASK, true };
static struct event_finding finding = {
	{ "pii", 3 }, { "pii.iban", 8 }, 3, 99, NULL, 0, { "#0", 2 }
};

static struct event some_event(const char *app, uint32_t action)
{
	struct event e;

	event_init(&e);
	e.surface = MG_ENDPOINT;
	e.application = slice_str(app);
	e.status = 200;
	e.total_us = 1500;
	e.upstream_us = 1000;
	e.detect_us = 20;
	e.verdict[MG_REQUEST] = (struct event_verdict){
		.judged = true,
		.action = action,
		.policies = &policy,
		.policy_count = 1,
		.findings = &finding,
		.finding_count = 1,
	};
	return e;
}

static bool is_name(char c)
{
	return (c >= 'a' && c <= 'z') || c == '_' || (c >= '0' && c <= '9');
}

/* name{labels} number, or a comment about such a name. */
static bool is_metric_line(struct mg_slice line)
{
	size_t at = 0;

	if (slice_starts(line, "# HELP moongate_"))
		return memchr(line.at + 7, ' ', line.len - 7) != NULL;
	if (slice_starts(line, "# TYPE moongate_"))
		return slice_ends(line, " counter") ||
		       slice_ends(line, " gauge") ||
		       slice_ends(line, " histogram");
	while (at < line.len && is_name(line.at[at]))
		at++;
	if (at < sizeof("moongate_") || !slice_starts(line, "moongate_"))
		return false;
	if (at < line.len && line.at[at] == '{') {
		const char *end = memrchr(line.at, '}', line.len);
		if (!end || end[-1] != '"')
			return false;
		at = (size_t)(end - line.at) + 1;
	}
	char *end;
	if (at + 1 >= line.len || line.at[at] != ' ')
		return false;
	strtod(line.at + at + 1, &end);
	return end == line.at + line.len;
}

static bool holds(const struct buf *b, const char *text)
{
	return memmem(b->at + b->from, buf_len(b), text, strlen(text)) != NULL;
}

static void every_metric_line_can_be_read(void)
{
	struct shm *shm = shm_new(2);
	struct tally *t = tally_new();
	struct status s = { .shm = shm, .tally = t, .version = "1.2.3" };
	struct buf out;
	int wrong = 0, types = 0;

	for (int i = 0; i < 3; i++) {
		struct event e = some_event("openai", MG_MASK);
		tally_add(t, &e);
	}
	struct event odd = some_event("a\"b\\c\n}", MG_BLOCK);
	odd.status = 0;
	tally_add(t, &odd);
	buf_init(&out, 1 << 20);
	OK(status_metrics(&s, &out) == MG_OK);
	OK(holds(&out, "moongate_requests_total{surface=\"endpoint\","
		       "app=\"openai\",action=\"mask\",status_class=\"2xx\"} "
		       "3\n"));
	OK(holds(&out, "app=\"a_b_c_}\",action=\"block\",status_class="
		       "\"none\"} 1\n"));
	OK(holds(&out, "moongate_policy_matches_total{policy=\"mask-pii\","
		       "action=\"mask\"} 4\n"));
	OK(holds(&out, "moongate_detector_hits_total{detector=\"pii\","
		       "action=\"mask\"} 9\n"));
	OK(holds(&out, "stage=\"total\",le=\"0.0025\"} 4\n"));
	OK(holds(&out, "stage=\"total\",le=\"0.001\"} 0\n"));
	OK(holds(&out, "moongate_request_duration_seconds_count{surface="
		       "\"endpoint\",stage=\"detect\"} 4\n"));

	struct mg_slice rest = buf_slice(&out), line;
	while (slice_cut(&rest, '\n', &line)) {
		if (!line.len && !rest.len)
			break;
		types += slice_starts(line, "# TYPE");
		if (!is_metric_line(line)) {
			wrong++;
			printf("# %.*s\n", (int)line.len, line.at);
		}
	}
	OK(wrong == 0 && types > 20);
	buf_deinit(&out);
	tally_free(t);
}

static void names_without_end_stay_bounded(void)
{
	struct tally *t = tally_new();
	struct buf out;
	char app[32];

	buf_init(&out, 4 << 20);
	for (int i = 0; i < 20000; i++) {
		snprintf(app, sizeof(app), "app%d", i);
		struct event e = some_event(app, MG_ALLOW);
		tally_add(t, &e);
	}
	OK(tally_print(t, &out) == MG_OK);
	OK(buf_len(&out) < 1 << 20);
	/* What had no room is counted all the same. */
	unsigned long rest = 0;
	const char *at =
		memmem(out.at, buf_len(&out), "\nmoongate_requests_total ", 25);
	OK(at && sscanf(at + 25, "%lu", &rest) == 1 && rest > 15000);
	buf_deinit(&out);
	tally_free(t);
}

static void health_names_what_is_not_well(void)
{
	struct shm *shm = shm_new(2);
	struct status s = { .shm = shm,
			    .version = "1",
			    .store = true,
			    .ca = true,
			    .pac = true,
			    .turned = 1000000 };
	uint64_t now = 2000000;
	struct buf out;

	buf_init(&out, 4096);
	OK(status_health(&s, ROUTER_LIVE, false, now, &out) == MG_OK);
	OK(slice_is(buf_slice(&out), "{\"status\":\"ok\"}\n"));
	buf_clear(&out);
	OK(status_health(&s, ROUTER_READY, true, now, &out) == MG_EAGAIN);
	OK(holds(&out, "\"workers\":\"failed\"") &&
	   holds(&out, "\"policies\":\"failed\"") &&
	   holds(&out, "\"store\":\"ok\""));
	buf_clear(&out);

	for (int i = 0; i < 2; i++)
		atomic_store(&shm->worker[i].heartbeat, now - 1);
	atomic_store(&shm->generation, 7);
	OK(status_health(&s, ROUTER_READY, true, now, &out) == MG_OK);
	buf_clear(&out);
	/* A worker that is stuck, then a loop of ours that is. */
	OK(status_health(&s, ROUTER_READY, false, now + 5500000, &out) ==
	   MG_EAGAIN);
	OK(status_health(&s, ROUTER_LIVE, false, now + 5500000, &out) ==
	   MG_EAGAIN);
	s.turned = now;
	atomic_store(&shm->draining, 1);
	OK(status_health(&s, ROUTER_READY, false, now, &out) == MG_EAGAIN);
	OK(status_health(&s, ROUTER_STARTED, false, now, &out) == MG_OK);
	buf_deinit(&out);
}

static void status_is_json_whatever_the_last_failure_says(void)
{
	struct shm *shm = shm_new(1);
	struct status s = { .shm = shm, .version = "1" };
	struct buf out;

	buf_init(&out, 1 << 16);
	snprintf(shm->why, sizeof(shm->why), "a.lua:1: \"x\"\n\\ \x1b[31m");
	atomic_store(&shm->reloads_failed, 1);
	OK(status_json(&s, 1, &out) == MG_OK);
	OK(holds(&out, "\"last_failure\":\"a.lua:1: \\u0022x\\u0022\\u000a"
		       "\\u005c \\u001b[31m\""));
	OK(holds(&out, "\"counters\":{\"connections\":0,"));
	OK(slice_ends(buf_slice(&out), "}}\n"));
	buf_clear(&out);
	OK(status_text(&s, 1, &out) == MG_OK && holds(&out, "a.lua:1:"));
	buf_deinit(&out);
}

int main(void)
{
	RUN(every_metric_line_can_be_read);
	RUN(names_without_end_stay_bounded);
	RUN(health_names_what_is_not_well);
	RUN(status_is_json_whatever_the_last_failure_says);
	return test_done();
}
