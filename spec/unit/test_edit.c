/* test_edit.c - replacements land where they should and nowhere else. */
#include <stdlib.h>

#include "test.h"
#include "text/edit.h"
#include "text/json.h"

static struct arena arena;
static struct segments segs;
static struct buf out;
static struct mg_shape *shape;

static void read(struct mg_slice type, struct mg_slice body)
{
	arena_deinit(&arena);
	segments_init(&segs, &arena);
	buf_clear(&out);
	segments_of_body(&segs, shape, type, body);
}

/* Replaces every `find` in every segment by `with`. */
static int replace(struct mg_slice body, const char *find, const char *with,
		   struct edit_left *left)
{
	static struct edit edits[64];
	uint32_t n = 0;
	size_t len = strlen(find);

	for (uint32_t i = 0; i < segs.count; i++) {
		struct mg_slice text = segs.at[i].text;
		for (size_t at = 0; at + len <= text.len;) {
			if (memcmp(text.at + at, find, len) != 0) {
				at++;
				continue;
			}
			edits[n++] = (struct edit){ i, (uint32_t)at,
						    (uint32_t)(at + len),
						    slice_str(with) };
			at += len;
		}
	}
	return edit_apply(&arena, body, segs.at, segs.count, edits, n, left,
			  &out);
}

static void bytes_change_only_where_they_should(void)
{
	static const struct {
		const char *type, *body, *find, *with, *want;
	} cases[] = {
		{ "application/json", "{ \"a\" : \"mail ann@x.io now\" }",
		  "ann@x.io", "[EMAIL]", "{ \"a\" : \"mail [EMAIL] now\" }" },
		/* Escapes are whole: of the input, and of the replacement. */
		{ "application/json", "{\"a\":\"x\\u0041nn\\n@\\\"y\"}",
		  "Ann\n@\"", "\"\n", "{\"a\":\"x\\\"\\ny\"}" },
		{ "application/json", "[\"\\ud83d\\ude00b\"]",
		  "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80",
		  "[\"\xf0\x9f\x98\x80"
		  "b\"]" },
		{ "application/json", "[\"aXb\",\"X\"]", "X", "",
		  "[\"ab\",\"\"]" },
		{ "application/json", "[\"aXbXc\",\"X\"]", "X", "--",
		  "[\"a--b--c\",\"--\"]" },
		/* JSON in a string: escaped twice, and still JSON. */
		{ "application/json",
		  "{\"args\":\"{\\\"to\\\":\\\"ann@x.io\\\",\\\"n\\\":1}\"}",
		  "ann@x.io", "\"q\"",
		  "{\"args\":\"{\\\"to\\\":\\\"\\\\\\\"q\\\\\\\"\\\",\\\"n\\\""
		  ":1}\"}" },
		/* A number is replaced whole, by a string. */
		{ "application/json", "{\"args\":\"{\\\"n\\\":41111111}\"}",
		  "4111", "[N]", "{\"args\":\"{\\\"n\\\":\\\"[N]\\\"}\"}" },
		{ "application/json", "{\"deep\":{\"n\":41111111,\"m\":2}}",
		  "4111", "[N]", "{\"deep\":{\"n\":\"[N]\",\"m\":2}}" },
		/* Over a brace and a comma: only the strings change. */
		{ "application/json", "{\"args\":\"[\\\"ab\\\", \\\"cd\\\"]\"}",
		  "b\", \"c", "*", "{\"args\":\"[\\\"a*\\\", \\\"*d\\\"]\"}" },
		/* Inside an escape of the inner JSON: all of the escape. */
		{ "application/json", "{\"args\":\"[\\\"a\\\\nb\\\"]\"}", "nb",
		  "*", "{\"args\":\"[\\\"a*\\\"]\"}" },
		{ "application/x-www-form-urlencoded", "a=x&q=ann%40x.io+y&b=1",
		  "ann@x.io", "[A B]", "a=x&q=%5BA+B%5D+y&b=1" },
		{ "application/x-www-form-urlencoded",
		  "f.req=%5Bnull%2C%22hi+ann%40x.io%22%5D&at=1", "ann@x.io",
		  "\"", "f.req=%5Bnull%2C%22hi+%5C%22%22%5D&at=1" },
		{ "text/plain", "hi ann@x.io\r\n", "ann@x.io", "[EMAIL]",
		  "hi [EMAIL]\r\n" },
		{ "text/plain",
		  "\xff\xfe"
		  "a\0b\0c\0",
		  "b", "\xc3\xa9",
		  "\xff\xfe"
		  "a\0\xe9\0c\0" },
		{ "application/json",
		  "{\"img\":\"data:text\\/plain;base64,aGkgYW5uQHguaW8=\"}",
		  "ann@x.io", "[E]",
		  "{\"img\":\"data:text\\/plain;base64,aGkgW0Vd\"}" },
		{ "application/json", "{\"img\":\"data:,hi%20ann%40x.io\"}",
		  "ann@x.io", "[E]", "{\"img\":\"data:,hi%20%5BE%5D\"}" },
		/* Not JSON after all: the escapes still count. */
		{ "application/json", "{\"a\":\"\\u0061nn@x.io\"", "ann@x.io",
		  "[E]", "{\"a\":\"[E]\"" },
		{ "application/json", "{\"a\":\"\xff ann@x.io\"}", "ann@x.io",
		  "[E]", "{\"a\":\"\xff [E]\"}" },
		{ "application/x-ndjson", "{\"a\":\"X\"}\n{\"a\":\"bX\"}\n",
		  "X", "Y", "{\"a\":\"Y\"}\n{\"a\":\"bY\"}\n" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		bool wide = cases[i].body[0] == '\xff';
		struct mg_slice body = slice_str(cases[i].body);
		struct mg_slice want = slice_str(cases[i].want);
		body.len = wide ? 8 : body.len;
		want.len = wide ? 8 : want.len;
		read(slice_str(cases[i].type), body);
		OK(replace(body, cases[i].find, cases[i].with, NULL) > 0);
		bool same = slice_same(buf_slice(&out), want);
		if (!same)
			printf("# got %.*s\n", (int)buf_len(&out),
			       buf_slice(&out).at);
		OK(same);
	}
}

static void what_may_not_change_is_left_and_counted(void)
{
	struct edit_left left;
	struct mg_slice body = slice_str("{\"sealed\":\"X\",\"opaque\":\"X\","
					 "\"args\":\"{\\\"X\\\":1}\"}");

	read(slice_str("application/json"), body);
	OK(segs.count == 2 && segs.at[0].kind == MG_SEGMENT_SEALED);
	OK(replace(body, "X", "Y", &left) == 0);
	OK(left.sealed == 1 && left.keys == 1 && buf_len(&out) == 0);
}

static void nonsense_is_refused(void)
{
	struct mg_slice body = slice_str("[\"abc\"]");
	struct edit beyond = { 0, 2, 4, slice_str("") };
	struct edit turned = { 0, 2, 1, slice_str("") };
	struct edit nobody = { 1, 0, 1, slice_str("") };
	struct edit unsorted[] = { { 0, 2, 3, slice_str("") },
				   { 0, 0, 1, slice_str("") } };

	read(slice_str(""), body);
	OK(edit_apply(&arena, body, segs.at, 1, &beyond, 1, NULL, &out) ==
	   MG_EINVAL);
	OK(edit_apply(&arena, body, segs.at, 1, &turned, 1, NULL, &out) ==
	   MG_EINVAL);
	OK(edit_apply(&arena, body, segs.at, 1, &nobody, 1, NULL, &out) ==
	   MG_EINVAL);
	OK(edit_apply(&arena, body, segs.at, 1, unsorted, 2, NULL, &out) ==
	   MG_EINVAL);
	OK(edit_apply(&arena, body, segs.at, 1, NULL, 0, NULL, &out) == 0);
}

static void overlapping_edits_act_as_one(void)
{
	struct mg_slice body = slice_str("[\"abcdefgh\"]");
	struct edit edits[] = { { 0, 1, 4, slice_str("1") },
				{ 0, 3, 6, slice_str("2") },
				{ 0, 6, 7, slice_str("3") } };

	read(slice_str(""), body);
	OK(edit_apply(&arena, body, segs.at, 1, edits, 3, NULL, &out) == 1);
	OK(slice_is(buf_slice(&out), "[\"a13h\"]"));
}

/* --- whatever is masked, JSON stays JSON and the rest stays itself ---------
 */

static uint32_t dice(uint32_t sides)
{
	static uint64_t state = 0x9e3779b97f4a7c15u;

	state = state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(state >> 33) % sides;
}

/* The inside of a JSON string, at random: plain, escaped, many bytes long. */
static void add_string(struct buf *b)
{
	static const char *const pieces[] = {
		"a",
		"Z",
		" ",
		"\\n",
		"\\\"",
		"\\\\",
		"\\u00e9",
		"\xc3\xa9",
		"\\ud83d\\ude00",
		"\xf0\x9f\x98\x80",
		"\xe4\xbd\xa0",
		"\\/",
		"{",
		"]",
		",",
		"1",
	};

	for (uint32_t n = dice(12); n > 0; n--)
		buf_add_str(b, pieces[dice(ARRAY_LEN(pieces))]);
}

static void add_embedded(struct buf *b)
{
	struct buf inner;

	buf_init(&inner, 1 << 16);
	buf_add_str(&inner, "{\"k\":\"");
	add_string(&inner);
	buf_addf(&inner, "\",\"n\":%u,\"list\":[\"", dice(1000000000));
	add_string(&inner);
	buf_add_str(&inner, "\",true]}");
	char *room = buf_room(b, json_escape(buf_slice(&inner), NULL));
	buf_grow(b, json_escape(buf_slice(&inner), room));
	buf_deinit(&inner);
}

static struct mg_slice random_body(struct buf *b)
{
	buf_clear(b);
	buf_add_str(b, "{\"args\":\"");
	add_embedded(b);
	for (uint32_t i = dice(4); i > 0; i--) {
		buf_addf(b, "\",\n \"s%u\" : \"", i);
		add_string(b);
	}
	buf_add_str(b, "\"}");
	return buf_slice(b);
}

static bool has_kept(const struct mg_segment *was, const struct mg_segment *is)
{
	return slice_same(was->path, is->path) && was->role == is->role;
}

static void any_mask_leaves_valid_json(void)
{
	struct arena other;
	struct buf b;
	int invalid = 0, moved = 0, changed = 0, unmasked = 0;

	arena_init(&other);
	buf_init(&b, 1 << 16);
	for (int round = 0; round < 20000; round++) {
		struct mg_slice body = random_body(&b);
		read(slice_str("application/json"), body);
		if (!segs.count)
			continue;
		uint32_t which = dice(segs.count);
		struct mg_slice text = segs.at[which].text;
		uint32_t from = dice((uint32_t)text.len + 1);
		uint32_t to = from + dice((uint32_t)text.len + 1 - from);
		struct edit e = { which, from, to, slice_str("[\"\\X\n]") };
		int n = edit_apply(&arena, body, segs.at, segs.count, &e, 1,
				   NULL, &out);
		if (n <= 0) {
			unmasked +=
				n < 0 || segs.at[which].coding == CODING_JSON;
			continue;
		}
		invalid += !json_valid(buf_slice(&out), 64);
		struct segments after;
		segments_init(&after, &other);
		segments_of_body(&after, shape, slice_str("application/json"),
				 buf_slice(&out));
		moved += after.count != segs.count;
		for (uint32_t i = 0; i < after.count && i < segs.count; i++) {
			moved += !has_kept(&segs.at[i], &after.at[i]);
			if (i != which)
				changed += !slice_same(segs.at[i].text,
						       after.at[i].text);
			else if (segs.at[i].role == MG_ROLE_TOOL_CALL)
				invalid += !json_valid(after.at[i].text, 64);
		}
		arena_deinit(&other);
	}
	OK(invalid == 0);
	OK(moved == 0);
	OK(changed == 0);
	OK(unmasked == 0);
	buf_deinit(&b);
}

int main(void)
{
	static const struct {
		const char *pattern;
		uint32_t role, flags;
	} rules[] = {
		{ "/args", MG_ROLE_TOOL_CALL, MG_RULE_JSON },
		{ "/deep", MG_ROLE_TOOL_CALL, MG_RULE_DEEP },
		{ "/img", MG_ROLE_DOCUMENT, MG_RULE_ATTACHMENT },
		{ "/sealed", MG_ROLE_THINKING, MG_RULE_SEALED },
		{ "/opaque", 0, MG_RULE_OPAQUE },
	};

	shape = mg_shape_new();
	for (size_t i = 0; i < ARRAY_LEN(rules); i++)
		mg_shape_add(shape, rules[i].pattern, strlen(rules[i].pattern),
			     rules[i].role, rules[i].flags);
	mg_shape_compile(shape);
	buf_init(&out, 1 << 20);

	RUN(bytes_change_only_where_they_should);
	RUN(what_may_not_change_is_left_and_counted);
	RUN(nonsense_is_refused);
	RUN(overlapping_edits_act_as_one);
	RUN(any_mask_leaves_valid_json);

	buf_deinit(&out);
	arena_deinit(&arena);
	mg_shape_free(shape);
	return test_done();
}
