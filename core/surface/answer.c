/* answer.c - see answer.h */
#include "surface/answer.h"

enum { ANSWER_MAX = 64 << 10 };

void answer_connect(struct device *d, uint16_t status, const char *why)
{
	struct buf out;

	buf_init(&out, ANSWER_MAX);
	buf_addf(&out, "HTTP/1.1 %u %s\r\n", status, head_phrase(status));
	if (status == 407)
		buf_add_str(&out, "Proxy-Authenticate: Basic "
				  "realm=\"Moongate\", charset=\"UTF-8\"\r\n");
	buf_addf(&out,
		 "Content-Type: text/plain; charset=utf-8\r\n"
		 "Content-Length: %zu\r\n"
		 "Connection: close\r\n\r\n"
		 "Moongate: %s\n",
		 strlen(why) + 11, why);
	device_send(d, buf_slice(&out));
	buf_deinit(&out);
}

int answer_write(struct buf *out, uint16_t status, const char *content_type,
		 struct mg_slice body, bool to_head, bool close,
		 uint32_t retry_after)
{
	buf_addf(out,
		 "HTTP/1.1 %u %s\r\n"
		 "Content-Type: %s\r\n"
		 "Content-Length: %zu\r\n"
		 "Cache-Control: no-store\r\n",
		 status, head_phrase(status), content_type, body.len);
	if (retry_after)
		buf_addf(out, "Retry-After: %u\r\n", retry_after);
	else if (status < 500)
		buf_add_str(out, "x-should-retry: false\r\n");
	if (status == 426)
		buf_add_str(out, "Upgrade: HTTP/1.1\r\n");
	buf_addf(out, "Connection: %s\r\n\r\n",
		 close           ? "close"
		 : status == 426 ? "keep-alive, Upgrade"
				 : "keep-alive");
	return to_head ? MG_OK : buf_add(out, body);
}

/* Messages are ours or hold host names: quotes and controls do not occur, but
 * a reason from a policy file may hold anything. */
static void add_json(struct buf *out, const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '"' || c == '\\')
			buf_addf(out, "\\%c", c);
		else if (c < ' ')
			buf_addf(out, "\\u%04x", c);
		else
			buf_add_at(out, text, 1);
	}
}

void answer_error_body(struct buf *out, uint16_t status, const char *type,
		       const char *message)
{
	buf_add_str(out,
		    "{\"type\":\"error\",\"error\":{\"message\":\"Moongate: ");
	add_json(out, message);
	buf_addf(out, "\",\"type\":\"%s\",\"param\":null,\"code\":%u}}\n", type,
		 status);
}
