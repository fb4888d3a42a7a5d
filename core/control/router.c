/* router.c - see router.h */
#include "control/router.h"

enum { PAC_ID_MIN = 16, PAC_ID_MAX = 64, CRL_NAME_MAX = 32 };

static const char no_store[] = "no-store";

static bool is_pac_id(struct mg_slice s)
{
	if (s.len < PAC_ID_MIN || s.len > PAC_ID_MAX)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];
		if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z') &&
		    !(c >= 'A' && c <= 'Z') && c != '-' && c != '_')
			return false;
	}
	return true;
}

static bool is_crl_name(struct mg_slice s)
{
	if (!s.len || s.len > CRL_NAME_MAX)
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] < 'a' || s.at[i] > 'z')
			return false;
	return true;
}

/* Takes a prefix and a suffix off; false when they are not there. */
static bool between(struct mg_slice path, const char *before, const char *after,
		    struct mg_slice *out)
{
	size_t head = strlen(before), tail = strlen(after);

	if (path.len < head + tail || !slice_starts(path, before) ||
	    !slice_ends(path, after))
		return false;
	*out = slice(path.at + head, path.len - head - tail);
	return true;
}

static int answer_pac(const struct router *r, struct mg_slice path,
		      struct router_reply *reply)
{
	struct mg_slice id;
	bool plain = between(path, "/pac/", ".plain.pac", &id);

	if (!plain && !between(path, "/pac/", ".pac", &id))
		return MG_EAGAIN;
	reply->type = "application/x-ns-proxy-autoconfig; charset=us-ascii";
	reply->cache = "max-age=3600";
	if (!is_pac_id(id))
		return MG_EAGAIN;
	return r->pac(r->arg, id, plain, &reply->body);
}

static int answer_crl(const struct router *r, struct mg_slice path,
		      struct router_reply *reply)
{
	struct mg_slice name;

	if (!between(path, "/crl/", ".crl", &name) || !is_crl_name(name))
		return MG_EAGAIN;
	reply->type = "application/pkix-crl";
	reply->cache = "max-age=300";
	return r->crl(r->arg, name, &reply->body);
}

static int answer_ca(const struct router *r, struct router_reply *reply)
{
	reply->type = "application/x-x509-ca-cert";
	reply->cache = "max-age=3600";
	return r->ca(r->arg, &reply->body);
}

static bool asks_verbose(const struct head *request)
{
	struct mg_slice path = head_path(request);
	struct mg_slice query = slice(request->target.at + path.len,
				      request->target.len - path.len);

	return slice_starts(query, "?verbose");
}

static int answer_health(const struct router *r, const struct head *request,
			 enum router_health which, struct router_reply *reply)
{
	int err = r->health(r->arg, which, asks_verbose(request), &reply->body);

	reply->type = "application/json";
	if (err == MG_EAGAIN) {
		reply->status = 503;
		return MG_OK;
	}
	return err;
}

static int answer_status(const struct router *r, bool text,
			 struct router_reply *reply)
{
	reply->type = text ? "text/plain; charset=utf-8" : "application/json";
	return r->status(r->arg, text, &reply->body);
}

static int answer_path(const struct router *r, const struct head *request,
		       struct mg_slice path, bool local,
		       struct router_reply *reply)
{
	if (slice_starts(path, "/pac/"))
		return answer_pac(r, path, reply);
	if (slice_starts(path, "/crl/"))
		return answer_crl(r, path, reply);
	if (slice_is(path, "/ca/moongate-ca.crt"))
		return answer_ca(r, reply);
	if (slice_is(path, "/livez") || slice_is(path, "/healthz"))
		return answer_health(r, request, ROUTER_LIVE, reply);
	if (slice_is(path, "/readyz"))
		return answer_health(r, request, ROUTER_READY, reply);
	if (slice_is(path, "/startupz"))
		return answer_health(r, request, ROUTER_STARTED, reply);
	/* Devices fetch their PAC file from the same address, and have no
	 * business with process numbers and the words of a failed reload. */
	if (local &&
	    (slice_is(path, "/status") || slice_is(path, "/status.txt")))
		return answer_status(r, path.len > 7, reply);
	if (slice_is(path, "/metrics")) {
		reply->type = "text/plain; version=0.0.4; charset=utf-8";
		return r->metrics(r->arg, &reply->body);
	}
	return MG_EAGAIN;
}

static void refuse(struct router_reply *reply, uint16_t status,
		   const char *message)
{
	buf_clear(&reply->body);
	reply->status = status;
	reply->type = "application/json";
	reply->cache = no_store;
	buf_addf(&reply->body, "{\"error\":{\"message\":\"%s\",\"code\":%u}}\n",
		 message, status);
}

void router_answer(const struct router *r, const struct head *request,
		   bool local, struct router_reply *reply)
{
	struct mg_slice method = request->method;

	*reply = (struct router_reply){ .status = 200, .cache = no_store };
	buf_init(&reply->body, ROUTER_BODY_MAX);
	if (!slice_is(method, "GET") && !slice_is(method, "HEAD")) {
		refuse(reply, 405, "only GET and HEAD are answered here");
		return;
	}
	int err = answer_path(r, request, head_path(request), local, reply);
	if (err == MG_ETOOBIG)
		refuse(reply, 500, "the answer is too large");
	else if (err < 0)
		refuse(reply, 404, "there is nothing here");
}

int router_write(const struct head *request, const struct router_reply *reply,
		 bool keep_alive, struct buf *out)
{
	int err = buf_addf(out,
			   "HTTP/1.1 %u %s\r\n"
			   "Content-Type: %s\r\n"
			   "Content-Length: %zu\r\n"
			   "Cache-Control: %s\r\n"
			   "X-Content-Type-Options: nosniff\r\n"
			   "%s%s\r\n",
			   reply->status, head_phrase(reply->status),
			   reply->type, buf_len(&reply->body), reply->cache,
			   reply->status == 405 ? "Allow: GET, HEAD\r\n" : "",
			   keep_alive ? "" : "Connection: close\r\n");

	if (err < 0 || slice_is(request->method, "HEAD"))
		return err;
	return buf_add(out, buf_slice(&reply->body));
}
