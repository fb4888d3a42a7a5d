/* head.h - the start line and header fields of one HTTP message.
 *
 * One shape for HTTP/1.1 and, later, HTTP/2: names keep the case they came
 * with (so that an untouched message is sent on byte for byte), lookups ignore
 * it. Everything is borrowed from the arena given at creation.
 */
#pragma once
#include <stdbool.h>

#include "base/arena.h"
#include "base/slice.h"

struct field {
	struct mg_slice name;
	struct mg_slice value; /* without spaces at either end */
	bool removed;
};

enum head_length {
	HEAD_NO_BODY,     /* none by rule or by Content-Length: 0 */
	HEAD_LENGTH,      /* `length` bytes follow */
	HEAD_CHUNKED,     /* Transfer-Encoding: chunked */
	HEAD_UNTIL_CLOSE, /* replies only */
};

struct head {
	struct arena *arena; /* borrows */
	bool is_reply;
	uint8_t minor;          /* HTTP/1.<minor> */
	uint16_t status;        /* replies */
	struct mg_slice method; /* requests */
	struct mg_slice target; /* requests, as received */
	struct mg_slice reason; /* replies */
	struct field *fields;
	uint32_t count;
	uint32_t cap;
	enum head_length framing;
	uint64_t length; /* HEAD_LENGTH */
	bool keep_alive;
	bool upgrade; /* asks for, or grants, another protocol */
	bool expect_continue;
};

void head_init(struct head *h, struct arena *a, bool is_reply);

/* A new one in the arena, with HTTP/1.1 and keep-alive. Borrows. */
struct head *head_new_request(struct arena *a, struct mg_slice method,
			      struct mg_slice target);
struct head *head_new_reply(struct arena *a, uint16_t status);

/* The phrase that usually stands beside a status. Static, never NULL. */
const char *head_phrase(uint16_t status);

/* The value of the first such field; at == NULL when there is none. */
struct mg_slice head_get(const struct head *h, const char *name);
/* The values of all such fields with ", " between; at == NULL when there are
 * none. Borrowed from the arena. */
struct mg_slice head_join(const struct head *h, const char *name);
/* True when the comma-separated list in `name` holds `token`. */
bool head_has_token(const struct head *h, const char *name, const char *token);

/* Copies both into the arena; control bytes in a value become spaces. */
void head_add(struct head *h, struct mg_slice name, struct mg_slice value);
/* Replaces the first, in its place, and removes the rest; adds when none. */
void head_set(struct head *h, const char *name, struct mg_slice value);
void head_remove(struct head *h, const char *name);

/* Each sets how the body is framed and the fields that say so. A length of 0
 * is said too. */
void head_set_length(struct head *h, uint64_t length);
void head_set_chunked(struct head *h);
void head_set_until_close(struct head *h);

/* Removes what is meant for this hop alone: Connection and what it names,
 * Keep-Alive, Proxy-*, Upgrade, TE unless it says trailers. Fields that carry
 * meaning to the other end stay, even when Connection names them. */
void head_strip_hops(struct head *h);

/* 100..199 except 101: a reply that announces the real one. */
static inline bool head_is_interim(const struct head *h)
{
	return h->is_reply && h->status < 200 && h->status != 101;
}

/* Target without its query; "" for CONNECT and '*'. */
struct mg_slice head_path(const struct head *h);

/* Splits "host", "host:443" or "[::1]:443" into a host without brackets (nor a
 * final dot) and a port, 0 when it names none. Hosts are DNS names in ASCII
 * (A-labels), dotted IPv4 or IPv6; user names, escapes, zones and numbers in
 * other shapes are MG_EPROTO, for two readers might not agree on them. */
int head_authority(struct mg_slice s, struct mg_slice *host, uint16_t *port);

/* Whom a request is meant for: the target's authority if it names one, else
 * Host. MG_EPROTO when neither does. */
int head_host(const struct head *h, struct mg_slice *host, uint16_t *port);

/* True when all bytes may stand in a field name or method, and there is one. */
bool head_is_token(struct mg_slice s);
