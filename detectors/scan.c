/* scan.c - the pass. Implements mg_scan_*.
 *
 *   segments --+-- short ones joined --+--> Vectorscan --> anchors' rows
 *              +-- long ones as they are +                  operators' regexes
 *   each segment --> sieve --> shapes' and hooks' rows
 *   each segment --> judges, with the marks found in it
 *   texts in disguise --> once more, undisguised (views.h)
 *   all findings --> resolve
 *
 * Joined segments have newlines between them; a suspicion never leaves the
 * segment in which it began. What memory a scan takes, it keeps for the next.
 */
#include "detectors/scan.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>

#include "detectors/content/urls.h"
#include "detectors/impl.h"
#include "detectors/linear/linear.h"
#include "detectors/value.h"
#include "detectors/views.h"

/* --- taking what was found --------------------------------------------------
 */

int scan_found(struct mg_scan *scan, uint32_t thing, uint32_t from, uint32_t to,
	       uint32_t score)
{
	struct mg_finding f = {
		.entity = thing,
		.score = score,
		.segment = scan->segment,
		.role = scan->segments[scan->segment].role,
		.from = from,
		.to = to,
	};

	if (from >= to)
		return 0;
	if (scan->in_views) {
		if (!catalogue_plain(scan->cat->things[thing].entity.detector))
			return 0;
		f.segment =
			views_place(&scan->views, scan->segment, &from, &to);
		f.from = from;
		f.to = to;
	}
	/* One secret may be reached from several anchors. */
	for (uint32_t k = scan->count, back = 4; k-- > 0 && back-- > 0;)
		if (scan->found[k].entity == thing &&
		    scan->found[k].segment == f.segment &&
		    scan->found[k].from == from && scan->found[k].to == to)
			return 0;
	if (scan->count == scan->max * RAW_FACTOR)
		return MG_ETOOBIG;
	if (scan->count == scan->cap) {
		scan->cap *= 2;
		scan->found =
			realloc(scan->found, scan->cap * sizeof(*scan->found));
		if (!scan->found)
			abort();
	}
	scan->found[scan->count++] = f;
	return 0;
}

static int scan_note(struct mg_scan *scan, uint32_t thing, uint32_t from,
		     uint32_t to, uint32_t score)
{
	const struct mg_catalogue *cat = scan->cat;
	const struct thing *t = &cat->things[thing];

	/* A judge is shown so many of one segment; more say nothing new. */
	if (scan->noted_count >= MARKS_MAX &&
	    scan->noted[scan->noted_count - MARKS_MAX].segment == scan->segment)
		return 0;
	if (scan->noted_count == scan->noted_cap) {
		scan->noted_cap *= 2;
		scan->noted = realloc(scan->noted,
				      scan->noted_cap * sizeof(*scan->noted));
		if (!scan->noted)
			abort();
	}
	scan->noted[scan->noted_count++] = (struct noted){
		scan->segment,
		thing,
		{ t->in_family, cat->things[t->reported].in_family, from, to,
		  score },
	};
	return 0;
}

static bool is_word(const struct mg_scan *scan, uint32_t i)
{
	return i < scan->len && isalnum((unsigned char)scan->text[i]);
}

/* Is one of the phrases kept under `phrases` near the suspicion? */
static bool is_near(struct mg_scan *scan, uint32_t phrases,
		    const struct sight *s)
{
	struct setting at = { s->text, s->len, s->from, s->to,
			      s->row->flags & ROW_CLOSE };

	return contexts_near(scan->cat->contexts, &scan->mentions, phrases,
			     &at);
}

int scan_suspect(struct mg_scan *scan, uint32_t thing, uint32_t from,
		 uint32_t to, const char *id, uint32_t id_len)
{
	const struct thing *t = &scan->cat->things[thing];
	const struct row *row = t->row;
	struct sight s = {
		.text = scan->text,
		.len = scan->len,
		.from = from,
		.to = to,
		.row = row,
		.n = id_len,
	};
	int score = (int)t->entity.score;

	if (id)
		memcpy(s.id, id, id_len + 1);
	if (row->confirm)
		score = row->confirm(&s);
	if (score <= 0)
		return 0;
	if (row->flags & ROW_SECRET &&
	    !value_is_secret(slice(s.text + s.from, s.to - s.from),
			     row->entropy, row->flags & ROW_EXAMPLES_TOO))
		return 0;
	/* A word for it outweighs a word against it. */
	if (row->context && is_near(scan, thing, &s))
		score += row->boost ? row->boost : 30;
	else if (row->flags & ROW_CONTEXT)
		return 0;
	else if (row->unless && is_near(scan, scan->cat->built_in + thing, &s))
		return 0;
	if (score > 100)
		score = 100;
	if (row->flags & ROW_MARK)
		return scan_note(scan, thing, s.from, s.to, (uint32_t)score);
	return scan_found(scan, t->reported, s.from, s.to, (uint32_t)score);
}

/* --- anchors ----------------------------------------------------------------
 */

static int match_row(struct mg_scan *scan, uint32_t thing, uint32_t from,
		     uint32_t to)
{
	const struct thing *t = &scan->cat->things[thing];
	const struct row *row = t->row;

	if (row->back > from)
		return 0;
	from -= row->back;
	/* What begins inside a match is its tail: reading it again for each
	 * anchor would make a row of anchors cost their number squared. */
	if (scan->passed[thing].turn == scan->turn &&
	    from < scan->passed[thing].to)
		return 0;
	if (!(row->flags & ROW_INSIDE) && is_word(scan, from) && from > 0 &&
	    is_word(scan, from - 1))
		return 0;
	if (row->flags & ROW_TIGHT && from > 0 &&
	    (scan->text[from - 1] == '-' || scan->text[from - 1] == '_' ||
	     scan->text[from - 1] == '.'))
		return 0;
	if (t->code) {
		uint32_t end =
			scan->len - from > t->max ? from + t->max : scan->len;
		/* One byte more, so that \b sees what follows. */
		if (end < scan->len)
			end++;
		int rc = pcre2_match(t->code, (PCRE2_SPTR)scan->text, end, from,
				     PCRE2_NO_UTF_CHECK, scan->tools.match,
				     scan->tools.context);
		if (rc == PCRE2_ERROR_NOMATCH)
			return 0;
		if (rc < 0)
			return MG_ETOOBIG;
		const PCRE2_SIZE *at =
			pcre2_get_ovector_pointer(scan->tools.match);
		int group = rc > 1 && at[2] != PCRE2_UNSET ? 2 : 0;
		from = (uint32_t)at[group];
		to = (uint32_t)at[group + 1];
	}
	if (!(row->flags & ROW_INSIDE) && to > from && is_word(scan, to - 1) &&
	    is_word(scan, to))
		return 0;
	uint32_t before = scan->count + scan->noted_count;
	int rc = scan_suspect(scan, thing, from, to, NULL, 0);
	if (scan->count + scan->noted_count > before)
		scan->passed[thing] = (struct passed){ scan->turn, to };
	return rc;
}

/* Takes the segment that holds `offset` of the block in hand. */
static void take_segment(struct mg_scan *scan, uint32_t i)
{
	if (scan->segment == i)
		return;
	scan->segment = i;
	scan->text = scan->segments[i].text.at;
	scan->len = (uint32_t)scan->segments[i].text.len;
	scan->mentions.read = false;
	scan->turn++;
}

static uint32_t segment_at(const struct mg_scan *scan, uint32_t offset)
{
	uint32_t low = 0, high = scan->block_count;

	while (high - low > 1) {
		uint32_t middle = (low + high) / 2;

		if (scan->block_from[middle] <= offset)
			low = middle;
		else
			high = middle;
	}
	return low;
}

static int on_anchor(unsigned id, unsigned long long from,
		     unsigned long long to, unsigned flags, void *arg)
{
	struct mg_scan *scan = arg;
	const struct anchor *a = &scan->cat->anchors[id];
	const struct watcher *w = scan->cat->watchers + a->first;

	(void)from;
	(void)flags;
	if (a->width == 0) {
		for (uint32_t i = 0; i < a->count; i++)
			scan->asked[w[i].thing / 64] |= 1ull << w[i].thing % 64;
		return 0;
	}
	uint32_t at = (uint32_t)to - a->width;
	uint32_t k = segment_at(scan, at);

	take_segment(scan, scan->block_first + k);
	at -= scan->block_from[k];
	if (at + a->width > scan->len)
		return 0; /* lies across two segments */
	for (uint32_t i = 0; i < a->count && scan->failure == 0; i++)
		scan->failure = match_row(scan, w[i].thing, at, at + a->width);
	return scan->failure != 0;
}

/* Operators' regexes that the block may hold, over each of its segments. */
static int ask_regexes(struct mg_scan *scan)
{
	const struct mg_catalogue *cat = scan->cat;
	int rc = 0;

	for (uint32_t k = 0; k < scan->block_count && rc == 0; k++) {
		take_segment(scan, scan->block_first + k);
		bool odd = !own_is_utf8(scan->text, scan->len);

		for (uint32_t i = 0; i < cat->regex_count && rc == 0; i++) {
			uint32_t thing = cat->regexes[i];
			bool asked = scan->asked[thing / 64] >> thing % 64 & 1;

			if (asked || odd || cat->things[thing].unfiltered)
				rc = own_run(scan, &scan->tools, cat, thing,
					     scan->text, scan->len);
		}
	}
	for (uint32_t i = 0; i < cat->regex_count; i++)
		scan->asked[cat->regexes[i] / 64] = 0;
	return rc;
}

static int run_block(struct mg_scan *scan, const char *at, uint32_t len)
{
	scan->failure = 0;
	if (scan->cat->db && len) {
		hs_error_t rc = hs_scan(scan->cat->db, at, len, 0,
					scan->scratch, on_anchor, scan);
		if (scan->failure < 0)
			return scan->failure;
		if (rc != HS_SUCCESS)
			return MG_EINVAL;
	}
	return scan->cat->regex_count ? ask_regexes(scan) : 0;
}

/* Scans the segments from `first` on that go together; returns the next. */
static int run_blocks(struct mg_scan *scan, uint32_t count)
{
	uint32_t i = 0;

	while (i < count) {
		uint32_t n = 0, used = 0, first = i;

		for (; i < count && n < JOIN_SEGMENTS; i++, n++) {
			struct mg_slice t = scan->segments[i].text;

			if (t.len > JOIN_ONE || used + t.len + 1 > JOIN_MAX)
				break;
			scan->block_from[n] = used;
			if (t.len)
				memcpy(scan->join + used, t.at, t.len);
			used += (uint32_t)t.len;
			scan->join[used++] = '\n';
		}
		const char *at = scan->join;
		if (n < 2) { /* one alone needs no copy */
			i = first + 1;
			n = 1;
			scan->block_from[0] = 0;
			at = scan->segments[first].text.at;
			used = (uint32_t)scan->segments[first].text.len;
		}
		scan->block_first = first;
		scan->block_count = n;
		int rc = run_block(scan, at, used);
		if (rc < 0)
			return rc;
	}
	return 0;
}

/* --- judges -----------------------------------------------------------------
 */

static int take_rulings(struct mg_scan *scan, uint32_t j,
			const struct ruling *ruling, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		uint32_t thing = scan->cat->judge_base[j] + ruling[i].row;

		if (scan->scores_wanted)
			scores_found(&scan->scores,
				     scan->cat->things[thing].entity.name,
				     ruling[i].score);
		if (!scan->cat->things[thing].needed)
			continue;
		int rc = scan_found(scan, thing, ruling[i].from, ruling[i].to,
				    ruling[i].score);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int run_judge(struct mg_scan *scan, uint32_t j, uint32_t first,
		     uint32_t last)
{
	const struct family *family = scan->cat->judges[j];
	struct mark mark[MARKS_MAX];
	struct ruling ruling[RULINGS_MAX];
	uint64_t memo[JUDGE_MEMO / 8] = { 0 };
	struct exhibit x = {
		.text = scan->text,
		.len = scan->len,
		.role = scan->segments[scan->segment].role,
		.marks = mark,
		.memo = memo,
		.linear = scan->cat->linear ? &scan->linear : NULL,
	};

	for (uint32_t i = first; i < last && x.mark_count < MARKS_MAX; i++)
		if (scan->cat->things[scan->noted[i].thing].family == family)
			mark[x.mark_count++] = scan->noted[i].mark;
	if (!(family->needs & JUDGE_TEXT) && x.mark_count == 0)
		return 0;

	uint32_t n;
	do {
		n = family->judge(&x, ruling);
		int rc = take_rulings(scan, j, ruling, n);
		if (rc < 0)
			return rc;
	} while (n == RULINGS_MAX && family->needs & JUDGE_AGAIN);
	return 0;
}

static int run_list(struct mg_scan *scan, uint32_t thing)
{
	const struct thing *t = &scan->cat->things[thing];
	struct mg_slice text = slice(scan->text, scan->len), url, host;
	size_t i = 0;
	int rc = 0;

	if (t->words)
		return words_run(scan, t->words, thing, scan->text, scan->len);
	while (rc == 0 && urls_next(text, i, &url, &host)) {
		uint32_t from = (uint32_t)(url.at - text.at);

		i = from + url.len;
		if (urls_deny(t->urls, host))
			rc = scan_found(scan, thing, from, (uint32_t)i, 100);
	}
	return rc;
}

/* What each segment is asked on its own. Marks lie in order of segment. */
static int run_segment(struct mg_scan *scan, uint32_t *noted)
{
	const struct mg_catalogue *cat = scan->cat;
	int rc = sieve_run(scan, cat, scan->text, scan->len);

	for (uint32_t i = 0; i < cat->list_count && rc == 0; i++)
		rc = run_list(scan, cat->lists[i]);

	uint32_t first = *noted;
	while (*noted < scan->noted_count &&
	       scan->noted[*noted].segment == scan->segment)
		++*noted;
	if (rc == 0 && (cat->linear || scan->scores_wanted))
		linear_judge(linear_built_in(), scan->text, scan->len,
			     &scan->linear);
	if (scan->scores_wanted)
		scores_add(&scan->scores, &scan->linear,
			   scan->segments[scan->segment].role);
	for (uint32_t j = 0; j < cat->judge_count && rc == 0; j++)
		rc = run_judge(scan, j, first, *noted);
	return rc;
}

/* --- mg.h -------------------------------------------------------------------
 */

static int run_all(struct mg_scan *scan, uint32_t count)
{
	uint32_t noted = 0;

	for (uint32_t i = 0; i < count; i++)
		if (scan->segments[i].text.len > SPAN_MAX)
			return MG_ETOOBIG;
	int rc = run_blocks(scan, count);
	for (uint32_t i = 0; i < count && rc == 0; i++) {
		take_segment(scan, i);
		rc = run_segment(scan, &noted);
	}
	return rc;
}

/* The same once more, where a text wears a disguise. */
static int run_views(struct mg_scan *scan, uint32_t count)
{
	int n = views_build(&scan->views, scan->segments, count);

	if (n <= 0)
		return n;
	scan->in_views = true;
	scan->noted_count = 0;
	scan->segments = scan->views.segments;
	scan->segment = UINT32_MAX;
	int rc = run_all(scan, (uint32_t)n);
	scan->in_views = false;
	return rc;
}

int mg_scan_segments(struct mg_scan *scan, const struct mg_segment *seg,
		     uint32_t count)
{
	scan->count = 0;
	scan->noted_count = 0;
	scan->segments = seg;
	scan->segment = UINT32_MAX;
	scores_init(&scan->scores);

	int rc = run_all(scan, count);
	if (rc == 0 && scan->cat->plain)
		rc = run_views(scan, count);

	scan->segments = NULL;
	scan->text = NULL;
	if (rc < 0) {
		/* A partial list would let the unlisted rest through. */
		scan->count = 0;
		return rc;
	}
	scan->count = resolve(scan->cat, scan->found, scan->count);
	if (scan->count > scan->max) {
		scan->count = 0;
		return MG_ETOOBIG;
	}
	return (int)scan->count;
}

int mg_scan_text(struct mg_scan *scan, const char *text, size_t len)
{
	struct mg_segment one = { .role = MG_ROLE_OTHER,
				  .text = { text, len } };

	return mg_scan_segments(scan, &one, 1);
}

const struct mg_finding *mg_scan_at(const struct mg_scan *scan, uint32_t i)
{
	return i < scan->count ? &scan->found[i] : NULL;
}
