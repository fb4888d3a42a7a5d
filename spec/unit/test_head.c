/* test_head.c - fields, targets, authorities and what belongs to one hop. */
#include "http/head.h"

#include "test.h"

static struct arena arena;

static struct head *request(const char *method, const char *target)
{
	return head_new_request(&arena, slice_str(method), slice_str(target));
}

static void add(struct head *h, const char *name, const char *value)
{
	head_add(h, slice_str(name), slice_str(value));
}

/* "name=value;" of all fields that are left, in order. */
static const char *fields_of(const struct head *h)
{
	const char *all = "";

	for (uint32_t i = 0; i < h->count; i++)
		if (!h->fields[i].removed)
			all = arena_fmt(&arena, "%s%.*s=%.*s;", all,
					(int)h->fields[i].name.len,
					h->fields[i].name.at,
					(int)h->fields[i].value.len,
					h->fields[i].value.at);
	return all;
}

static void lookups_ignore_case(void)
{
	struct head *h = request("GET", "/");

	add(h, "X-One", "1");
	add(h, "x-ONE", "2");
	OK(slice_is(head_get(h, "x-one"), "1"));
	OK(slice_is(head_join(h, "X-ONE"), "1, 2"));
	OK(head_get(h, "x-on").at == NULL && head_join(h, "y").at == NULL);
}

static void lists_are_searched_in_all_fields(void)
{
	struct head *h = request("GET", "/");

	add(h, "Connection", "a, Close");
	add(h, "connection", " upgrade ,b");
	OK(head_has_token(h, "connection", "close"));
	OK(head_has_token(h, "connection", "Upgrade"));
	OK(!head_has_token(h, "connection", "clos"));
	OK(!head_has_token(h, "upgrade", "close"));
}

static void setting_keeps_the_place(void)
{
	struct head *h = request("GET", "/");

	add(h, "A", "1");
	add(h, "B", "2");
	add(h, "a", "3");
	add(h, "C", "4");
	head_set(h, "a", slice_str("new"));
	head_set(h, "D", slice_str("5"));
	head_remove(h, "b");
	OK(strcmp(fields_of(h), "A=new;C=4;D=5;") == 0);
}

static void a_value_cannot_begin_a_field(void)
{
	struct head *h = request("GET", "/");

	add(h, "A", "1\r\nB: 2");
	head_set(h, "C", slice("3\0\n4", 4));
	head_set(h, "C", slice("5\0\n6", 4));
	OK(strcmp(fields_of(h), "A=1  B: 2;C=5  6;") == 0);
}

static void framing_is_said_once(void)
{
	struct head *h = request("POST", "/");

	add(h, "Transfer-Encoding", "chunked");
	head_set_length(h, 12);
	OK(strcmp(fields_of(h), "Content-Length=12;") == 0);
	OK(h->framing == HEAD_LENGTH && h->length == 12);
	head_set_chunked(h);
	OK(strcmp(fields_of(h), "Transfer-Encoding=chunked;") == 0);
	OK(h->framing == HEAD_CHUNKED);
	head_set_until_close(h);
	OK(strcmp(fields_of(h), "") == 0 && !h->keep_alive);
	head_set_length(h, 0);
	OK(h->framing == HEAD_NO_BODY);
	OK(strcmp(fields_of(h), "Content-Length=0;") == 0);
}

static void hops_are_stripped(void)
{
	struct head *h = request("POST", "/");

	add(h, "Host", "a");
	add(h, "Connection", "x-mine, keep-alive, TE");
	add(h, "X-Mine", "1");
	add(h, "Keep-Alive", "5");
	add(h, "Proxy-Authorization", "Basic eDp5");
	add(h, "Proxy-Connection", "keep-alive");
	add(h, "Upgrade", "h2c");
	add(h, "TE", "trailers");
	add(h, "te", "gzip");
	add(h, "X-Yours", "2");
	head_strip_hops(h);
	OK(strcmp(fields_of(h), "Host=a;TE=trailers;X-Yours=2;") == 0);
}

static void connection_cannot_take_what_was_judged(void)
{
	struct head *h = request("POST", "/");

	add(h, "Connection", "Host, content-length, Authorization,,cookie");
	add(h, "Host", "a");
	add(h, "Content-Length", "1");
	add(h, "Authorization", "Bearer x");
	add(h, "Cookie", "a=b");
	head_strip_hops(h);
	OK(strcmp(fields_of(h), "Host=a;Content-Length=1;"
				"Authorization=Bearer x;Cookie=a=b;") == 0);
}

static void paths_have_no_query(void)
{
	static const struct {
		const char *method, *target, *path;
	} rows[] = {
		{ "GET", "/", "/" },
		{ "GET", "/v1/x?y=/z", "/v1/x" },
		{ "GET", "http://a/v1?x", "/v1" },
		{ "GET", "HTTPS://a:8443/v1", "/v1" },
		{ "GET", "http://a", "/" },
		{ "GET", "http://a?x=/y", "/" },
		{ "CONNECT", "a:443", "" },
		{ "OPTIONS", "*", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		OK(slice_is(head_path(request(rows[i].method, rows[i].target)),
			    rows[i].path));
}

#define A63 "aaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggg1"

static void authorities_are_read_in_one_way(void)
{
	static const struct {
		const char *text, *host;
		int port; /* -1: refused */
	} rows[] = {
		{ "a", "a", 0 },
		{ "api.openai.com:443", "api.openai.com", 443 },
		{ "API.OpenAI.com.:443", "API.OpenAI.com", 443 },
		{ "xn--bcher-kva.example:1", "xn--bcher-kva.example", 1 },
		{ "r3---sn-x.example:65535", "r3---sn-x.example", 65535 },
		{ "a_b.example", "a_b.example", 0 },
		{ "1password.com", "1password.com", 0 },
		{ "127.0.0.1:80", "127.0.0.1", 80 },
		{ "[::1]:443", "::1", 443 },
		{ "[2001:db8::1]", "2001:db8::1", 0 },
		{ "[::ffff:127.0.0.1]:1", "::ffff:127.0.0.1", 1 },
		{ A63 ".a", A63 ".a", 0 },

		{ "", "", -1 },
		{ ".", "", -1 },
		{ ":443", "", -1 },
		{ "a:", "", -1 },
		{ "a:0", "", -1 },
		{ "a:65536", "", -1 },
		{ "a:0443x", "", -1 },
		{ "a:+443", "", -1 },
		{ "a: 443", "", -1 },
		{ "a:443:443", "", -1 },
		{ "a:000443", "", -1 },
		{ "u@a:443", "", -1 },
		{ "u:p@a:443", "", -1 },
		{ "a..b", "", -1 },
		{ ".a", "", -1 },
		{ "a..", "", -1 },
		{ "-a", "", -1 },
		{ "a-.b", "", -1 },
		{ "a b", "", -1 },
		{ "a/b", "", -1 },
		{ "a?b", "", -1 },
		{ "a#b", "", -1 },
		{ "a\\b", "", -1 },
		{ "a%2eb", "", -1 },
		{ "a\tb", "", -1 },
		{ "b\xc3\xbc"
		  "cher.example",
		  "", -1 },
		{ "xn--", "", -1 },
		{ "xn--.example", "", -1 },
		{ "xn--a_b.example", "", -1 },
		{ A63 "x.a", "", -1 },
		{ A63 "." A63 "." A63 "." A63, "", -1 },
		{ "127.1", "", -1 },
		{ "2130706433", "", -1 },
		{ "0x7f000001", "", -1 },
		{ "0x7f.1", "", -1 },
		{ "017700000001", "", -1 },
		{ "127.0.0.01", "", -1 },
		{ "1.2.3.4.5", "", -1 },
		{ "a.1", "", -1 },
		{ "a.0x1", "", -1 },
		{ "::1", "", -1 },
		{ "[::1", "", -1 },
		{ "[]", "", -1 },
		{ "[::1]443", "", -1 },
		{ "[::1]x:443", "", -1 },
		{ "[fe80::1%eth0]:443", "", -1 },
		{ "[fe80::1%25eth0]:443", "", -1 },
		{ "[127.0.0.1]:443", "", -1 },
		{ "[v1.a]:443", "", -1 },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mg_slice host = slice_str("untouched");
		uint16_t port = 7;
		int err = head_authority(slice_str(rows[i].text), &host, &port);
		bool fine = rows[i].port < 0
				    ? err == MG_EPROTO && port == 7 &&
					      slice_is(host, "untouched")
				    : err == 0 && port == rows[i].port &&
					      slice_is(host, rows[i].host);
		printf("%sok %d - \"%s\"\n", fine ? "" : "not ", ++test_count,
		       rows[i].text);
		test_failed += !fine;
	}
	struct mg_slice host;
	uint16_t port;
	OK(head_authority(slice("a\0b", 3), &host, &port) == MG_EPROTO);
	OK(head_authority(slice("[::1\0]", 6), &host, &port) == MG_EPROTO);
}

static void requests_name_their_host(void)
{
	struct mg_slice host;
	uint16_t port;
	struct head *h = request("GET", "/");

	OK(head_host(h, &host, &port) == MG_EPROTO);
	add(h, "Host", "a.example:8080");
	OK(head_host(h, &host, &port) == 0);
	OK(slice_is(host, "a.example") && port == 8080);
	h = request("GET", "https://b.example/x");
	OK(head_host(h, &host, &port) == 0 && slice_is(host, "b.example"));
	h = request("CONNECT", "c.example:443");
	OK(head_host(h, &host, &port) == 0 && slice_is(host, "c.example"));
	OK(port == 443);
}

static void tokens_are_words(void)
{
	int words = 0;

	for (int c = 0; c < 256; c++) {
		char byte = (char)c;
		words += head_is_token(slice(&byte, 1));
	}
	OK(words == 77);
	OK(head_is_token(slice_str("X-a_1!#$%&'*+.^`|~")));
	OK(!head_is_token(slice_str("")) && !head_is_token(slice_str("a:")));
	OK(!head_is_token(slice_str("a b")) && !head_is_token(slice("a", 2)));
}

static void made_replies_can_be_sent(void)
{
	struct head *h = head_new_reply(&arena, 403);

	OK(h->is_reply && h->status == 403 && slice_is(h->reason, "Forbidden"));
	OK(strcmp(head_phrase(799), "Unknown") == 0);
}

int main(void)
{
	arena_init(&arena);
	RUN(lookups_ignore_case);
	RUN(lists_are_searched_in_all_fields);
	RUN(setting_keeps_the_place);
	RUN(a_value_cannot_begin_a_field);
	RUN(framing_is_said_once);
	RUN(hops_are_stripped);
	RUN(connection_cannot_take_what_was_judged);
	RUN(paths_have_no_query);
	RUN(authorities_are_read_in_one_way);
	RUN(requests_name_their_host);
	RUN(tokens_are_words);
	RUN(made_replies_can_be_sent);
	arena_deinit(&arena);
	return test_done();
}
