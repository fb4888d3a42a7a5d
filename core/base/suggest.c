/* suggest.c - see suggest.h. Optimal string alignment over three rows. */
#include "base/suggest.h"

#include <string.h>

enum { LONGEST = 63 };

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

unsigned suggest_distance(const char *a, const char *b, unsigned max)
{
	size_t la = strlen(a), lb = strlen(b);
	unsigned row[3][LONGEST + 1];

	if (la > LONGEST || lb > LONGEST)
		return max + 1;
	for (unsigned j = 0; j <= lb; j++)
		row[0][j] = j;
	for (unsigned i = 1; i <= la; i++) {
		unsigned *now = row[i % 3];
		const unsigned *up = row[(i + 2) % 3];
		const unsigned *above = row[(i + 1) % 3];

		now[0] = i;
		for (unsigned j = 1; j <= lb; j++) {
			unsigned differs = a[i - 1] != b[j - 1];

			now[j] = least(least(up[j], now[j - 1]) + 1,
				       up[j - 1] + differs);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				now[j] = least(now[j], above[j - 2] + 1);
		}
	}
	return least(row[la % 3][lb], max + 1);
}

void suggest_init(struct suggest *s, const char *word)
{
	/* Half a short word's letters may be wrong, three of a long one's. */
	unsigned worst = (unsigned)least((unsigned)strlen(word) / 2, 3);

	*s = (struct suggest){ .word = word, .distance = worst + 1 };
}

void suggest_offer(struct suggest *s, const char *name)
{
	unsigned d = suggest_distance(s->word, name, s->distance);

	if (d < s->distance) {
		s->best = name;
		s->distance = d;
	}
}
