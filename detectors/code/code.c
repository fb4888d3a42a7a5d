/* code.c - source code, by what its lines look like.
 *
 *   lines --> points a line --> runs of lines with few gaps --> the best run
 *
 * Prose has few of the bytes programs are made of, so most lines are left after
 * one count. A line earns points by its end (; { } ,), its operators, its first
 * word, its calls and assignments. A run of lines that earns enough is code;
 * so is what a fence (```) holds, if it is not prose in a fence.
 *
 * Scores: 80 and more a program, 50 a few lines, 30 a line or two. Which
 * language, and code without a line's shape, are the work of the statistical
 * tier.
 */
#ifdef __SSE2__
#include <emmintrin.h>
#endif
#include <ctype.h>
#include <string.h>

#include "base/slice.h"
#include "detectors/list.h"

enum {
	GAP = 3,        /* lines that earn nothing, inside a run */
	LINE_MAX = 400, /* what is read of a line */
	SPARSE = 48,    /* a line of so many bytes without one is prose */
	SURE = 98,      /* the highest score */
};

/* First words that begin a statement or a declaration. */
static const char *const openers[] = {
	"#include",  "#define",   "#ifdef",    "#ifndef",  "#pragma",
	"import",    "from",      "def",       "class",    "return",
	"public",    "private",   "protected", "static",   "const",
	"let",       "var",       "function",  "func",     "fn",
	"struct",    "enum",      "interface", "package",  "using",
	"namespace", "if",        "else",      "elif",     "for",
	"while",     "switch",    "case",      "try",      "except",
	"catch",     "finally",   "raise",     "throw",    "export",
	"module",    "require",   "local",     "end",      "void",
	"int",       "char",      "double",    "float",    "bool",
	"string",    "auto",      "template",  "typedef",  "async",
	"await",     "yield",     "with",      "print",    "println",
	"echo",      "SELECT",    "INSERT",    "UPDATE",   "DELETE",
	"CREATE",    "ALTER",     "BEGIN",     "impl",     "pub",
	"mod",       "use",       "match",     "type",     "trait",
	"lambda",    "@Override", "final",     "abstract", "extends",
	"unsigned",  "long",      "new",       "do",
};

/* What programs are written with, and sentences are not. */
static const char program_bytes[] = ";{}(=<>[_$|#";

static const bool is_program_byte[256] = {
	[';'] = true, ['{'] = true, ['}'] = true, ['('] = true,
	['='] = true, ['<'] = true, ['>'] = true, ['['] = true,
	['_'] = true, ['$'] = true, ['|'] = true, ['#'] = true,
};

static uint32_t count_program_bytes(const char *at, uint32_t len)
{
	uint32_t n = 0, i = 0;

#ifdef __SSE2__
	__m128i sum = _mm_setzero_si128();
	uint32_t turns = 0;

	for (; i + 16 <= len; i += 16) {
		__m128i b = _mm_loadu_si128((const __m128i *)(at + i));
		__m128i any = _mm_setzero_si128();

		for (size_t k = 0; k < sizeof(program_bytes) - 1; k++)
			any = _mm_or_si128(
				any,
				_mm_cmpeq_epi8(
					b, _mm_set1_epi8(program_bytes[k])));
		/* Equal bytes are -1, so taking them away counts them. */
		sum = _mm_sub_epi8(sum, any);
		if (++turns == 255 || i + 32 > len) {
			__m128i two = _mm_sad_epu8(sum, _mm_setzero_si128());

			n += (uint32_t)_mm_cvtsi128_si32(two) +
			     (uint32_t)_mm_extract_epi16(two, 4);
			sum = _mm_setzero_si128();
			turns = 0;
		}
	}
#endif
	for (; i < len; i++)
		n += is_program_byte[(unsigned char)at[i]];
	return n;
}

static bool opens(const char *at, uint32_t len)
{
	uint32_t n = 0;

	while (n < len &&
	       (isalpha((unsigned char)at[n]) || at[n] == '#' || at[n] == '@'))
		n++;
	if (n < 2 || n > 9)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(openers); i++)
		if (openers[i][0] == at[0] && !strncmp(openers[i], at, n) &&
		    openers[i][n] == '\0')
			return true;
	return false;
}

/* What follows a byte in a pair that programs have and prose hardly does. */
static const char *second_of(char first)
{
	switch (first) {
	case '=':
		return "=>";
	case '!':
	case '+':
	case '*':
		return "=+";
	case '-':
		return "=>";
	case '&':
		return "&";
	case '|':
		return "|";
	case ':':
		return ":=";
	case '<':
		return "</";
	case '>':
		return ">";
	case '(':
		return ")";
	case '[':
		return "]";
	case '{':
		return "}";
	case '"':
		return ")";
	case ')':
		return ";";
	}
	return NULL;
}

static uint32_t count_operators(const char *at, uint32_t len)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i + 1 < len; i++) {
		if (isalnum((unsigned char)at[i]) || at[i] == ' ')
			continue;
		const char *second = second_of(at[i]);
		n += second && at[i + 1] && strchr(second, at[i + 1]);
	}
	return n;
}

/* name(, name.name, name = value, name: type */
static uint32_t count_names(const char *at, uint32_t len)
{
	uint32_t n = 0;

	for (uint32_t i = 1; i + 1 < len; i++) {
		bool word =
			isalnum((unsigned char)at[i - 1]) || at[i - 1] == '_';

		if (at[i] == '(' && word)
			n++;
		else if (at[i] == '.' && word &&
			 (islower((unsigned char)at[i + 1]) ||
			  at[i + 1] == '_') &&
			 islower((unsigned char)at[i - 1]))
			n++;
		else if (at[i] == '_' && word &&
			 isalnum((unsigned char)at[i + 1]))
			n++;
		else if (at[i] == '=' && at[i + 1] != '=' &&
			 (at[i - 1] == ' ' || word))
			n += 2;
	}
	return n > 4 ? 4 : n;
}

static uint32_t count_words(const char *at, uint32_t len)
{
	uint32_t n = 0, run = 0;

	for (uint32_t i = 0; i < len; i++) {
		if (isalpha((unsigned char)at[i]) || (at[i] & 0x80)) {
			run++;
			continue;
		}
		if (run && (at[i] == ' ' || at[i] == '.' || at[i] == ','))
			n++;
		run = 0;
	}
	return n;
}

/* 0..10: how much a line without indentation looks like one of a program. */
static uint32_t points_of(const char *at, uint32_t len, bool indented)
{
	uint32_t points = 0;
	char last;

	while (len && isspace((unsigned char)at[len - 1]))
		len--;
	if (len == 0)
		return 0;
	last = at[len - 1];
	if (len == 1)
		return strchr("{}()[]", last) ? 4 : 0;
	if (last == ';' || last == '{' || last == '}')
		points += 4;
	else if (last == ')' || last == ',' || last == ':' || last == '(' ||
		 last == '[' || last == ']' || last == '>')
		points += 1;

	uint32_t operators = count_operators(at, len);
	uint32_t names = count_names(at, len);
	points += operators > 2 ? 4 : operators * 2;
	points += names;
	if (opens(at, len))
		points += operators || names || last == ':' || last == ';' ? 3
									   : 1;
	if (!memcmp(at, "//", 2) || !memcmp(at, "/*", 2) || at[0] == '#')
		points += 1;
	if (at[0] == '<' && last == '>')
		points += 4;
	if (indented && points)
		points += 1;
	/* A sentence with a call in it is still a sentence. */
	uint32_t words = count_words(at, len);
	if (words > 7 && operators < 2 && last != ';' && last != '{')
		points = points > 4 ? points - 4 : 0;
	return points > 10 ? 10 : points;
}

/* Comments are prose inside programs: neither for nor against. */
static bool is_comment(const char *at, uint32_t len)
{
	return at[0] == '#' || at[0] == '*' || at[0] == ';' || at[0] == '%' ||
	       (len > 1 && (!memcmp(at, "//", 2) || !memcmp(at, "/*", 2) ||
			    !memcmp(at, "--", 2)));
}

/* A run of lines that earn points. */
struct run {
	uint32_t from;
	uint32_t to;
	uint32_t lines;
	uint32_t points;
	uint32_t gap;
};

static uint32_t score_of(const struct run *r)
{
	uint32_t score;

	if (r->lines == 0)
		return 0;
	/* Three good lines are a snippet, ten are a program. */
	score = 20 + r->points * 3;
	if (r->lines < 3 && score > 48)
		score = 48;
	return score > SURE ? SURE : score;
}

static void keep_best(struct run *best, struct run *now)
{
	if (score_of(now) > score_of(best))
		*best = *now;
	*now = (struct run){ 0 };
}

static uint32_t judge(const struct exhibit *x, struct ruling out[RULINGS_MAX])
{
	struct run best = { 0 }, now = { 0 };
	bool fenced = false;

	for (uint32_t i = 0; i < x->len;) {
		const char *eol = memchr(x->text + i, '\n', x->len - i);
		uint32_t end = eol ? (uint32_t)(eol - x->text) : x->len;
		uint32_t at = i;

		while (at < end && (x->text[at] == ' ' || x->text[at] == '\t'))
			at++;
		if (end - at >= 3 && !memcmp(x->text + at, "```", 3)) {
			fenced = !fenced;
			now.gap = 0;
			i = end + 1;
			continue;
		}
		uint32_t len = end - at < LINE_MAX ? end - at : LINE_MAX;
		uint32_t n = count_program_bytes(x->text + at, len);
		uint32_t points = 0;

		/* Most lines of prose end here; and what is surely a program
		 * only has to go on. */
		if (score_of(&now) >= SURE)
			points = n ? 3 : 0;
		else if (n && n * SPARSE >= len)
			points = points_of(x->text + at, len, at > i);

		if (points >= (fenced ? 2 : 3)) {
			if (now.lines++ == 0)
				now.from = i;
			now.to = end;
			now.points += points + fenced;
			now.gap = 0;
		} else if (len && !is_comment(x->text + at, len) &&
			   ++now.gap > GAP) {
			keep_best(&best, &now);
		}
		i = end + 1;
	}
	keep_best(&best, &now);

	uint32_t score = score_of(&best);
	if (score < 30)
		return 0;
	out[0] = (struct ruling){ 0, best.from, best.to, score };
	return 1;
}

static const struct row rows[] = {
	{ "code.source", "Source code, of any language", "source_code",
	  .alias = "source_code", .mask = "CODE", .score = 80,
	  .hit = { "int main(void)\n{\n\tputs(\"hi\");\n\treturn 0;\n}\n",
		   "def f(x):\n    y = x + 1\n    return g(y)\n" },
	  .miss = { "Dear Ann,\nthe meeting (on Monday) is moved.\nBest, Joe",
		    "1. Eggs\n2. Milk (2 l)\n3. Bread = good\n" } },
};

const struct family family_code = {
	.name = "code",
	.rows = rows,
	.count = ARRAY_LEN(rows),
	.needs = JUDGE_TEXT,
	.judge = judge,
};
