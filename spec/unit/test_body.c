/* test_body.c - what kind of body it is, and that nothing readable is lost. */
#include "test.h"
#include "text/segment.h"

static struct arena arena;
static struct segments segs;

static int read_bytes(const char *type, struct mg_slice body)
{
	arena_deinit(&arena);
	segments_init(&segs, &arena);
	return segments_of_body(&segs, NULL, slice_str(type), body);
}

static int read(const char *type, const char *body)
{
	return read_bytes(type, slice_str(body));
}

static int is(uint32_t i, const char *path, const char *text)
{
	return i < segs.count && slice_is(segs.at[i].path, path) &&
	       slice_is(segs.at[i].text, text);
}

static void bytes_decide_the_type_only_helps(void)
{
	OK(read("text/plain", "{\"a\":\"x\"}") == 1 && is(0, "/a", "x"));
	OK(segs.form == BODY_JSON && !segs.broken);
	OK(read("", " [\"x\"]") == 1 && is(0, "/0", "x"));
	OK(read("application/json", "\"x\"") == 1 && is(0, "", "x"));
	OK(read("application/json", "7") == 0 && segs.form == BODY_JSON);
	OK(read("", "\xef\xbb\xbf{\"a\":\"x\"}") == 1 && is(0, "/a", "x"));
	OK(segs.at[0].raw_from == 9);
	OK(read("application/json", "") == 0 && segs.form == BODY_EMPTY);
	OK(read("", "[INFO] started") == 1 && is(0, "", "[INFO] started"));
	OK(segs.form == BODY_TEXT && !segs.broken);
}

static void broken_json_is_read_with_its_escapes_undone(void)
{
	OK(read("", "{\"a\":\"\\u0041b\"") == 1);
	OK(is(0, "", "{\"a\":\"Ab\"") && segs.broken);
	OK(read("application/json", "a\\nb") == 1 && is(0, "", "a\nb"));
	/* Only UTF-8 is wrong: read as a lenient server would. */
	OK(read("", "{\"a\":\"\xff\\u0041\"}") == 1 && is(0, "/a",
							  "\xff"
							  "A"));
	OK(segs.broken && segs.form == BODY_JSON);
	/* Control characters in a string, which some servers let pass. */
	OK(read("", "{\"a\":\"x\ny\"}") == 1 && is(0, "", "{\"a\":\"x\ny\"}"));
}

static void rows_of_json_are_numbered(void)
{
	OK(read("application/x-ndjson", "{\"a\":\"x\"}\n{\"a\":\"y\"}\n") == 2);
	OK(segs.form == BODY_NDJSON);
	OK(is(0, "/0/a", "x") && is(1, "/1/a", "y"));
}

static void forms_are_decoded(void)
{
	const char *type = "application/x-www-form-urlencoded;charset=utf-8";

	OK(read(type, "a=x+y%21&b=&c&%64=%C3%A9") == 2);
	OK(segs.form == BODY_FORM);
	OK(is(0, "/a", "x y!") && is(1, "/d", "\xc3\xa9"));
	OK(segs.at[0].raw_from == 2 && segs.at[0].raw_to == 8);
	OK(read("", "q=ann%40x.io&z=1") == 2 && is(0, "/q", "ann@x.io"));
	/* JSON in a field, and where its strings stand. */
	OK(read(type, "r=%7B%22k%22%3A%22v+w%22%7D") == 1);
	OK(is(0, "/r/k", "v w"));
	OK(segs.at[0].raw_from == 18 && segs.at[0].raw_to == 21);
	OK(read(type, "100%+sure=%zz") == 1 && is(0, "/100% sure", "%zz"));
}

static void uploads_are_read_part_by_part(void)
{
	const char *type = "multipart/form-data; boundary=XY";

	OK(read(type,
		"--XY\r\nContent-Disposition: form-data; name=\"prompt\""
		"\r\n\r\ndraw a cat\r\n--XY\r\ncontent-disposition: "
		"form-data; name=file; filename=\"a.txt\"\r\n"
		"Content-Type: text/plain\r\n\r\nline 1\r\nline 2\r\n"
		"--XY\r\nContent-Disposition: form-data; name=\"meta\"\r\n"
		"\r\n{\"k\":\"v\"}\r\n--XY\r\nContent-Disposition: "
		"form-data; name=\"image\"; filename=\"b.png\"\r\n\r\n"
		"\x89PNG\r\n\x1a\n\x01\r\n--XY--\r\n") == 6);
	OK(segs.form == BODY_MULTIPART && segs.unread == 1);
	OK(is(0, "/prompt", "draw a cat"));
	OK(is(1, "/filename", "a.txt"));
	OK(is(2, "/file", "line 1\r\nline 2"));
	OK(is(3, "/meta/k", "v"));
	OK(is(4, "/filename", "b.png"));
	OK(segs.at[5].unread);

	/* Without an end it is read as one text. */
	OK(read(type, "--XY\r\nname: x\r\n\r\nsecret") == 1 && segs.broken);
	OK(slice_ends(segs.at[0].text, "secret"));
}

static void text_is_text_in_any_encoding(void)
{
	OK(read("", "just words") == 1 && is(0, "", "just words"));
	OK(read_bytes("", slice("\xff\xfeh\0i\0\x3d\xd8\0\xde", 10)) == 1);
	OK(is(0, "", "hi\xf0\x9f\x98\x80") && segs.at[0].raw_from == 2);
	OK(read_bytes("", slice("\xfe\xff\0h\0i", 6)) == 1 && is(0, "", "hi"));
	OK(read("", "caf\xe9 cr\xe8me") == 1); /* Latin-1 */
	OK(segs.form == BODY_TEXT && segs.unread == 0);
}

static void binaries_are_unread_and_counted(void)
{
	OK(read_bytes("image/png", slice("\x89PNG\r\n\x1a\n\0\0", 10)) == 1);
	OK(segs.form == BODY_BINARY && segs.unread == 1 && segs.at[0].unread);
	/* Connect envelopes that say they are an event stream. */
	OK(read_bytes("text/event-stream", slice("\0\0\0\0\2\x0a\x01", 7)) ==
	   1);
	OK(segs.unread == 1);
}

static void ceilings_are_errors_not_cuts(void)
{
	struct mg_slice body = slice_str("[\"a\",\"b\",\"c\"]");

	arena_deinit(&arena);
	segments_init(&segs, &arena);
	segs.max = 2;
	OK(segments_of_body(&segs, NULL, slice_str(""), body) == MG_ETOOBIG);
	segments_init(&segs, &arena);
	segs.max_depth = 1;
	OK(segments_of_body(&segs, NULL, slice_str(""), slice_str("[[1]]")) ==
	   MG_ETOOBIG);
	segments_init(&segs, &arena);
	segs.max = 2;
	OK(segments_of_body(&segs, NULL, slice_str(""),
			    slice_str("a=1&b=2&c=3")) == MG_ETOOBIG);
}

/* A short body must not become a long list of long paths. */
static void paths_are_bounded(void)
{
	char body[8192];
	size_t n = 0;

	for (int i = 0; i < 100; i++)
		n += (size_t)sprintf(body + n, "{\"%060d\":", i);
	n += (size_t)sprintf(body + n, "[\"x\",\"y\"]");
	memset(body + n, '}', 100);
	OK(read_bytes("", slice(body, n + 100)) == 2);
	OK(segs.at[0].path.len > 200 && segs.at[0].path.len < 400);

	memset(body, 'k', 2000);
	memcpy(body, "{\"", 2);
	memcpy(body + 2000, "\":\"x\"}", 6);
	OK(read_bytes("", slice(body, 2006)) == 1);
	OK(segs.at[0].path.len == 65);
	/* Never in the middle of a character. */
	memcpy(body + 65, "\xc3\xa9", 2);
	OK(read_bytes("", slice(body, 2006)) == 1);
	OK(segs.at[0].path.len == 64);
}

static void attachments_are_opened_or_counted(void)
{
	OK(read("", "[\"data:text/plain;base64,c2VjcmV0IHRleHQ=\"]") == 1);
	OK(is(0, "/0", "secret text") && segs.at[0].role == MG_ROLE_DOCUMENT);
	OK(segs.at[0].kind == MG_SEGMENT_ATTACHMENT && !segs.unread);
	OK(read("", "[\"DATA:,a%20b\"]") == 1 && is(0, "/0", "a b"));
	OK(read("", "[\"data:image/gif;base64,R0lGODlhAQABAAAAACw=\"]") == 1);
	OK(segs.unread == 1 && segs.at[0].unread);
	/* Not what it says: text like any other. */
	OK(read("", "[\"data:text/plain;base64,***\"]") == 1);
	OK(is(0, "/0", "data:text/plain;base64,***") && !segs.unread);
	OK(read("", "[\"data: none, really\"]") == 1 && !segs.unread);
}

int main(void)
{
	RUN(bytes_decide_the_type_only_helps);
	RUN(broken_json_is_read_with_its_escapes_undone);
	RUN(rows_of_json_are_numbered);
	RUN(forms_are_decoded);
	RUN(uploads_are_read_part_by_part);
	RUN(text_is_text_in_any_encoding);
	RUN(binaries_are_unread_and_counted);
	RUN(ceilings_are_errors_not_cuts);
	RUN(paths_are_bounded);
	RUN(attachments_are_opened_or_counted);
	arena_deinit(&arena);
	return test_done();
}
