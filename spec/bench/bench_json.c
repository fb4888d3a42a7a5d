/* bench_json.c - how fast bodies become tokens and segments.
 *
 *   make build/bench/bench_json && build/bench/bench_json
 *
 * Prints one JSON line a case: median and best GB/s of 21 runs on one core.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/clock.h"
#include "text/json.h"
#include "text/segment.h"

enum { RUNS = 21, BODY = 50 * 1024, WORK = 64 * 1024 * 1024 };

static struct mg_shape *chat_shape(void)
{
	static const struct {
		const char *pattern;
		uint32_t role, flags;
	} rules[] = {
		{ "/model", 0, MG_RULE_MODEL },
		{ "/messages/*/content", MG_ROLE_USER, MG_RULE_ROLE_SIBLING },
		{ "/messages/*/content/*/text", MG_ROLE_USER,
		  MG_RULE_ROLE_SIBLING },
		{ "/messages/*/content/*/type", 0, MG_RULE_WORD },
	};
	struct mg_shape *shape = mg_shape_new();

	for (size_t i = 0; i < ARRAY_LEN(rules); i++)
		mg_shape_add(shape, rules[i].pattern, strlen(rules[i].pattern),
			     rules[i].role, rules[i].flags);
	mg_shape_compile(shape);
	return shape;
}

/* A chat of `size` bytes whose messages are `line` again and again. */
static void chat(struct buf *out, const char *line, size_t lines)
{
	buf_clear(out);
	buf_add_str(out, "{\"model\":\"gpt-4o\",\"messages\":[");
	for (int i = 0; buf_len(out) < BODY; i++) {
		buf_addf(out,
			 "%s{\"role\":\"%s\",\"content\":[{\"type\":\"text\","
			 "\"text\":\"",
			 i ? "," : "", i % 2 ? "assistant" : "user");
		for (size_t n = 0; n < lines && buf_len(out) < BODY; n++)
			buf_add_str(out, line);
		buf_add_str(out, "\"}]}");
	}
	buf_add_str(out, "],\"stream\":true}");
}

static int tokens(struct arena *a, const struct mg_shape *shape,
		  struct mg_slice body)
{
	struct json j;
	int kind;

	(void)shape;
	json_init(&j, a, body, 256);
	do
		kind = json_next(&j);
	while (kind > JSON_END);
	return kind;
}

static int segments(struct arena *a, const struct mg_shape *shape,
		    struct mg_slice body)
{
	struct segments segs;

	segments_init(&segs, a);
	return segments_of_body(&segs, shape, slice_str("application/json"),
				body);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void measure(const char *name, const char *what,
		    int (*work)(struct arena *, const struct mg_shape *,
				struct mg_slice),
		    const struct mg_shape *shape, struct mg_slice body)
{
	double rate[RUNS];
	size_t rounds = WORK / body.len;
	struct arena a;

	arena_init(&a);
	for (int run = 0; run < RUNS; run++) {
		uint64_t start = clock_mono_us();
		for (size_t i = 0; i < rounds; i++) {
			if (work(&a, shape, body) < 0)
				abort();
			arena_deinit(&a);
		}
		double us = (double)(clock_mono_us() - start);
		rate[run] = (double)(rounds * body.len) / us / 1000;
	}
	qsort(rate, RUNS, sizeof(*rate), by_value);
	printf("{\"case\":\"%s\",\"what\":\"%s\",\"bytes\":%zu,"
	       "\"gb_per_s\":{\"median\":%.2f,\"max\":%.2f}}\n",
	       name, what, body.len, rate[RUNS / 2], rate[RUNS - 1]);
}

int main(void)
{
	static const struct {
		const char *name, *line;
		size_t lines;
	} cases[] = {
		{ "prose",
		  "The committee will meet on Tuesday and will decide then. ",
		  60 },
		{ "chat",
		  "Please look at the invoice of March; the customer says "
		  "\\\"it was paid\\\", and we cannot find it.\\n- amount: "
		  "1,204.50\\n- due on the 14th\\n\\nWhat should we answer, "
		  "and who has to agree first? Keep it short.\\n",
		  12 },
		{ "code",
		  "\\tif (count > limit) {\\n\\t\\treturn \\\"too many\\\";\\n"
		  "\\t}\\n",
		  40 },
		{ "chinese",
		  "\xe4\xbd\xa0\xe5\xa5\xbd\xef\xbc\x8c\xe4\xb8\x96\xe7\x95\x8c"
		  "\xe3\x80\x82\xe8\xaf\xb7\xe6\x80\xbb\xe7\xbb\x93\\n",
		  60 },
		{ "short", "ok ", 2 },
	};
	struct mg_shape *shape = chat_shape();
	struct buf body;

	buf_init(&body, 2 * BODY);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		chat(&body, cases[i].line, cases[i].lines);
		measure(cases[i].name, "tokens", tokens, shape,
			buf_slice(&body));
		measure(cases[i].name, "segments", segments, shape,
			buf_slice(&body));
	}
	buf_deinit(&body);
	mg_shape_free(shape);
	return 0;
}
