/* test_context.c - the three parties of context.h, against a plain client and a
 * plain server. */
#include "test.h"
#include "tls.h"

#include "tls/session.h"
#include "tls/ticket.h"

static struct pair root, client_ca, listener;
static struct buf listener_pem, listener_key, client_ca_pem;
static char why[256];

static void set_up(void)
{
	root = pair_ca("Root", NULL);
	client_ca = pair_ca("Client CA", "clientAuth");
	listener = pair_by(&root,
			   (struct cert_spec){ .alt_name = "DNS:proxy.test" });
	pem_of(listener.cert, &listener_pem);
	key_pem_of(listener.key, &listener_key);
	pem_of(client_ca.cert, &client_ca_pem);
}

static void tear_down(void)
{
	pair_free(&root);
	pair_free(&client_ca);
	pair_free(&listener);
	buf_deinit(&listener_pem);
	buf_deinit(&listener_key);
	buf_deinit(&client_ca_pem);
}

static struct tls_context *outer_of(struct session_block *sessions)
{
	return context_device_outer(
		&(struct context_outer){
			.cert = buf_slice(&listener_pem),
			.key = buf_slice(&listener_key),
			.client_cas = buf_slice(&client_ca_pem),
			.sessions = sessions,
		},
		why, sizeof(why));
}

static struct session_block *sessions_of(uint32_t slots)
{
	size_t size = (session_block_size(slots) + 63) / 64 * 64;
	void *at = aligned_alloc(64, size);

	memset(at, 0, size);
	return session_block_init(at, slots);
}

/* A device, of the kind that knows nothing of us. */
static SSL_CTX *device_of(int version, const struct pair *identity)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());

	SSL_CTX_set_max_proto_version(ctx, version);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_CLIENT);
	if (identity) {
		SSL_CTX_use_certificate(ctx, identity->cert);
		SSL_CTX_use_PrivateKey(ctx, identity->key);
	}
	return ctx;
}

static struct pair identity_by(const struct pair *ca)
{
	return pair_by(ca,
		       (struct cert_spec){ .name = "laptops",
					   .ext_usage = "clientAuth",
					   .alt_name = "URI:urn:moongate:org:o:"
						       "endpoint:laptops" });
}

static void a_device_without_certificate_is_let_in_and_noted(void)
{
	struct tls_context *outer = outer_of(NULL);
	SSL_CTX *device = device_of(TLS1_3_VERSION, NULL);
	struct ends e = ends_new(SSL_new(device), context_ssl(outer));
	struct tls_peer peer;

	SSL_set_connect_state(e.client);
	OK(ends_shake(&e));
	context_peer(e.server, &peer);
	OK(!peer.has_cert && !peer.verified && !peer.serial[0]);
	ends_free(&e);
	SSL_CTX_free(device);
	context_free(outer);
}

static void a_certificate_is_read_once(void)
{
	struct pair identity = identity_by(&client_ca);
	struct tls_context *outer = outer_of(NULL);
	SSL_CTX *device = device_of(TLS1_3_VERSION, &identity);
	struct ends e = ends_new(SSL_new(device), context_ssl(outer));
	struct tls_peer peer;
	char issuer[33];

	SSL_set_connect_state(e.client);
	OK(ends_shake(&e));
	context_peer(e.server, &peer);
	OK(peer.has_cert && peer.verified && !peer.resumed);
	OK(strcmp(peer.urn, "urn:moongate:org:o:endpoint:laptops") == 0);
	OK(context_issuer_of(buf_slice(&client_ca_pem), issuer) == 0);
	OK(strcmp(peer.issuer, issuer) == 0);
	BIGNUM *bn =
		ASN1_INTEGER_to_BN(X509_get0_serialNumber(identity.cert), NULL);
	char *hex = BN_bn2hex(bn);
	OK(strcasecmp(peer.serial, hex) == 0);
	OPENSSL_free(hex);
	BN_free(bn);
	OK(peer.not_after > cert_now() && peer.not_after < cert_now() + 3700);
	ends_free(&e);
	SSL_CTX_free(device);
	context_free(outer);
	pair_free(&identity);
}

static void a_strangers_certificate_is_let_in_and_not_believed(void)
{
	struct pair stranger_ca = pair_ca("Client CA", "clientAuth");
	struct pair identity[] = {
		identity_by(&stranger_ca),
		identity_by(NULL),
		pair_by(&client_ca, (struct cert_spec){ 0 }), /* a server's */
		pair_by(&client_ca,
			(struct cert_spec){ .ext_usage = "clientAuth",
					    .from = cert_now() - 7200,
					    .to = cert_now() - 3600 }),
	};
	struct tls_context *outer = outer_of(NULL);

	for (size_t i = 0; i < ARRAY_LEN(identity); i++) {
		SSL_CTX *device = device_of(TLS1_3_VERSION, &identity[i]);
		struct ends e = ends_new(SSL_new(device), context_ssl(outer));
		struct tls_peer peer;
		SSL_set_connect_state(e.client);
		OK(ends_shake(&e));
		context_peer(e.server, &peer);
		OK(peer.has_cert && !peer.verified && peer.error);
		OK(peer.issuer[0] == '\0');
		OK(context_peer_error(peer.error)[0]);
		ends_free(&e);
		SSL_CTX_free(device);
		pair_free(&identity[i]);
	}
	context_free(outer);
	pair_free(&stranger_ca);
}

static void only_our_client_cas_are_named(void)
{
	struct tls_context *outer = outer_of(NULL);
	SSL_CTX *device = device_of(TLS1_2_VERSION, NULL);
	struct ends e = ends_new(SSL_new(device), context_ssl(outer));

	SSL_set_connect_state(e.client);
	OK(ends_shake(&e));
	STACK_OF(X509_NAME) *names = SSL_get_client_CA_list(e.client);
	OK(sk_X509_NAME_num(names) == 1);
	OK(X509_NAME_cmp(sk_X509_NAME_value(names, 0),
			 X509_get_subject_name(client_ca.cert)) == 0);
	ends_free(&e);
	SSL_CTX_free(device);
	context_free(outer);
}

/* One worker begins a session, another resumes it. */
static void another_worker_resumes_the_session(void)
{
	static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };
	struct pair identity = identity_by(&client_ca);

	for (size_t i = 0; i < ARRAY_LEN(versions); i++) {
		struct session_block *block = sessions_of(64);
		struct tls_context *one = outer_of(block);
		struct tls_context *two = outer_of(block);
		SSL_CTX *device = device_of(versions[i], &identity);
		struct tls_peer first, again;

		struct ends e = ends_new(SSL_new(device), context_ssl(one));
		SSL_set_connect_state(e.client);
		OK(ends_shake(&e));
		ends_settle(&e);
		context_peer(e.server, &first);
		SSL_SESSION *session = SSL_get1_session(e.client);
		ends_free(&e);

		e = ends_new(SSL_new(device), context_ssl(two));
		SSL_set_connect_state(e.client);
		SSL_set_session(e.client, session);
		OK(ends_shake(&e));
		OK(SSL_session_reused(e.client));
		context_peer(e.server, &again);
		OK(again.resumed && again.verified &&
		   strcmp(again.serial, first.serial) == 0 &&
		   strcmp(again.urn, first.urn) == 0 &&
		   strcmp(again.issuer, first.issuer) == 0);
		ends_settle(&e);
		ends_free(&e);

		/* A purge reaches all workers' shared sessions. */
		context_purge(one);
		struct tls_context *three = outer_of(block);
		e = ends_new(SSL_new(device), context_ssl(three));
		SSL_set_connect_state(e.client);
		SSL_set_session(e.client, session);
		OK(ends_shake(&e) && !SSL_session_reused(e.client));
		ends_free(&e);
		SSL_SESSION_free(session);
		context_free(one);
		context_free(two);
		context_free(three);
		SSL_CTX_free(device);
		free(block);
	}
	pair_free(&identity);
}

static void another_set_of_cas_resumes_nothing(void)
{
	struct pair identity = identity_by(&client_ca);
	struct session_block *block = sessions_of(64);
	struct tls_context *one = outer_of(block);
	SSL_CTX *device = device_of(TLS1_3_VERSION, &identity);
	struct ends e = ends_new(SSL_new(device), context_ssl(one));

	SSL_set_connect_state(e.client);
	OK(ends_shake(&e));
	ends_settle(&e);
	SSL_SESSION *session = SSL_get1_session(e.client);
	ends_free(&e);
	context_free(one);

	struct pair fresh = pair_ca("Client CA", "clientAuth");
	buf_deinit(&client_ca_pem);
	pem_of(fresh.cert, &client_ca_pem);
	struct tls_context *two = outer_of(block);
	e = ends_new(SSL_new(device), context_ssl(two));
	SSL_set_connect_state(e.client);
	SSL_set_session(e.client, session);
	ends_shake(&e);
	OK(!SSL_session_reused(e.client));
	ends_free(&e);
	buf_deinit(&client_ca_pem);
	pem_of(client_ca.cert, &client_ca_pem);
	SSL_SESSION_free(session);
	SSL_CTX_free(device);
	context_free(two);
	pair_free(&fresh);
	pair_free(&identity);
	free(block);
}

static void old_protocols_and_suites_are_refused(void)
{
	static const struct {
		int version;
		const char *suites;
	} old[] = {
		{ TLS1_1_VERSION, NULL },
		{ TLS1_2_VERSION, "AES128-SHA" },
		{ TLS1_2_VERSION, "AES128-GCM-SHA256" },
		{ TLS1_2_VERSION, "ECDHE-ECDSA-AES128-SHA" },
		{ TLS1_2_VERSION, "DHE-RSA-AES128-GCM-SHA256" },
		{ TLS1_2_VERSION, "ECDHE-ECDSA-NULL-SHA" },
	};
	struct tls_context *outer = outer_of(NULL);

	for (size_t i = 0; i < ARRAY_LEN(old); i++) {
		SSL_CTX *device = device_of(old[i].version, NULL);
		SSL_CTX_set_security_level(device, 0);
		SSL_CTX_set_min_proto_version(device, TLS1_VERSION);
		if (old[i].suites)
			SSL_CTX_set_cipher_list(device, old[i].suites);
		struct ends e = ends_new(SSL_new(device), context_ssl(outer));
		SSL_set_connect_state(e.client);
		OK(!ends_shake(&e));
		ends_free(&e);
		SSL_CTX_free(device);
	}
	context_free(outer);
}

/* --- inner ------------------------------------------------------------------
 */

struct innkeeper {
	int answer;
	int asked;
	char sni[256];
	const void *owner;
	struct leaf *leaf;
};

static int on_hello(void *arg, void *owner, struct mg_slice sni,
		    struct leaf **out)
{
	struct innkeeper *k = arg;

	k->asked++;
	k->owner = owner;
	snprintf(k->sni, sizeof(k->sni), "%.*s", (int)sni.len, sni.at);
	if (k->answer == MG_OK)
		*out = leaf_use(k->leaf);
	return k->answer;
}

static struct leaf *leaf_by(const struct pair *ca)
{
	struct pair p = pair_by(ca, (struct cert_spec){ 0 });
	unsigned char *key = NULL, *chain = NULL, *cert = NULL;
	int key_len = i2d_PrivateKey(p.key, &key);
	int chain_len = i2d_X509(ca->cert, &chain);
	int cert_len = i2d_X509(p.cert, &cert);
	struct leaf_kit *kit =
		leaf_kit_new(slice((char *)key, (size_t)key_len),
			     slice((char *)chain, (size_t)chain_len));
	struct leaf *leaf =
		leaf_new(kit, slice((char *)cert, (size_t)cert_len));

	leaf_kit_free(kit);
	OPENSSL_free(key);
	OPENSSL_free(chain);
	OPENSSL_free(cert);
	pair_free(&p);
	return leaf;
}

static struct ticket_block *tickets_of(void)
{
	size_t size = (ticket_block_size() + 63) / 64 * 64;
	void *at = aligned_alloc(64, size);

	memset(at, 0, size);
	return ticket_block_init(at, (uint64_t)time(NULL));
}

static struct tls_context *inner_of(struct ticket_block *tickets)
{
	return context_device_inner(
		&(struct context_inner){ .tickets = tickets }, why,
		sizeof(why));
}

static void the_leaf_is_chosen_by_name_and_may_be_waited_for(void)
{
	struct innkeeper k = { .answer = MG_EAGAIN, .leaf = leaf_by(&root) };
	struct tls_context *inner = inner_of(NULL);
	SSL_CTX *device = device_of(TLS1_3_VERSION, NULL);
	struct ends e = ends_new(SSL_new(device), context_ssl(inner));
	int owner;

	SSL_set_connect_state(e.client);
	SSL_set_tlsext_host_name(e.client, "HOST.test");
	context_on_hello(inner, on_hello, &k);
	context_own(e.server, &owner);
	X509_STORE_add_cert(SSL_CTX_get_cert_store(device), root.cert);
	SSL_set1_host(e.client, "host.test");
	SSL_set_verify(e.client, SSL_VERIFY_PEER, NULL);

	OK(!ends_shake(&e));
	OK(e.server_error == SSL_ERROR_WANT_CLIENT_HELLO_CB);
	OK(k.asked == 1 && k.owner == &owner);
	OK(strcmp(k.sni, "host.test") == 0);
	k.answer = MG_OK;
	OK(ends_shake(&e));
	OK(k.asked == 2 && k.leaf->holders == 1);
	OK(SSL_get_verify_result(e.client) == X509_V_OK);
	ends_free(&e);
	leaf_done(k.leaf);
	SSL_CTX_free(device);
	context_free(inner);
}

static void a_refused_host_gets_an_alert(void)
{
	static const char *const names[] = { "host.test", "a_b.test", "-.test",
					     "127.0.0.1" };
	struct innkeeper k = { .answer = MG_ESTOP };
	struct tls_context *inner = inner_of(NULL);
	SSL_CTX *device = device_of(TLS1_3_VERSION, NULL);

	context_on_hello(inner, on_hello, &k);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct ends e = ends_new(SSL_new(device), context_ssl(inner));
		SSL_set_connect_state(e.client);
		SSL_set_tlsext_host_name(e.client, names[i]);
		OK(!ends_shake(&e));
		OK(ERR_GET_REASON(ERR_peek_error()) ==
		   SSL_R_TLSV1_UNRECOGNIZED_NAME);
		ends_free(&e);
	}
	OK(k.asked == 1); /* what is no host name never got that far */
	SSL_CTX_free(device);
	context_free(inner);
}

static void a_ticket_of_one_worker_opens_at_another(void)
{
	static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };
	struct innkeeper k = { .leaf = leaf_by(&root) };
	struct ticket_block *tickets = tickets_of();

	for (size_t i = 0; i < ARRAY_LEN(versions); i++) {
		struct tls_context *one = inner_of(tickets);
		struct tls_context *two = inner_of(tickets);
		SSL_CTX *device = device_of(versions[i], NULL);
		context_on_hello(one, on_hello, &k);
		context_on_hello(two, on_hello, &k);

		struct ends e = ends_new(SSL_new(device), context_ssl(one));
		SSL_set_connect_state(e.client);
		SSL_set_tlsext_host_name(e.client, "host.test");
		OK(ends_shake(&e));
		ends_settle(&e);
		SSL_SESSION *session = SSL_get1_session(e.client);
		ends_free(&e);

		e = ends_new(SSL_new(device), context_ssl(two));
		SSL_set_connect_state(e.client);
		SSL_set_tlsext_host_name(e.client, "host.test");
		SSL_set_session(e.client, session);
		OK(ends_shake(&e) && SSL_session_reused(e.client));
		ends_free(&e);

		ticket_purge(tickets, (uint64_t)time(NULL));
		e = ends_new(SSL_new(device), context_ssl(two));
		SSL_set_connect_state(e.client);
		SSL_set_tlsext_host_name(e.client, "host.test");
		SSL_set_session(e.client, session);
		OK(ends_shake(&e) && !SSL_session_reused(e.client));
		ends_free(&e);
		SSL_SESSION_free(session);
		SSL_CTX_free(device);
		context_free(one);
		context_free(two);
	}
	leaf_done(k.leaf);
	free(tickets);
}

static void ticket_keys_rotate_and_the_one_before_still_opens(void)
{
	struct ticket_block *t = tickets_of();
	struct ticket_key first, second, third, found;
	uint64_t now = (uint64_t)time(NULL);

	OK(ticket_seal(t, now, &first) == 0);
	OK(ticket_seal(t, now + 8 * 3600 - 1, &second) == 0);
	OK(memcmp(&first, &second, sizeof(first)) == 0);
	OK(ticket_seal(t, now + 8 * 3600, &second) == 0);
	OK(memcmp(first.cipher, second.cipher, 32) != 0);
	OK(ticket_open(t, second.name, &found) == 1);
	OK(ticket_open(t, first.name, &found) == 2 &&
	   memcmp(found.cipher, first.cipher, 32) == 0);
	OK(ticket_seal(t, now + 16 * 3600, &third) == 0);
	OK(ticket_open(t, first.name, &found) == 0);
	free(t);
}

static void alpn_is_http11_or_a_refusal(void)
{
	static const struct {
		const char *offer;
		unsigned len;
		bool h2, shaken;
		const char *chosen;
	} cases[] = {
		{ "\x08http/1.1", 9, false, true, "http/1.1" },
		{ "\x02h2\x08http/1.1", 12, false, true, "http/1.1" },
		{ "\x02h2\x08http/1.1", 12, true, true, "h2" },
		{ "\x02h2", 3, false, false, "" },
		{ "\x03"
		  "foo",
		  4, true, false, "" },
		{ "", 0, true, true, "" },
	};
	struct innkeeper k = { .leaf = leaf_by(&root) };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct tls_context *inner = context_device_inner(
			&(struct context_inner){ .h2 = cases[i].h2 }, why,
			sizeof(why));
		SSL_CTX *device = device_of(TLS1_3_VERSION, NULL);
		context_on_hello(inner, on_hello, &k);
		if (cases[i].len)
			SSL_CTX_set_alpn_protos(
				device, (const unsigned char *)cases[i].offer,
				cases[i].len);
		struct ends e = ends_new(SSL_new(device), context_ssl(inner));
		SSL_set_connect_state(e.client);
		SSL_set_tlsext_host_name(e.client, "host.test");
		OK(ends_shake(&e) == cases[i].shaken);
		OK(slice_is(context_alpn(e.server), cases[i].chosen));
		ends_free(&e);
		SSL_CTX_free(device);
		context_free(inner);
	}
	leaf_done(k.leaf);
}

static void a_context_lives_as_long_as_its_connections(void)
{
	struct innkeeper k = { .leaf = leaf_by(&root) };
	struct tls_context *inner = inner_of(NULL);
	SSL_CTX *device = device_of(TLS1_3_VERSION, NULL);
	struct ends e = ends_new(SSL_new(device), context_ssl(inner));

	context_on_hello(inner, on_hello, &k);
	context_free(inner);
	SSL_set_connect_state(e.client);
	SSL_set_tlsext_host_name(e.client, "host.test");
	OK(ends_shake(&e));
	ends_free(&e);
	leaf_done(k.leaf);
	SSL_CTX_free(device);
}

static void unreadable_files_are_said(void)
{
	struct context_outer o = { .cert = slice_str("nonsense"),
				   .key = slice_str("nonsense"),
				   .client_cas = buf_slice(&client_ca_pem) };

	OK(!context_device_outer(&o, why, sizeof(why)));
	OK(strstr(why, "certificate") != NULL);
	o.cert = buf_slice(&listener_pem);
	OK(!context_device_outer(&o, why, sizeof(why)));
	OK(strstr(why, "key") != NULL);
	o.key = buf_slice(&listener_key);
	o.client_cas = slice_str("");
	OK(!context_device_outer(&o, why, sizeof(why)));
	OK(strstr(why, "client CA") != NULL);
	OK(!context_upstream(
		&(struct context_upstream){ .ca_file = "/nonexistent" }, why,
		sizeof(why)));
	OK(strstr(why, "roots") != NULL);
}

static void sessions_are_bounded_and_expire(void)
{
	struct session_block *block = sessions_of(4);
	unsigned char out[SESSION_BYTES];
	char big[SESSION_BYTES + 1] = { 0 }, id[32] = { 0 };

	OK(!session_put(block, slice(id, 32), slice(big, sizeof(big)), 100));
	OK(!session_put(block, slice(id, 0), slice_str("x"), 100));
	OK(session_put(block, slice(id, 32), slice_str("first"), 100));
	OK(session_get(block, slice(id, 32), 99, out) == 5 &&
	   memcmp(out, "first", 5) == 0);
	OK(session_get(block, slice(id, 32), 100, out) == 0);
	for (char i = 1; i < 100; i++) {
		id[0] = i;
		OK(session_put(block, slice(id, 32), slice(&i, 1),
			       100 + (uint64_t)i));
	}
	int held = 0;
	for (char i = 0; i < 100; i++) {
		id[0] = i;
		held += session_get(block, slice(id, 32), 99, out) != 0;
	}
	OK(held == 4);
	session_purge(block);
	OK(session_get(block, slice(id, 32), 99, out) == 0);
	free(block);
}

int main(void)
{
	set_up();
	RUN(a_device_without_certificate_is_let_in_and_noted);
	RUN(a_certificate_is_read_once);
	RUN(a_strangers_certificate_is_let_in_and_not_believed);
	RUN(only_our_client_cas_are_named);
	RUN(another_worker_resumes_the_session);
	RUN(another_set_of_cas_resumes_nothing);
	RUN(old_protocols_and_suites_are_refused);
	RUN(the_leaf_is_chosen_by_name_and_may_be_waited_for);
	RUN(a_refused_host_gets_an_alert);
	RUN(a_ticket_of_one_worker_opens_at_another);
	RUN(ticket_keys_rotate_and_the_one_before_still_opens);
	RUN(alpn_is_http11_or_a_refusal);
	RUN(a_context_lives_as_long_as_its_connections);
	RUN(unreadable_files_are_said);
	RUN(sessions_are_bounded_and_expire);
	tear_down();
	return test_done();
}
