/* linear.c - see linear.h */
#include "detectors/linear/linear.h"

#include <math.h>
#include <string.h>

#include "base/hash.h"
#include "base/slice.h"
#include "detectors/linear/tokens.h"

_Static_assert(sizeof(struct linear_head) == 48, "the file is laid out so");
_Static_assert(sizeof(struct linear_file) == 32 + 16 * 48, "and so");

enum {
	CRC_FROM = offsetof(struct linear_file, zero),
	FIRM = 16,    /* a window of few features says little */
	AHEAD = 8,    /* rows asked for before they are added */
	NARROW = 128, /* rows whose sum fits 16 bits */
};

static const char magic[9] = "MGLINEAR";

const float linear_points[LINEAR_POINTS] = { 0.1f, 0.3f, 0.5f, 0.8f };

uint32_t linear_crc(const void *at, size_t len)
{
	return hash_crc32c(0, (const char *)at + CRC_FROM, len - CRC_FROM);
}

float linear_root(uint32_t count)
{
	return 1.0f / sqrtf((float)(count + FIRM));
}

static bool is_head(const struct linear_head *h)
{
	bool fine = memchr(h->name, '\0', sizeof(h->name)) &&
		    isfinite(h->bias) && isfinite(h->scale);

	for (int i = 0; i < LINEAR_POINTS; i++)
		fine = fine && isfinite(h->at[i]) &&
		       (i == 0 || h->at[i] > h->at[i - 1]);
	return fine;
}

int linear_open(struct linear_model *m, const void *at, size_t len)
{
	const struct linear_file *f = at;

	if (len < sizeof(*f) || (uintptr_t)at % 16 ||
	    memcmp(f->magic, magic, 8))
		return MG_EPROTO;
	if (f->version != LINEAR_VERSION || f->bits < LINEAR_BITS_MIN ||
	    f->bits > LINEAR_BITS_MAX || f->heads != SEATS_USED || f->zero ||
	    f->size != len ||
	    len != sizeof(*f) + ((size_t)LINEAR_SEATS << f->bits))
		return MG_EPROTO;
	if (linear_crc(at, len) != f->crc)
		return MG_EPROTO;
	for (uint32_t i = 0; i < f->heads; i++)
		if (!is_head(&f->head[i]))
			return MG_EPROTO;
	m->file = f;
	m->rows = (const int8_t(*)[LINEAR_SEATS])(f + 1);
	return 0;
}

/* Sums of one chunk, and where it lies. */
struct sums {
	int32_t of[LINEAR_SEATS];
	uint32_t count;
	uint32_t from;
	uint32_t to;
};

static void add_up(const struct linear_model *m, const struct chunk *c,
		   struct sums *s)
{
	*s = (struct sums){ .count = c->count, .from = c->from, .to = c->to };
	for (uint32_t i = 0; i < c->count;) {
		uint32_t end = c->count - i > NARROW ? i + NARROW : c->count;
		int16_t narrow[LINEAR_SEATS] = { 0 };

		for (; i < end; i++) {
			const int8_t *row = m->rows[c->feature[i]];

			if (i + AHEAD < c->count)
				__builtin_prefetch(
					m->rows[c->feature[i + AHEAD]]);
			for (int k = 0; k < LINEAR_SEATS; k++)
				narrow[k] = (int16_t)(narrow[k] + row[k]);
		}
		for (int k = 0; k < LINEAR_SEATS; k++)
			s->of[k] += narrow[k];
	}
}

/* Two chunks, or one when `b` is NULL. */
static void weigh_window(const struct linear_model *m, const struct sums *a,
			 const struct sums *b, struct linear_text *out)
{
	uint32_t count = a->count + (b ? b->count : 0);

	if (count == 0)
		return;
	float root = linear_root(count);

	for (uint32_t k = 0; k < SEATS_USED; k++) {
		const struct linear_head *h = &m->file->head[k];
		float sum = (float)(a->of[k] + (b ? b->of[k] : 0));
		float margin = h->bias + h->scale * sum * root;

		if (out->windows && margin <= out->of[k].margin)
			continue;
		out->of[k] = (struct linear_verdict){ margin, a->from,
						      b ? b->to : a->to };
	}
	out->windows++;
}

void linear_judge(const struct linear_model *m, const char *text, uint32_t len,
		  struct linear_text *out)
{
	struct tokens t;
	struct chunk c;
	struct sums sums[2];
	uint32_t n = 0;

	out->windows = 0;
	memset(out->of, 0, sizeof(out->of));
	tokens_init(&t, text, len, m->file->bits);
	for (; tokens_chunk(&t, &c); n++) {
		struct sums *now = &sums[n % 2];

		add_up(m, &c, now);
		if (n == 0 || c.count >= LINEAR_ALONE)
			weigh_window(m, now, NULL, out);
		if (n)
			weigh_window(m, &sums[(n + 1) % 2], now, out);
	}
	explicit_bzero(&c, sizeof(c));
}

float linear_score(const struct linear_model *m, uint32_t seat, float margin)
{
	const float *at = m->file->head[seat].at;
	const float *to = linear_points;
	enum { LAST = LINEAR_POINTS - 1 };

	if (margin <= at[0])
		return to[0] * expf(margin - at[0]);
	for (int i = 1; i < LINEAR_POINTS; i++)
		if (margin <= at[i])
			return to[i - 1] + (to[i] - to[i - 1]) *
						   (margin - at[i - 1]) /
						   (at[i] - at[i - 1]);
	return 1 - (1 - to[LAST]) * expf(at[LAST] - margin);
}

uint32_t linear_percent(const struct linear_model *m, uint32_t seat,
			const struct linear_text *t)
{
	if (!t->windows)
		return 0;
	uint32_t p =
		(uint32_t)(linear_score(m, seat, t->of[seat].margin) * 100);

	return p > 99 ? 99 : p;
}
