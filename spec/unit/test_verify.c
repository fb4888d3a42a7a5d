/* test_verify.c - upstreams with bad certificates: every one is refused, and
 * the sentence says why. */
#include "test.h"
#include "tls.h"

#include <unistd.h>

#include "tls/verify.h"

static struct pair root, inter, stranger;
static char roots[64], crls[64], why[256];

static void write_pem(char path[64], X509 *cert, X509_CRL *crl)
{
	strcpy(path, "/tmp/mg-verify-XXXXXX");
	FILE *f = fdopen(mkstemp(path), "w");

	if (cert)
		PEM_write_X509(f, cert);
	if (crl)
		PEM_write_X509_CRL(f, crl);
	fclose(f);
}

static struct pair inter_by(const struct pair *ca, NAME_CONSTRAINTS *nc)
{
	struct cert_spec spec = { .name = "Intermediate",
				  .basic = "critical,CA:TRUE,pathlen:0",
				  .usage = "critical,keyCertSign,cRLSign",
				  .ext_usage = "serverAuth",
				  .alt_name = "",
				  .constraints = nc,
				  .subject_key_id = true };

	return pair_by(ca, spec);
}

static void set_up(void)
{
	root = pair_ca("Root", NULL);
	stranger = pair_ca("Stranger", NULL);
	inter = inter_by(&root, NULL);
	write_pem(roots, root.cert, NULL);
}

static void tear_down(void)
{
	pair_free(&root);
	pair_free(&inter);
	pair_free(&stranger);
	unlink(roots);
}

static struct tls_context *upstream_of(const char *crl_file)
{
	return context_upstream(
		&(struct context_upstream){ .ca_file = roots,
					    .crl_file = crl_file,
					    .sessions = 16 },
		why, sizeof(why));
}

static SSL_CTX *server_of(const struct pair *leaf, X509 *chain)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());

	SSL_CTX_set_security_level(ctx, 0);
	SSL_CTX_use_certificate(ctx, leaf->cert);
	SSL_CTX_use_PrivateKey(ctx, leaf->key);
	if (chain)
		SSL_CTX_add1_chain_cert(ctx, chain);
	return ctx;
}

/* How one handshake of ours with that server ends. */
static enum verify_reason meet(struct tls_context *up, SSL_CTX *server,
			       const char *host)
{
	SSL *client = context_ssl_to(up, slice_str(host), slice_str(host));
	struct ends e = ends_new(client, SSL_new(server));
	enum verify_reason reason = VERIFY_OK;

	SSL_set_accept_state(e.server);
	why[0] = '\0';
	if (!ends_shake(&e))
		reason = verify_reason(e.client, why, sizeof(why));
	else
		ends_settle(&e);
	ends_free(&e);
	return reason;
}

static EVP_PKEY *rsa_of(int bits)
{
	return EVP_RSA_gen((unsigned)bits);
}

/* The leaf of a case, its issuer sent along, and what must come of it. */
struct case_of {
	const char *what;
	struct cert_spec spec;
	const char *host;
	enum verify_reason reason;
	const char *says;
};

static void bad_leaves_are_named(void)
{
	int64_t now = cert_now();
	const struct case_of cases[] = {
		{ "good", { 0 }, "host.test", VERIFY_OK, "" },
		{ "expired",
		  { .from = now - 7200, .to = now - 3600 },
		  "host.test",
		  VERIFY_EXPIRED,
		  "the certificate of host.test expired on 20" },
		{ "not yet valid",
		  { .from = now + 7200, .to = now + 9000 },
		  "host.test",
		  VERIFY_NOT_YET,
		  "is not valid before 20" },
		{ "wrong host",
		  { .alt_name = "DNS:other.test" },
		  "host.test",
		  VERIFY_WRONG_HOST,
		  "is for another host" },
		{ "below the name",
		  { 0 },
		  "a.host.test",
		  VERIFY_WRONG_HOST,
		  "" },
		{ "wildcard",
		  { .alt_name = "DNS:*.host.test" },
		  "a.host.test",
		  VERIFY_OK,
		  "" },
		{ "two labels under a wildcard",
		  { .alt_name = "DNS:*.host.test" },
		  "b.a.host.test",
		  VERIFY_WRONG_HOST,
		  "" },
		{ "half a label of a wildcard",
		  { .alt_name = "DNS:h*.test" },
		  "host.test",
		  VERIFY_WRONG_HOST,
		  "" },
		{ "name in the subject only",
		  { .alt_name = "" },
		  "host.test",
		  VERIFY_WRONG_HOST,
		  "" },
		{ "no subject",
		  { .name = "x", .alt_name = "DNS:host.test" },
		  "host.test",
		  VERIFY_OK,
		  "" },
		{ "a client's certificate",
		  { .ext_usage = "clientAuth" },
		  "host.test",
		  VERIFY_PURPOSE,
		  "is not meant for servers" },
		{ "a CA's address",
		  { .alt_name = "IP:127.0.0.1" },
		  "127.0.0.1",
		  VERIFY_OK,
		  "" },
		{ "another address",
		  { .alt_name = "IP:127.0.0.2" },
		  "127.0.0.1",
		  VERIFY_WRONG_HOST,
		  "is for another address" },
	};
	struct tls_context *up = upstream_of(NULL);

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct pair leaf = pair_by(&inter, cases[i].spec);
		SSL_CTX *server = server_of(&leaf, inter.cert);
		printf("# %s\n", cases[i].what);
		OK(meet(up, server, cases[i].host) == cases[i].reason);
		OK(strstr(why, cases[i].says) != NULL);
		SSL_CTX_free(server);
		pair_free(&leaf);
	}
	context_free(up);
}

static void bad_chains_are_named(void)
{
	struct tls_context *up = upstream_of(NULL);
	struct pair good =
		pair_by(&inter, (struct cert_spec){ .subject_key_id = true });
	struct pair alone = pair_by(NULL, (struct cert_spec){ 0 });
	struct pair strange = pair_by(&stranger, (struct cert_spec){ 0 });
	struct pair below =
		pair_by(&good, (struct cert_spec){ .name = "below" });
	SSL_CTX *server;

	server = server_of(&good, NULL);
	OK(meet(up, server, "host.test") == VERIFY_INCOMPLETE);
	OK(strstr(why, "without the certificate of its issuer") != NULL);
	SSL_CTX_free(server);

	server = server_of(&alone, NULL);
	OK(meet(up, server, "host.test") == VERIFY_SELF_SIGNED);
	OK(strstr(why, "self-signed") != NULL);
	SSL_CTX_free(server);

	server = server_of(&strange, stranger.cert);
	OK(meet(up, server, "host.test") == VERIFY_UNTRUSTED_ROOT);
	OK(strstr(why, "not trusted") != NULL);
	SSL_CTX_free(server);

	server = server_of(&strange, NULL);
	OK(meet(up, server, "host.test") == VERIFY_INCOMPLETE);
	SSL_CTX_free(server);

	server = server_of(&below, good.cert);
	SSL_CTX_add1_chain_cert(server, inter.cert);
	OK(meet(up, server, "host.test") == VERIFY_NOT_A_CA);
	OK(strcmp(why, "a certificate in the chain of host.test signs others "
		       "and is no CA") == 0);

	SSL_CTX_free(server);

	pair_free(&good);
	pair_free(&alone);
	pair_free(&strange);
	pair_free(&below);
	context_free(up);
}

static void names_outside_of_constraints_are_refused(void)
{
	struct tls_context *up = upstream_of(NULL);
	NAME_CONSTRAINTS *nc = NAME_CONSTRAINTS_new();
	GENERAL_SUBTREE *tree = GENERAL_SUBTREE_new();
	ASN1_IA5STRING *name = ASN1_IA5STRING_new();

	ASN1_STRING_set(name, "other.test", -1);
	GENERAL_NAME_set0_value(tree->base, GEN_DNS, name);
	nc->permittedSubtrees = sk_GENERAL_SUBTREE_new_null();
	sk_GENERAL_SUBTREE_push(nc->permittedSubtrees, tree);
	struct pair bound = inter_by(&root, nc);
	struct pair leaf = pair_by(&bound, (struct cert_spec){ 0 });
	SSL_CTX *server = server_of(&leaf, bound.cert);
	OK(meet(up, server, "host.test") == VERIFY_CONSTRAINTS);
	OK(strstr(why, "outside of what its issuer may sign") != NULL);
	SSL_CTX_free(server);
	NAME_CONSTRAINTS_free(nc);
	pair_free(&bound);
	pair_free(&leaf);
	context_free(up);
}

/* cert_issue signs with SHA-256; this is the same certificate, signed again. */
static void weak_keys_and_hashes_are_refused(void)
{
	struct tls_context *up = upstream_of(NULL);
	struct pair small =
		pair_by(&inter, (struct cert_spec){ .key = rsa_of(1024) });
	struct pair fine =
		pair_by(&inter, (struct cert_spec){ .key = rsa_of(2048) });
	struct pair sha1 = pair_by(&inter, (struct cert_spec){ 0 });
	SSL_CTX *server = server_of(&small, inter.cert);

	OK(meet(up, server, "host.test") == VERIFY_WEAK_KEY);
	OK(strstr(why, "too short") != NULL);
	SSL_CTX_free(server);
	server = server_of(&fine, inter.cert);
	OK(meet(up, server, "host.test") == VERIFY_OK);
	SSL_CTX_free(server);
	X509_sign(sha1.cert, inter.key, EVP_sha1());
	server = server_of(&sha1, inter.cert);
	OK(meet(up, server, "host.test") == VERIFY_WEAK_HASH);
	OK(strstr(why, "SHA-1") != NULL);
	SSL_CTX_free(server);
	pair_free(&small);
	pair_free(&fine);
	pair_free(&sha1);
	context_free(up);
}

static void revoked_ones_are_refused_where_there_is_a_list(void)
{
	struct pair gone = pair_by(&inter, (struct cert_spec){ 0 });
	struct pair kept = pair_by(&inter, (struct cert_spec){ 0 });
	struct pair direct = pair_by(&root, (struct cert_spec){ 0 });
	X509_CRL *crl = X509_CRL_new();
	X509_REVOKED *entry = X509_REVOKED_new();
	ASN1_TIME *from = ASN1_TIME_set(NULL, cert_now() - 60);
	ASN1_TIME *to = ASN1_TIME_set(NULL, cert_now() + 3600);

	X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(gone.cert));
	X509_REVOKED_set_revocationDate(entry, from);
	X509_CRL_add0_revoked(crl, entry);
	X509_CRL_set_version(crl, 1);
	X509_CRL_set_issuer_name(crl, X509_get_subject_name(inter.cert));
	X509_CRL_set1_lastUpdate(crl, from);
	X509_CRL_set1_nextUpdate(crl, to);
	X509_CRL_sign(crl, inter.key, EVP_sha256());
	write_pem(crls, NULL, crl);

	struct tls_context *up = upstream_of(crls);
	SSL_CTX *server = server_of(&gone, inter.cert);
	OK(meet(up, server, "host.test") == VERIFY_REVOKED);
	OK(strstr(why, "is revoked") != NULL);
	SSL_CTX_free(server);
	server = server_of(&kept, inter.cert);
	OK(meet(up, server, "host.test") == VERIFY_OK);
	SSL_CTX_free(server);
	server = server_of(&direct, NULL); /* an issuer without a list */
	OK(meet(up, server, "host.test") == VERIFY_OK);
	SSL_CTX_free(server);
	context_free(up);
	unlink(crls);
	ASN1_TIME_free(from);
	ASN1_TIME_free(to);
	X509_CRL_free(crl);
	pair_free(&gone);
	pair_free(&kept);
	pair_free(&direct);
}

static void old_handshakes_are_named(void)
{
	static const struct {
		int version;
		const char *suites;
		enum verify_reason reason;
	} old[] = {
		{ TLS1_1_VERSION, NULL, VERIFY_OLD_PROTOCOL },
		{ TLS1_VERSION, NULL, VERIFY_OLD_PROTOCOL },
		{ TLS1_2_VERSION, "AES128-SHA", VERIFY_WEAK_CIPHERS },
		{ TLS1_2_VERSION, "AES128-GCM-SHA256", VERIFY_WEAK_CIPHERS },
		{ TLS1_2_VERSION, "DHE-RSA-AES128-GCM-SHA256",
		  VERIFY_WEAK_CIPHERS },
		{ TLS1_2_VERSION, "ECDHE-RSA-AES128-SHA", VERIFY_WEAK_CIPHERS },
		{ TLS1_2_VERSION, "NULL-SHA256", VERIFY_WEAK_CIPHERS },
	};
	struct tls_context *up = upstream_of(NULL);
	struct pair leaf =
		pair_by(&inter, (struct cert_spec){ .key = rsa_of(2048) });

	for (size_t i = 0; i < ARRAY_LEN(old); i++) {
		SSL_CTX *server = server_of(&leaf, inter.cert);
		SSL_CTX_set_min_proto_version(server, TLS1_VERSION);
		SSL_CTX_set_max_proto_version(server, old[i].version);
		if (old[i].suites)
			SSL_CTX_set_cipher_list(server, old[i].suites);
		SSL_CTX_set_dh_auto(server, 1);
		OK(meet(up, server, "host.test") == old[i].reason);
		OK(strncmp(why, "host.test ", 10) == 0);
		SSL_CTX_free(server);
	}
	pair_free(&leaf);
	context_free(up);
}

static void who_wants_our_certificate_is_named(void)
{
	struct tls_context *up = upstream_of(NULL);
	struct pair leaf = pair_by(&inter, (struct cert_spec){ 0 });
	SSL_CTX *server = server_of(&leaf, inter.cert);

	SSL_CTX_set_max_proto_version(server, TLS1_2_VERSION);
	SSL_CTX_set_verify(server,
			   SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
			   NULL);
	OK(meet(up, server, "host.test") == VERIFY_WANTS_CERTIFICATE);
	OK(strcmp(why, "host.test asks for a client certificate") == 0);
	SSL_CTX_set_verify(server, SSL_VERIFY_PEER, NULL);
	OK(meet(up, server, "host.test") == VERIFY_OK); /* wants, may lack */
	SSL_CTX_free(server);
	pair_free(&leaf);
	context_free(up);
}

static void many_names_are_fine_and_too_many_are_not(void)
{
	static const struct {
		int names;
		enum verify_reason reason;
	} sizes[] = { { 1000, VERIFY_OK }, { 10000, VERIFY_TOO_LARGE } };
	struct tls_context *up = upstream_of(NULL);

	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		struct buf names;
		buf_init(&names, 1 << 20);
		buf_add_str(&names, "DNS:host.test");
		for (int n = 0; n < sizes[i].names; n++)
			buf_addf(&names, ",DNS:%d.subdomain.test", n);
		buf_add_at(&names, "", 1);
		struct pair leaf = pair_by(
			&inter,
			(struct cert_spec){ .alt_name = buf_slice(&names).at });
		SSL_CTX *server = server_of(&leaf, inter.cert);
		OK(meet(up, server, "host.test") == sizes[i].reason);
		SSL_CTX_free(server);
		pair_free(&leaf);
		buf_deinit(&names);
	}
	context_free(up);
}

static void what_is_no_tls_is_named(void)
{
	static const char page[] = "HTTP/1.1 400 Bad Request\r\n\r\n";
	struct tls_context *up = upstream_of(NULL);
	SSL *client = context_ssl_to(up, slice_str("host.test"),
				     slice_str("host.test"));
	BIO *a, *b;

	BIO_new_bio_pair(&a, 0, &b, 0);
	SSL_set_bio(client, a, a);
	SSL_do_handshake(client);
	BIO_write(b, page, sizeof(page) - 1);
	ERR_clear_error();
	OK(SSL_do_handshake(client) < 0);
	OK(verify_reason(client, why, sizeof(why)) == VERIFY_NO_TLS);
	OK(strcmp(why, "host.test does not speak TLS") == 0);
	SSL_free(client);
	BIO_free(b);

	client = context_ssl_to(up, slice_str("host.test"), slice_str("k"));
	BIO_new_bio_pair(&a, 0, &b, 0);
	SSL_set_bio(client, a, a);
	SSL_do_handshake(client);
	BIO_shutdown_wr(b);
	ERR_clear_error();
	OK(SSL_do_handshake(client) <= 0);
	OK(verify_reason(client, why, sizeof(why)) == VERIFY_CLOSED);
	SSL_free(client);
	BIO_free(b);
	context_free(up);
}

/* A good answer is kept, for the same host and certificates alone. */
static void a_kept_answer_is_for_that_host_only(void)
{
	struct tls_context *up = upstream_of(NULL);
	struct pair leaf = pair_by(&inter, (struct cert_spec){ 0 });
	SSL_CTX *server = server_of(&leaf, inter.cert);

	SSL_CTX_set_options(server, SSL_OP_NO_TICKET);
	SSL_CTX_set_session_cache_mode(server, SSL_SESS_CACHE_OFF);
	OK(meet(up, server, "host.test") == VERIFY_OK);
	OK(meet(up, server, "host.test") == VERIFY_OK);
	OK(meet(up, server, "other.test") == VERIFY_WRONG_HOST);
	OK(meet(up, server, "host.test") == VERIFY_OK);
	SSL_CTX_free(server);
	pair_free(&leaf);
	context_free(up);
}

static void a_session_is_resumed_once_and_for_its_key(void)
{
	static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };
	struct pair leaf = pair_by(&inter, (struct cert_spec){ 0 });

	for (size_t i = 0; i < ARRAY_LEN(versions); i++) {
		struct tls_context *up = upstream_of(NULL);
		SSL_CTX *server = server_of(&leaf, inter.cert);
		SSL_CTX_set_max_proto_version(server, versions[i]);
		SSL_CTX_set_num_tickets(server, 1);
		for (int turn = 0; turn < 3; turn++) {
			const char *key = turn < 2 ? "k" : "other";
			struct ends e = ends_new(
				context_ssl_to(up, slice_str("host.test"),
					       slice_str(key)),
				SSL_new(server));
			SSL_set_accept_state(e.server);
			OK(ends_shake(&e));
			OK(SSL_session_reused(e.client) == (turn == 1));
			ends_settle(&e);
			context_ssl_free(e.client);
			e.client = NULL;
			context_ssl_free(e.server);
		}
		SSL_CTX_free(server);
		context_free(up);
	}
	pair_free(&leaf);
}

static void hosts_that_are_none_are_refused_before_anything_is_sent(void)
{
	struct tls_context *up = upstream_of(NULL);
	char longest[300];

	memset(longest, 'a', sizeof(longest));
	OK(!context_ssl_to(up, slice("", 0), slice_str("k")));
	OK(!context_ssl_to(up, slice(longest, sizeof(longest)),
			   slice_str("k")));
	OK(!context_ssl_to(up, slice("a\0b", 3), slice_str("k")));
	context_free(up);
}

int main(void)
{
	set_up();
	RUN(bad_leaves_are_named);
	RUN(bad_chains_are_named);
	RUN(names_outside_of_constraints_are_refused);
	RUN(weak_keys_and_hashes_are_refused);
	RUN(revoked_ones_are_refused_where_there_is_a_list);
	RUN(old_handshakes_are_named);
	RUN(who_wants_our_certificate_is_named);
	RUN(many_names_are_fine_and_too_many_are_not);
	RUN(what_is_no_tls_is_named);
	RUN(a_kept_answer_is_for_that_host_only);
	RUN(a_session_is_resumed_once_and_for_its_key);
	RUN(hosts_that_are_none_are_refused_before_anything_is_sent);
	tear_down();
	return test_done();
}
