/* case.c - cases for specs: Lua makes them, judges them, reads the votes.
 *
 * A library of its own beside libmoongate.so, of which it uses what mg.h
 * declares and nothing else; spec/support/case.lua speaks to it.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/case.h"

enum { MOST = 64 };

#define SHOWN __attribute__((visibility("default")))

struct spec_case {
	struct mg_case c;
	struct verdict verdict;
	struct arena arena;
	struct mg_segment segments[MOST];
	struct mg_slice lists[3][MOST]; /* tags, groups, tools */
};

SHOWN struct spec_case *spec_case_new(void);
SHOWN void spec_case_free(struct spec_case *s);
SHOWN struct mg_case *spec_case_of(struct spec_case *s);
SHOWN void spec_case_attr(struct spec_case *s, uint32_t i, const char *at,
			  size_t len);
SHOWN void spec_case_number(struct spec_case *s, uint32_t i, double n);
SHOWN void spec_case_text(struct spec_case *s, uint32_t role, uint32_t kind,
			  const char *at, size_t len);
SHOWN void spec_case_list(struct spec_case *s, uint32_t list, const char *at,
			  size_t len);
SHOWN void spec_case_scan(struct spec_case *s, struct mg_scan *scan);
SHOWN void spec_case_again(struct spec_case *s);
SHOWN int spec_case_vote(struct spec_case *s, uint32_t i, uint32_t out[4]);
SHOWN int spec_case_mask(struct spec_case *s, uint32_t i, uint32_t out[4]);

static char *copy(const char *at, size_t len)
{
	char *own = calloc(1, len + 1);

	if (!own)
		abort();
	memcpy(own, at, len);
	return own;
}

struct spec_case *spec_case_new(void)
{
	struct spec_case *s = calloc(1, sizeof(*s));

	if (!s)
		abort();
	s->c.arena = &s->arena;
	s->c.verdict = &s->verdict;
	s->c.table = NULL;
	s->verdict.arena = &s->arena;
	s->c.segments = s->segments;
	s->c.tags = s->lists[0];
	s->c.groups = s->lists[1];
	s->c.tools = s->lists[2];
	return s;
}

/* Specs are short-lived: what the arena holds is left to the process. */
void spec_case_free(struct spec_case *s)
{
	free(s);
}

struct mg_case *spec_case_of(struct spec_case *s)
{
	return &s->c;
}

void spec_case_attr(struct spec_case *s, uint32_t i, const char *at, size_t len)
{
	s->c.attr[i] = (struct mg_slice){ copy(at, len), len };
}

void spec_case_number(struct spec_case *s, uint32_t i, double n)
{
	s->c.number[i] = n;
}

void spec_case_text(struct spec_case *s, uint32_t role, uint32_t kind,
		    const char *at, size_t len)
{
	if (s->c.segment_count == MOST)
		abort();
	s->segments[s->c.segment_count++] = (struct mg_segment){
		.role = role,
		.kind = kind,
		.text = { copy(at, len), len },
		.path = { "", 0 },
	};
}

void spec_case_list(struct spec_case *s, uint32_t list, const char *at,
		    size_t len)
{
	uint32_t *const counts[] = { &s->c.tag_count, &s->c.group_count,
				     &s->c.tool_count };

	if (*counts[list] == MOST)
		abort();
	s->lists[list][(*counts[list])++] =
		(struct mg_slice){ copy(at, len), len };
}

void spec_case_scan(struct spec_case *s, struct mg_scan *scan)
{
	s->c.scan = scan;
}

/* Forgets the votes, keeps the findings. */
void spec_case_again(struct spec_case *s)
{
	s->verdict.vote_count = 0;
	s->verdict.mask_count = 0;
	s->verdict.because_count = 0;
}

int spec_case_vote(struct spec_case *s, uint32_t i, uint32_t out[4])
{
	if (i >= s->verdict.vote_count)
		return 0;

	const struct vote *v = &s->verdict.votes[i];
	out[0] = v->policy;
	out[1] = v->action;
	out[2] = v->observe;
	out[3] = v->retry;
	return 1;
}

int spec_case_mask(struct spec_case *s, uint32_t i, uint32_t out[4])
{
	if (i >= s->verdict.mask_count)
		return 0;

	const struct masking *m = &s->verdict.masks[i];
	out[0] = m->segment;
	out[1] = m->from;
	out[2] = m->to;
	out[3] = m->style;
	return 1;
}
