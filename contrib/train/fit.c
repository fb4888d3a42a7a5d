/* fit.c - learns the tables of the statistical tier. contrib/train/train runs
 * it; see there.
 *
 *   fit DOCUMENTS PLAN MARGINS MODEL [BITS]
 *                                    learns from the documents the plan marks,
 *                                    writes the model, and what it makes of all
 *   fit --points POINTS MODEL        says what the margins of a model mean
 *
 * Logistic regression for all heads at once: AdaGrad, a fixed order of chance,
 * weights that shrink. Texts are read with the tokens of the detector, and the
 * margins written are those of the finished integer tables.
 *
 * A document is a struct document and its bytes; a plan is a byte a document;
 * margins are SEATS_USED floats a document; points are LINEAR_POINTS floats a
 * head.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/slice.h"
#include "detectors/linear/linear.h"
#include "detectors/linear/tokens.h"

enum { EPOCHS = 6, BITS = 17 };

static const float RATE = 0.4f, START = 0.05f, SHRINK = 2e-6f;

struct document {
	uint32_t len;
	float weight;
	uint32_t mask;  /* heads whose answer is known */
	uint32_t label; /* and is yes */
	int32_t from;   /* where what makes it so stands; -1: everywhere */
	int32_t to;
};

/* A window: features [from, to) of the heap, and what is known of it. */
struct window {
	uint64_t from;
	uint64_t to;
	float weight;
	uint32_t mask;
	uint32_t label;
};

struct pile {
	void *at;
	size_t count;
	size_t cap;
};

static void *pile_more(struct pile *p, size_t n, size_t size)
{
	if (p->count + n > p->cap) {
		p->cap = (p->count + n) * 2;
		p->at = realloc(p->at, p->cap * size);
		if (!p->at)
			abort();
	}
	void *at = (char *)p->at + p->count * size;
	p->count += n;
	return at;
}

static char *slurp(const char *path, size_t *len)
{
	FILE *f = fopen(path, "rb");

	if (!f || fseek(f, 0, SEEK_END))
		exit(2);
	*len = (size_t)ftell(f);
	char *at = aligned_alloc(64, (*len + 128) / 64 * 64);
	rewind(f);
	if (!at || fread(at, 1, *len, f) != *len)
		exit(2);
	fclose(f);
	return at;
}

static void spit(const char *path, const void *at, size_t len)
{
	FILE *f = fopen(path, "wb");

	if (!f || fwrite(at, 1, len, f) != len || fclose(f))
		exit(2);
}

static struct pile features, windows;
static uint32_t bits = BITS;

static void add_window(const struct document *d, uint64_t from, uint64_t to,
		       uint32_t first, uint32_t last)
{
	struct window *w = pile_more(&windows, 1, sizeof(*w));
	uint32_t placed = BIT(SEAT_INJECTION) | BIT(SEAT_INDIRECT);

	*w = (struct window){ from, to, d->weight, d->mask, d->label };
	if (d->from >= 0 &&
	    (last <= (uint32_t)d->from || first >= (uint32_t)d->to))
		w->label &= ~placed;
}

/* The windows the judge would look at. */
static void add_document(const struct document *d, const char *text)
{
	struct tokens t;
	struct chunk c;
	uint64_t before = 0, mine;
	uint32_t first = 0, n = 0;
	size_t from = windows.count;

	tokens_init(&t, text, d->len, bits);
	for (; tokens_chunk(&t, &c); n++, first = c.from, before = mine) {
		mine = features.count;
		memcpy(pile_more(&features, c.count, sizeof(uint32_t)),
		       c.feature, c.count * sizeof(uint32_t));
		if (n == 0 || c.count >= LINEAR_ALONE)
			add_window(d, mine, features.count, c.from, c.to);
		if (n)
			add_window(d, before, features.count, first, c.to);
	}
	struct window *w = windows.at;
	for (size_t i = from; i < windows.count; i++)
		w[i].weight /= (float)(windows.count - from);
}

static uint64_t chance = 88172645463325252ull;

static uint64_t draw(void)
{
	chance ^= chance << 13;
	chance ^= chance >> 7;
	chance ^= chance << 17;
	return chance;
}

static void shuffle(struct window *w, size_t n)
{
	for (size_t i = n; i > 1; i--) {
		size_t k = draw() % i;
		struct window kept = w[i - 1];

		w[i - 1] = w[k];
		w[k] = kept;
	}
}

struct row {
	float of[LINEAR_SEATS];
};

static struct row *weight, *square;
static struct row bias;

static void learn(const struct window *w)
{
	const uint32_t *f = (const uint32_t *)features.at;
	float x = linear_root((uint32_t)(w->to - w->from));
	struct row m = bias, slope = { 0 };

	for (uint64_t i = w->from; i < w->to; i++)
		for (int k = 0; k < LINEAR_SEATS; k++)
			m.of[k] += weight[f[i]].of[k] * x;
	for (int k = 0; k < SEATS_USED; k++) {
		if (!(w->mask >> k & 1))
			continue;
		float p = 1 / (1 + expf(-m.of[k]));
		slope.of[k] = w->weight * (p - (float)(w->label >> k & 1));
		bias.of[k] -= 0.02f * slope.of[k];
	}
	for (uint64_t i = w->from; i < w->to; i++) {
		struct row *at = &weight[f[i]], *sq = &square[f[i]];

		for (int k = 0; k < LINEAR_SEATS; k++) {
			float g = slope.of[k] * x;

			sq->of[k] += g * g;
			at->of[k] -= RATE * g / sqrtf(sq->of[k]) +
				     SHRINK * at->of[k];
		}
	}
}

/* Far weights are cut: few, and they say "surely" as well when shorter. */
static float widest(int k)
{
	double sum = 0;
	size_t n = 0;

	for (size_t i = 0; i < (size_t)1 << bits; i++)
		if (weight[i].of[k] != 0) {
			sum += (double)weight[i].of[k] * weight[i].of[k];
			n++;
		}
	return n ? (float)sqrt(sum / (double)n) * 6 : 1;
}

static struct linear_file *finish(void)
{
	static const char *const name[LINEAR_SEATS] = {
		"injection",          "indirect",
		"toxicity",           "toxicity.harassment",
		"toxicity.hate",      "toxicity.illicit",
		"toxicity.self_harm", "toxicity.sexual",
		"toxicity.violence",  "code",
	};
	size_t rows = (size_t)1 << bits;
	size_t len = sizeof(struct linear_file) + rows * LINEAR_SEATS;
	struct linear_file *f = aligned_alloc(64, (len + 63) / 64 * 64);
	int8_t(*to)[LINEAR_SEATS] = (int8_t(*)[LINEAR_SEATS])(f + 1);

	memset(f, 0, len);
	memcpy(f->magic, "MGLINEAR", 8);
	f->version = LINEAR_VERSION;
	f->bits = bits;
	f->heads = SEATS_USED;
	f->size = (uint32_t)len;
	for (int k = 0; k < SEATS_USED; k++) {
		struct linear_head *h = &f->head[k];
		float unit = widest(k) / 127;

		snprintf(h->name, sizeof(h->name), "%s", name[k]);
		h->bias = bias.of[k];
		h->scale = unit;
		for (int i = 0; i < LINEAR_POINTS; i++)
			h->at[i] = (float)i;
		for (size_t i = 0; i < rows; i++) {
			float v = roundf(weight[i].of[k] / unit);

			to[i][k] = (int8_t)fmaxf(-127, fminf(127, v));
		}
	}
	f->crc = linear_crc(f, len);
	return f;
}

static int set_points(const char *points, const char *path)
{
	size_t len, n;
	char *file = slurp(path, &len), *at = slurp(points, &n);
	struct linear_file *f = (struct linear_file *)(void *)file;

	if (n != sizeof(float) * LINEAR_POINTS * SEATS_USED)
		return 2;
	for (int k = 0; k < SEATS_USED; k++)
		memcpy(f->head[k].at, at + (size_t)k * sizeof(f->head[k].at),
		       sizeof(f->head[k].at));
	f->crc = linear_crc(f, len);
	spit(path, file, len);
	return 0;
}

int main(int argc, char **argv)
{
	struct pile margins = { 0 };
	struct linear_model model;
	size_t len, plan_len, number = 0;

	if (argc == 4 && !strcmp(argv[1], "--points"))
		return set_points(argv[2], argv[3]);
	if (argc < 5)
		return 2;
	if (argc > 5)
		bits = (uint32_t)atoi(argv[5]);

	char *docs = slurp(argv[1], &len), *plan = slurp(argv[2], &plan_len);
	weight = calloc((size_t)1 << bits, sizeof(*weight));
	square = calloc((size_t)1 << bits, sizeof(*square));
	if (!weight || !square)
		abort();
	for (size_t i = 0; i < (size_t)1 << bits; i++)
		for (int k = 0; k < LINEAR_SEATS; k++)
			square[i].of[k] = START;
	for (size_t at = 0; at < len && number < plan_len; number++) {
		struct document d;

		memcpy(&d, docs + at, sizeof(d));
		at += sizeof(d);
		if (plan[number])
			add_document(&d, docs + at);
		at += d.len;
	}
	for (int e = 0; e < EPOCHS; e++) {
		shuffle(windows.at, windows.count);
		for (size_t i = 0; i < windows.count; i++)
			learn((struct window *)windows.at + i);
	}

	struct linear_file *f = finish();
	spit(argv[4], f, f->size);
	if (linear_open(&model, f, f->size) < 0)
		abort();
	for (size_t at = 0; at < len;) {
		struct linear_text t;
		struct document d;
		float *m = pile_more(&margins, SEATS_USED, sizeof(*m));

		memcpy(&d, docs + at, sizeof(d));
		linear_judge(&model, docs + at + sizeof(d), d.len, &t);
		for (int k = 0; k < SEATS_USED; k++)
			m[k] = t.windows ? t.of[k].margin : -99;
		at += sizeof(d) + d.len;
	}
	spit(argv[3], margins.at, margins.count * sizeof(float));
	return 0;
}
