/* resolve.c - from suspicions that held to the findings that are reported.
 *
 * Of overlapping findings of one entity the longest stays, then the surest.
 * Two entities that share bytes are both reported, except that a row which
 * yields (a general guess) gives way to any surer name of the bytes it touches.
 */
#include <string.h>

#include "detectors/impl.h"

/* Same entity together, in order of place, the longer first. */
static int by_entity(const struct mg_finding *p, const struct mg_finding *q)
{
	if (p->segment != q->segment)
		return p->segment < q->segment ? -1 : 1;
	if (p->entity != q->entity)
		return p->entity < q->entity ? -1 : 1;
	if (p->from != q->from)
		return p->from < q->from ? -1 : 1;
	if (p->to != q->to)
		return p->to > q->to ? -1 : 1;
	return (p->score < q->score) - (p->score > q->score);
}

static int by_place(const struct mg_finding *p, const struct mg_finding *q)
{
	if (p->segment != q->segment)
		return p->segment < q->segment ? -1 : 1;
	if (p->from != q->from)
		return p->from < q->from ? -1 : 1;
	if (p->to != q->to)
		return p->to < q->to ? -1 : 1;
	return (p->entity > q->entity) - (p->entity < q->entity);
}

/* Shell sort: in place, for qsort() may allocate. */
static void sort(struct mg_finding *at, uint32_t count,
		 int (*order)(const struct mg_finding *,
			      const struct mg_finding *))
{
	uint32_t gap = 1;

	while (gap < count / 3)
		gap = gap * 3 + 1;
	for (; gap > 0; gap /= 3)
		for (uint32_t i = gap; i < count; i++) {
			struct mg_finding f = at[i];
			uint32_t k = i;

			for (; k >= gap && order(&at[k - gap], &f) > 0;
			     k -= gap)
				at[k] = at[k - gap];
			at[k] = f;
		}
}

static bool is_better(const struct mg_finding *a, const struct mg_finding *b)
{
	uint32_t m = a->to - a->from, n = b->to - b->from;

	return m != n ? m > n : a->score > b->score;
}

static uint32_t drop_overlaps(struct mg_finding *at, uint32_t count)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < count; i++) {
		const struct mg_finding *f = &at[i];
		bool keep = true;

		/* A newcomer beats all that it overlaps, or goes. */
		while (keep && kept > 0) {
			struct mg_finding *last = &at[kept - 1];

			if (last->segment != f->segment ||
			    last->entity != f->entity || last->to <= f->from)
				break;
			if (is_better(f, last))
				kept--;
			else
				keep = false;
		}
		if (keep)
			at[kept++] = *f;
	}
	return kept;
}

static bool yields(const struct mg_catalogue *cat, const struct mg_finding *f)
{
	const struct row *row = cat->things[f->entity].row;

	return row && row->flags & ROW_YIELDS;
}

/* Does a finding name the very bytes it spans? A judge's ruling is about a
 * passage: that a key stands in source code makes it no less a key. */
static bool names_bytes(const struct mg_catalogue *cat,
			const struct mg_finding *f)
{
	const char *detector = cat->things[f->entity].entity.detector;

	return strcmp(detector, "pii") == 0 || strcmp(detector, "secret") == 0;
}

static bool covers(const struct mg_catalogue *cat, const struct mg_finding *by,
		   const struct mg_finding *f)
{
	return by->score >= f->score && names_bytes(cat, by) &&
	       !yields(cat, by);
}

static bool is_covered(const struct mg_catalogue *cat,
		       const struct mg_finding *at, uint32_t count, uint32_t i)
{
	const struct mg_finding *f = &at[i];

	for (uint32_t k = i + 1; k < count; k++) {
		if (at[k].segment != f->segment || at[k].from >= f->to)
			break;
		if (covers(cat, &at[k], f))
			return true;
	}
	/* Those that began earlier: few, for spans are short. */
	for (uint32_t k = i, back = 64; k-- > 0 && back-- > 0;) {
		if (at[k].segment != f->segment)
			break;
		if (at[k].to > f->from && covers(cat, &at[k], f))
			return true;
	}
	return false;
}

uint32_t resolve(const struct mg_catalogue *cat, struct mg_finding *at,
		 uint32_t count)
{
	uint32_t kept = 0;

	if (count < 2)
		return count;
	sort(at, count, by_entity);
	count = drop_overlaps(at, count);
	sort(at, count, by_place);

	/* Marked first, removed after: the look back needs them all. */
	for (uint32_t i = 0; i < count; i++)
		if (yields(cat, &at[i]) && is_covered(cat, at, count, i))
			at[i].score = 0;
	for (uint32_t i = 0; i < count; i++)
		if (at[i].score)
			at[kept++] = at[i];
	return kept;
}
