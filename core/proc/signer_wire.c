/* signer_wire.c - see signer_wire.h */
#include "proc/signer_wire.h"

#include <arpa/inet.h>

enum { HOST_MAX = 253 };

static bool take(struct mg_slice *from, size_t len, struct mg_slice *out)
{
	if (from->len < len)
		return false;
	*out = slice(from->at, len);
	*from = slice(from->at + len, from->len - len);
	return true;
}

static bool take_number(struct mg_slice *from, uint32_t *out)
{
	struct mg_slice four;

	if (!take(from, 4, &four))
		return false;
	memcpy(out, four.at, 4);
	*out = ntohl(*out);
	return true;
}

static bool take_host(struct mg_slice *from, struct mg_slice *out)
{
	struct mg_slice one;

	return take(from, 1, &one) && take(from, (unsigned char)*one.at, out) &&
	       out->len > 0 && out->len <= HOST_MAX;
}

/* Takes what is left. */
static bool take_rest(struct mg_slice *from, size_t max, struct mg_slice *out)
{
	return from->len > 0 && from->len <= max && take(from, from->len, out);
}

static bool read_body(struct mg_slice rest, struct signer_message *m)
{
	uint32_t key_len;

	switch (m->kind) {
	case SIGNER_HELLO:
	case SIGNER_RELOAD:
	case SIGNER_DONE:
		break;
	case SIGNER_ASK:
		return take_rest(&rest, HOST_MAX, &m->host);
	case SIGNER_KIT:
		return take_number(&rest, &m->revision) &&
		       take_number(&rest, &key_len) &&
		       take(&rest, key_len, &m->key) && key_len > 0 &&
		       take_rest(&rest, SIZE_MAX, &m->body);
	case SIGNER_LEAF:
		return take_number(&rest, &m->revision) &&
		       take_host(&rest, &m->host) &&
		       take_rest(&rest, SIZE_MAX, &m->body);
	case SIGNER_NO:
		return take_host(&rest, &m->host) && rest.len == 0;
	case SIGNER_FAILED:
		return take_rest(&rest, 1024, &m->body);
	default:
		return false;
	}
	return rest.len == 0;
}

int signer_wire_read(struct mg_slice packet, struct signer_message *out)
{
	struct signer_message m = { 0 };
	struct mg_slice kind;

	if (!take(&packet, 1, &kind))
		return MG_EPROTO;
	m.kind = (unsigned char)*kind.at;
	if (!read_body(packet, &m))
		return MG_EPROTO;
	*out = m;
	return MG_OK;
}

static int add_number(struct buf *out, uint32_t n)
{
	n = htonl(n);
	return buf_add_at(out, &n, 4);
}

static int add_host(struct buf *out, struct mg_slice host)
{
	unsigned char len = (unsigned char)host.len;
	int err = host.len == 0 || host.len > HOST_MAX
			  ? MG_EINVAL
			  : buf_add_at(out, &len, 1);

	return err < 0 ? err : buf_add(out, host);
}

int signer_wire_write(const struct signer_message *m, struct buf *out)
{
	unsigned char kind = (unsigned char)m->kind;
	int err = buf_add_at(out, &kind, 1);

	switch (m->kind) {
	case SIGNER_ASK:
		return err < 0 ? err : buf_add(out, m->host);
	case SIGNER_KIT:
		err = err < 0 ? err : add_number(out, m->revision);
		err = err < 0 ? err : add_number(out, (uint32_t)m->key.len);
		err = err < 0 ? err : buf_add(out, m->key);
		return err < 0 ? err : buf_add(out, m->body);
	case SIGNER_LEAF:
		err = err < 0 ? err : add_number(out, m->revision);
		err = err < 0 ? err : add_host(out, m->host);
		return err < 0 ? err : buf_add(out, m->body);
	case SIGNER_NO:
		return err < 0 ? err : add_host(out, m->host);
	case SIGNER_FAILED:
		return err < 0 ? err : buf_add(out, m->body);
	default:
		return err;
	}
}
