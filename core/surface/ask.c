/* ask.c - CONNECT: who is it, where to, may it.
 *
 *   head --> identity --> host --> coverage --> 200 (read | unread) or a
 * refusal
 *
 * The certificate was asked for in the handshake and not insisted on, because
 * TLS 1.3 clients cannot tell a missing certificate from a broken line. Here is
 * where they are told, in words.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "surface/answer.h"
#include "surface/impl.h"
#include "surface/report.h"
#include "text/application.h"

/* --- who is it -------------------------------------------------------------
 */

static void remember(struct device *d, const struct identity *id,
		     uint32_t assurance)
{
	d->who.known = true;
	d->who.assurance = assurance;
	snprintf(d->who.integration, sizeof(d->who.integration), "%.*s",
		 (int)id->name.len, id->name.at);
}

static enum identity_answer by_certificate(struct device *d)
{
	const struct identity_cert *cert;
	const struct identity *id;
	enum identity_answer answer = identity_by_serial(
		d->sv->identities, slice_str(d->peer.issuer),
		slice_str(d->peer.serial), (int64_t)(clock_now_us() / 1000000),
		&id, &cert);

	if (!id)
		return answer;
	snprintf(d->who.serial, sizeof(d->who.serial), "%s", d->peer.serial);
	snprintf(d->who.issuer, sizeof(d->who.issuer), "%s", d->peer.issuer);
	if (cert)
		snprintf(d->who.device, sizeof(d->who.device), "%.*s",
			 (int)cert->device.len, cert->device.at);
	remember(d, id, 3);
	return answer;
}

/* RFC 7617: base64 of "integration:token". */
static enum identity_answer by_token(struct device *d, struct mg_slice field)
{
	unsigned char plain[384];
	struct mg_slice scheme, rest = field, name, token;
	const struct identity *id = NULL;
	enum identity_answer answer = IDENTITY_UNKNOWN;

	if (!slice_cut(&rest, ' ', &scheme) ||
	    !slice_is_caseless(scheme, "basic") || !rest.at)
		return IDENTITY_WRONG_TOKEN;
	int len = hash_base64_decode(slice_trim(rest), plain, sizeof(plain));
	if (len < 0)
		return IDENTITY_WRONG_TOKEN;
	token = slice((char *)plain, (size_t)len);
	if (slice_cut(&token, ':', &name) && token.at)
		answer = identity_by_token(d->sv->identities, name, token, &id);
	explicit_bzero(plain, sizeof(plain));
	if (id && answer != IDENTITY_WRONG_TOKEN)
		remember(d, id, 2);
	return answer;
}

static bool in_range(const union sock_addr *from, const char *cidr)
{
	char text[INET6_ADDRSTRLEN + 8];
	const char *slash = strchr(cidr, '/');
	union sock_addr net;
	size_t len = slash ? (size_t)(slash - cidr) : strlen(cidr);

	if (len >= sizeof(text) - 4)
		return false;
	bool six = memchr(cidr, ':', len) != NULL;
	snprintf(text, sizeof(text), six ? "[%.*s]:0" : "%.*s:0", (int)len,
		 cidr);
	if (sock_parse(text, &net) < 0 ||
	    net.any.sa_family != from->any.sa_family)
		return false;

	const uint8_t *a = six ? net.v6.sin6_addr.s6_addr
			       : (const uint8_t *)&net.v4.sin_addr;
	const uint8_t *b = six ? from->v6.sin6_addr.s6_addr
			       : (const uint8_t *)&from->v4.sin_addr;
	unsigned bits = slash ? (unsigned)atoi(slash + 1) : six ? 128 : 32;
	if (bits > (six ? 128u : 32u))
		return false;
	if (memcmp(a, b, bits / 8))
		return false;
	return bits % 8 == 0 ||
	       (a[bits / 8] ^ b[bits / 8]) >> (8 - bits % 8) == 0;
}

static enum identity_answer by_name(struct device *d, const char *name,
				    uint32_t assurance)
{
	const struct identity *id =
		identity_by_name(d->sv->identities, slice_str(name));

	if (!id)
		return IDENTITY_UNKNOWN;
	remember(d, id, assurance);
	return identity_answer_of(id);
}

/* False when the address is in no range that names an integration. */
static bool by_network(struct device *d, enum identity_answer *answer)
{
	const struct conf_list *map = &d->sv->conf->proxy_networks;

	for (uint32_t i = 0; i < map->count; i++) {
		char cidr[64];
		const char *eq = strchr(map->at[i], '=');

		if (!eq || (size_t)(eq - map->at[i]) >= sizeof(cidr))
			continue;
		memcpy(cidr, map->at[i], (size_t)(eq - map->at[i]));
		cidr[eq - map->at[i]] = '\0';
		if (!in_range(&d->from, cidr))
			continue;
		*answer = by_name(d, eq + 1, 1);
		return true;
	}
	return false;
}

static const char no_certificate[] =
	"no client certificate and no token came; install the integration's "
	"certificate, or use https://INTEGRATION:TOKEN@proxy as the proxy";
static const char no_token[] =
	"no token came; use http://INTEGRATION:TOKEN@proxy as the proxy";

/* The strongest proof that is offered counts; a bad one is never overlooked in
 * favour of a weaker good one. NULL: welcome; else why not, and *status. */
static const char *identify(struct device *d, const struct head *h,
			    uint16_t *status)
{
	struct mg_slice token = head_get(h, "Proxy-Authorization");
	enum identity_answer answer;

	*status = 403;
	if (d->peer.has_cert && !d->peer.verified)
		return context_peer_error(d->peer.error);
	if (d->peer.has_cert) {
		answer = by_certificate(d);
	} else if (token.at) {
		answer = by_token(d, token);
		if (answer == IDENTITY_UNKNOWN ||
		    answer == IDENTITY_WRONG_TOKEN)
			*status = 407;
	} else if (!by_network(d, &answer)) {
		*status = 407;
		if (!*d->sv->conf->proxy_anonymous)
			return d->outer ? no_certificate : no_token;
		*status = 403;
		answer = by_name(d, d->sv->conf->proxy_anonymous, 0);
	}
	return answer == IDENTITY_OK ? NULL : identity_sentence(answer);
}

const struct identity *device_identity(struct device *d, const char **why)
{
	enum identity_answer answer;
	const struct identity *id;
	const struct identity_cert *cert;

	if (d->who.serial[0]) {
		answer = identity_by_serial(
			d->sv->identities, slice_str(d->who.issuer),
			slice_str(d->who.serial),
			(int64_t)(clock_now_us() / 1000000), &id, &cert);
	} else {
		id = identity_by_name(d->sv->identities,
				      slice_str(d->who.integration));
		answer = id ? identity_answer_of(id) : IDENTITY_UNKNOWN;
	}
	*why = identity_sentence(answer);
	return answer == IDENTITY_OK ? id : NULL;
}

/* --- where to --------------------------------------------------------------
 */

static void set_host(struct device *d, struct mg_slice host)
{
	size_t len =
		host.len < sizeof(d->host) ? host.len : sizeof(d->host) - 1;

	for (size_t i = 0; i < len; i++)
		d->host[i] = host.at[i] >= 'A' && host.at[i] <= 'Z'
				     ? (char)(host.at[i] | 0x20)
				     : host.at[i];
	d->host[len] = '\0';
}

enum mg_coverage ask_coverage(struct device *d, struct mg_slice host)
{
	struct generation *gen = engine_use(d->sv->engine);
	enum mg_coverage found =
		apps_cover(generation_apps(gen), host, &d->app);

	generation_done(gen);
	return found;
}

void ask_refuse(struct device *d, uint16_t status, const char *why)
{
	count(d->sv, SHM_REFUSED, 1);
	report_refusal(d, status, why);
	answer_connect(d, status, why);
	device_close(d);
}

int ask_grant(struct device *d)
{
	static const char yes[] = "HTTP/1.1 200 Connection established\r\n\r\n";

	count(d->sv, SHM_TUNNELS, 1);
	arena_wipe(&d->asking); /* it may hold a token */
	return device_send(d, slice_str(yes));
}

void ask_intercept(struct device *d)
{
	tunnel_replay(d);
	d->inner = tls_accept(d->sv->inner, d->top, d);
	device_move(d, DEVICE_SHAKING);
	device_rearm(d, d->sv->conf->timeouts_handshake);
}

/* Not covered, or not to be read: unread, or not at all. */
static void pass_unread(struct device *d)
{
	if (d->sv->conf->proxy_uncovered == CONF_TUNNEL) {
		tunnel_start(d);
		return;
	}
	ask_refuse(d, 403,
		   "this host is not an AI service that Moongate covers, and "
		   "proxy.uncovered = \"refuse\"");
}

bool ask_is_pinned(const struct device *d, struct mg_slice host)
{
	return d->sv->conf->proxy_pinned == CONF_TUNNEL &&
	       pins_have(&d->sv->pins, host, loop_now(d->sv->loop));
}

static void go(struct device *d)
{
	enum mg_coverage found = ask_coverage(d, device_host(d));
	bool pinned = ask_is_pinned(d, device_host(d));

	if (found == MG_COVERED && !pinned) {
		if (ask_grant(d) < 0)
			device_close(d);
		else
			ask_intercept(d);
	} else if (found == MG_UNCOVERED)
		pass_unread(d);
	else
		tunnel_start(d);
}

static void connect_asked(struct device *d, const struct head *h)
{
	struct mg_slice host;
	uint16_t status;
	const char *why;

	if (!slice_is(h->method, "CONNECT")) {
		ask_refuse(
			d, 405,
			"this proxy carries CONNECT only: use https:// URLs, "
			"or the PAC file");
		return;
	}
	if (head_authority(h->target, &host, &d->port) < 0 || !d->port) {
		ask_refuse(d, 400, "CONNECT needs a host name and a port");
		return;
	}
	set_host(d, host);
	/* An integration that was made a moment ago is known at once. */
	if (identity_refresh(d->sv->identities) == 1)
		d->sv->recheck = true;
	why = identify(d, h, &status);
	if (why) {
		ask_refuse(d, status, why);
		return;
	}
	if (d->sv->draining) {
		ask_refuse(d, 503, "Moongate is stopping; try again");
		return;
	}
	go(d);
}

static int on_part(void *arg, const struct part *part)
{
	struct device *d = arg;

	if (part->kind == PART_HEAD)
		d->asked = part->head;
	return MG_OK;
}

int ask_feed(struct device *d, const char *at, size_t len, size_t *used)
{
	if (d->reader.state == H1_IDLE)
		h1_reader_begin(&d->reader, &d->asking);

	int err = h1_reader_feed(&d->reader, at, len, used, on_part, d);
	if (err < 0) {
		ask_refuse(d, d->reader.status, d->reader.why);
		return err;
	}
	/* The next bytes belong to the tunnel: the reader stops behind END. */
	if (h1_reader_is_done(&d->reader)) {
		struct head *asked = d->asked;

		d->asked = NULL;
		h1_reader_deinit(&d->reader);
		h1_reader_init(&d->reader, false, &d->sv->limits);
		connect_asked(d, asked);
	}
	return MG_OK;
}
