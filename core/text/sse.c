/* sse.c - see sse.h */
#include "text/sse.h"

void sse_init(struct sse *sse, size_t max)
{
	*sse = (struct sse){ .state = SSE_START };
	buf_init(&sse->line, max);
	buf_init(&sse->data, max);
	buf_init(&sse->name, max);
}

void sse_deinit(struct sse *sse)
{
	buf_wipe(&sse->line);
	buf_wipe(&sse->data);
	buf_wipe(&sse->name);
}

static void forget(struct sse *sse)
{
	buf_clear(&sse->data);
	buf_clear(&sse->name);
	sse->has_data = false;
	sse->given = false;
	sse->from = sse->to;
}

static int field(struct sse *sse, struct mg_slice name, struct mg_slice value)
{
	int err;

	if (slice_is(name, "data")) {
		if (sse->has_data) {
			err = buf_add_str(&sse->data, "\n");
			if (err < 0)
				return err;
		}
		sse->has_data = true;
		return buf_add(&sse->data, value);
	}
	if (slice_is(name, "event")) {
		buf_clear(&sse->name);
		return buf_add(&sse->name, value);
	}
	return MG_OK;
}

/* 1 when the line was empty and ends an event. */
static int end_line(struct sse *sse)
{
	struct mg_slice value = buf_slice(&sse->line), name;
	bool empty = !value.len;
	int err = MG_OK;

	if (empty) {
		if (!sse->has_data) {
			forget(sse);
			return 0;
		}
		sse->given = true;
		return 1;
	}
	slice_cut(&value, ':', &name);
	if (value.at && value.len && *value.at == ' ') {
		value.at++;
		value.len--;
	}
	if (!value.at)
		value = slice("", 0);
	if (name.len)
		err = field(sse, name, value);
	buf_clear(&sse->line);
	return err;
}

/* The bytes up to the next line end. */
static size_t plain(struct mg_slice bytes)
{
	size_t n = 0;

	while (n < bytes.len && bytes.at[n] != '\n' && bytes.at[n] != '\r')
		n++;
	return n;
}

static void drop_mark(struct sse *sse)
{
	if (slice_starts(buf_slice(&sse->line), "\xef\xbb\xbf"))
		buf_drop(&sse->line, 3);
	sse->state = SSE_LINE;
}

static void take(struct sse *sse, struct mg_slice *bytes, size_t n)
{
	bytes->at += n;
	bytes->len -= n;
	sse->to += n;
}

int sse_feed(struct sse *sse, struct mg_slice *bytes)
{
	if (sse->given)
		forget(sse);
	while (bytes->len) {
		if (sse->state == SSE_CR) {
			sse->state = SSE_LINE;
			if (*bytes->at == '\n') {
				take(sse, bytes, 1);
				continue;
			}
		}
		size_t n = plain(*bytes);
		int err = buf_add_at(&sse->line, bytes->at, n);
		if (err < 0)
			return err;
		take(sse, bytes, n);
		if (!bytes->len)
			break;
		if (sse->state == SSE_START)
			drop_mark(sse);
		sse->state = *bytes->at == '\r' ? SSE_CR : SSE_LINE;
		take(sse, bytes, 1);
		err = end_line(sse);
		if (err)
			return err;
	}
	return MG_OK;
}

int sse_end(struct sse *sse)
{
	if (sse->given)
		forget(sse);
	if (sse->state == SSE_START)
		drop_mark(sse);
	if (buf_len(&sse->line)) {
		int err = end_line(sse);
		if (err < 0)
			return err;
	}
	sse->given = sse->has_data;
	return sse->has_data;
}

struct mg_slice sse_data(const struct sse *sse)
{
	return buf_slice(&sse->data);
}

struct mg_slice sse_name(const struct sse *sse)
{
	return buf_slice(&sse->name);
}
