/* record.c - see record.h */
#include "event/impl.h"

#include "base/clock.h"
#include "base/hash.h"

enum { SHORTEST_SHOWN = 8, PRODUCT_MAX = 32 };

#define FIELD(group, name, kind, member)                                       \
	{                                                                      \
		group, name, FIELD_##kind, offsetof(struct event, member)      \
	}

const struct event_field event_fields[] = {
	FIELD(NULL, "time", WIDE, time),
	FIELD(NULL, "org", TEXT, org),
	FIELD(NULL, "surface", SURFACE, surface),
	FIELD(NULL, "integration", TEXT, integration),
	FIELD(NULL, "device", TEXT, device),
	FIELD(NULL, "user", TEXT, user),
	FIELD(NULL, "assurance", ASSURANCE, assurance),
	FIELD(NULL, "application", TOKEN, application),
	FIELD(NULL, "host", TOKEN, host),
	FIELD(NULL, "method", TOKEN, method),
	FIELD(NULL, "path", PATH, path),
	FIELD(NULL, "model", TOKEN, model),
	FIELD(NULL, "stream", FLAG, stream),
	FIELD(NULL, "status", NUMBER, status),
	FIELD(NULL, "failure", TOKEN, failure),
	FIELD(NULL, "trace_id", TOKEN, trace_id),
	FIELD(NULL, "generation", WIDE, generation),
	FIELD("bytes", "request", WIDE, request_bytes),
	FIELD("bytes", "reply", WIDE, reply_bytes),
	FIELD("tokens", "request", WIDE, request_tokens),
	FIELD("tokens", "reply", WIDE, reply_tokens),
	FIELD("latency_us", "total", WIDE, total_us),
	FIELD("latency_us", "upstream", WIDE, upstream_us),
	FIELD("latency_us", "detect", WIDE, detect_us),
	FIELD("latency_us", "policy", WIDE, policy_us),
	FIELD("latency_us", "gateway", WIDE, gateway_us),
	FIELD("client", "address", TOKEN, client_address),
	FIELD("client", "product", TOKEN, client_product),
	FIELD("tls", "outer", TOKEN, tls_outer),
	FIELD("tls", "inner", TOKEN, tls_inner),
	FIELD("tls", "upstream", TOKEN, tls_upstream),
	{ NULL, NULL, FIELD_TEXT, 0 },
};

void event_init(struct event *e)
{
	*e = (struct event){ .time = clock_now_us() };
	clock_uuid7(e->id);
}

uint32_t event_action(const struct event *e)
{
	uint32_t request = e->verdict[MG_REQUEST].action;
	uint32_t reply = e->verdict[MG_REPLY].action;

	return request > reply ? request : reply;
}

const char *surface_name(uint32_t surface)
{
	switch (surface) {
	case MG_ENDPOINT:
		return "endpoint";
	case MG_GATEWAY:
		return "gateway";
	case MG_API:
		return "api";
	case MG_BROWSER:
		return "browser";
	}
	return "";
}

const char *assurance_name(uint32_t assurance)
{
	static const char *const name[] = { "none", "network", "token",
					    "mtls" };

	return assurance < ARRAY_LEN(name) ? name[assurance] : "";
}

/* The length of the character at `s`, at least 1; broken UTF-8 counts byte by
 * byte. */
static size_t character(struct mg_slice s)
{
	unsigned char c = (unsigned char)*s.at;
	size_t len = c < 0xc0 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;

	return len <= s.len ? len : 1;
}

/* Where the last two characters begin. */
static size_t last_two(struct mg_slice s)
{
	size_t at = s.len;

	for (int n = 0; n < 2; n++)
		do
			at--;
		while (at && ((unsigned char)s.at[at] & 0xc0) == 0x80);
	return at;
}

static size_t count_characters(struct mg_slice s)
{
	size_t n = 0;

	for (; s.len && n <= SHORTEST_SHOWN; n++) {
		size_t len = character(s);
		s = slice(s.at + len, s.len - len);
	}
	return n;
}

struct mg_slice event_sample(struct arena *a, const unsigned char *key,
			     struct mg_slice text)
{
	unsigned char sum[32];
	char hex[13];

	hash_hmac256(slice((const char *)key, EVENT_KEY), text, sum);
	hash_hex(sum, 6, hex);
	if (count_characters(text) < SHORTEST_SHOWN)
		return slice_str(arena_fmt(a, "#%s", hex));

	size_t one = character(text);
	size_t head = one + character(slice(text.at + one, text.len - one));
	size_t tail = last_two(text);
	return slice_str(arena_fmt(a, "%.*s..%.*s#%s", (int)head, text.at,
				   (int)(text.len - tail), text.at + tail,
				   hex));
}

static bool is_product(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
	       c == '_';
}

struct mg_slice event_product(struct mg_slice user_agent)
{
	size_t len = 0;

	while (len < user_agent.len && len < PRODUCT_MAX &&
	       is_product(user_agent.at[len]))
		len++;
	return slice(user_agent.at, len);
}
