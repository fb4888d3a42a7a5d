/* hello.c - see hello.h */
#include "tls/hello.h"

enum {
	RECORD_HANDSHAKE = 22,
	RECORD_HEAD = 5,
	MESSAGE_CLIENT_HELLO = 1,
	MESSAGE_HEAD = 4,
	EXTENSION_NAME = 0,
	NAME_HOST = 0,
};

/* Bytes still to be read. Reading past the end sets `short_of`, once and for
 * all, and gives zeros. */
struct cursor {
	const unsigned char *at;
	size_t len;
	bool short_of;
};

static uint32_t number(struct cursor *c, size_t bytes)
{
	uint32_t n = 0;

	if (c->len < bytes) {
		c->short_of = true;
		c->len = 0;
		return 0;
	}
	for (size_t i = 0; i < bytes; i++)
		n = n << 8 | c->at[i];
	c->at += bytes;
	c->len -= bytes;
	return n;
}

/* A vector with a length of `bytes` before it. */
static struct cursor vector(struct cursor *c, size_t bytes)
{
	size_t len = number(c, bytes);
	struct cursor inner = { c->at, len, false };

	if (c->len < len) {
		c->short_of = true;
		len = c->len;
		inner = (struct cursor){ .short_of = true };
	}
	c->at += len;
	c->len -= len;
	return inner;
}

/* Takes the record layer off: the handshake bytes that are there. `ended`: a
 * record of another kind follows (early data, say), so no more will come. */
static int strip_records(struct mg_slice bytes, unsigned char *out,
			 size_t *out_len, bool *ended)
{
	size_t from = 0;

	*out_len = 0;
	*ended = false;
	while (from < bytes.len && !*ended) {
		const unsigned char *r = (const unsigned char *)bytes.at + from;
		size_t left = bytes.len - from;

		*ended = r[0] != RECORD_HANDSHAKE || (left > 1 && r[1] != 3);
		if (*ended || left < RECORD_HEAD)
			break;
		size_t len = (size_t)r[3] << 8 | r[4];
		if (!len)
			return MG_EPROTO;
		if (len > left - RECORD_HEAD)
			len = left - RECORD_HEAD;
		if (*out_len + len > HELLO_MAX)
			return MG_ETOOBIG;
		memcpy(out + *out_len, r + RECORD_HEAD, len);
		*out_len += len;
		from += RECORD_HEAD + len;
	}
	return MG_OK;
}

static int read_name(struct cursor *extension, char name[HELLO_NAME_MAX + 1],
		     size_t *name_len)
{
	struct cursor list = vector(extension, 2);

	if (number(&list, 1) != NAME_HOST)
		return MG_EPROTO;
	struct cursor host = vector(&list, 2);
	if (list.short_of || host.short_of || !host.len ||
	    host.len > HELLO_NAME_MAX)
		return MG_EPROTO;
	for (size_t i = 0; i < host.len; i++) {
		unsigned char c = host.at[i];

		name[i] = (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
	}
	name[host.len] = '\0';
	*name_len = host.len;
	return MG_OK;
}

static int read_hello(struct cursor *c, char name[HELLO_NAME_MAX + 1],
		      size_t *name_len)
{
	number(c, 2); /* version */
	for (int i = 0; i < 32; i++)
		number(c, 1); /* random */
	vector(c, 1);         /* session id */
	vector(c, 2);         /* cipher suites */
	vector(c, 1);         /* compression methods */
	*name_len = 0;
	if (c->short_of)
		return MG_EPROTO;
	if (!c->len)
		return MG_OK;

	struct cursor extensions = vector(c, 2);
	while (extensions.len) {
		uint32_t type = number(&extensions, 2);
		struct cursor body = vector(&extensions, 2);

		if (extensions.short_of || body.short_of)
			return MG_EPROTO;
		if (type == EXTENSION_NAME)
			return read_name(&body, name, name_len);
	}
	return MG_OK;
}

int hello_name(struct mg_slice bytes, char name[HELLO_NAME_MAX + 1],
	       size_t *name_len)
{
	unsigned char message[HELLO_MAX];
	size_t have;
	bool ended;
	int err = strip_records(bytes, message, &have, &ended);

	if (err < 0)
		return err;
	if (have && message[0] != MESSAGE_CLIENT_HELLO)
		return MG_EPROTO;
	if (have < MESSAGE_HEAD)
		return ended ? MG_EPROTO : MG_EAGAIN;

	size_t len =
		(size_t)message[1] << 16 | (size_t)message[2] << 8 | message[3];
	if (len > HELLO_MAX - MESSAGE_HEAD)
		return MG_ETOOBIG;
	if (have < MESSAGE_HEAD + len)
		return ended ? MG_EPROTO : MG_EAGAIN;
	struct cursor c = { message + MESSAGE_HEAD, len, false };
	return read_hello(&c, name, name_len);
}
