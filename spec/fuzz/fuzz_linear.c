/* fuzz_linear.c - any bytes as a model, and any bytes as a text.
 *
 * The first byte says which. A model that is taken is used; a text must give
 * windows inside itself, and the same scores from a copy of it.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "detectors/linear/linear.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_text(const struct linear_model *m, const uint8_t *data,
		      size_t size)
{
	struct linear_text a, b;
	char *copy = malloc(size + 1);

	memcpy(copy, data, size);
	linear_judge(m, copy, (uint32_t)size, &a);
	linear_judge(m, (const char *)data, (uint32_t)size, &b);
	free(copy);
	if (a.windows != b.windows || memcmp(a.of, b.of, sizeof(a.of)))
		abort();
	for (uint32_t k = 0; k < SEATS_USED && a.windows; k++) {
		float s = linear_score(m, k, a.of[k].margin);

		if (a.of[k].from >= a.of[k].to || a.of[k].to > size)
			abort();
		if (m == linear_built_in() && !(s >= 0 && s <= 1))
			abort();
	}
}

/* The fuzzer finds no checksum by chance: it is put right for it. */
static void read_model(const uint8_t *data, size_t size)
{
	size_t len = sizeof(struct linear_file) +
		     ((size_t)LINEAR_SEATS << LINEAR_BITS_MIN);
	struct linear_file *f = aligned_alloc(64, (len + 63) / 64 * 64);
	struct linear_model m;

	memset(f, 0, len);
	memcpy(f, data, size < len ? size : len);
	if (size > 1 && data[size - 1] & 1) {
		memcpy(f->magic, "MGLINEAR", 8);
		f->version = LINEAR_VERSION;
		f->bits = LINEAR_BITS_MIN;
		f->heads = SEATS_USED;
		f->size = (uint32_t)len;
		f->zero = 0;
	}
	f->crc = linear_crc(f, len);
	if (linear_open(&m, f, len) == 0)
		read_text(&m, data, size);
	free(f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	if (data[0] & 1)
		read_text(linear_built_in(), data + 1, size - 1);
	else
		read_model(data + 1, size - 1);
	return 0;
}
