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
	struct mg_slice value;
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

/* The value of the first such field; at == NULL when there is none. */
struct mg_slice head_get(const struct head *h, const char *name);
/* True when the comma-separated list in `name` holds `token`. */
bool head_has_token(const struct head *h, const char *name, const char *token);

/* Copies both into the arena. */
void head_add(struct head *h, struct mg_slice name, struct mg_slice value);
void head_set(struct head *h, const char *name, struct mg_slice value);
void head_remove(struct head *h, const char *name);

/* Target without its query; "" for CONNECT and '*'. */
struct mg_slice head_path(const struct head *h);
