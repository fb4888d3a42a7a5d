/* test_identity.c - who is known, who is refused and why, and what a change of
 * the table changes. */
#include "test.h"

#include <openssl/pkcs12.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/log.h"
#include "certs/cert.h"
#include "certs/enrol.h"
#include "certs/hierarchy.h"
#include "certs/roster.h"
#include "certs/safe.h"
#include "tls/context.h"

static char dir[64], ca_dir[80], table[96], why[512];

static const char *const hosts[] = { "api.openai.com" };

static void set_up(void)
{
	struct hierarchy_plan plan = { .dir = ca_dir,
				       .org = "Example, Inc.",
				       .proxy = "localhost",
				       .crl_base = "http://localhost:8790/crl",
				       .hosts = hosts,
				       .host_count = 1 };

	strcpy(dir, "/tmp/mg-identity-XXXXXX");
	if (!mkdtemp(dir))
		abort();
	snprintf(ca_dir, sizeof(ca_dir), "%s/ca", dir);
	snprintf(table, sizeof(table), "%s/integrations", dir);
	if (hierarchy_init(&plan, why, sizeof(why)) < 0)
		abort();
}

static void tear_down(void)
{
	char line[128];

	snprintf(line, sizeof(line), "rm -rf %s", dir);
	OK(system(line) == 0);
}

static struct enrol_wish wish_of(const char *name)
{
	static const char *const tags[] = { "finance", "eu", NULL };
	static const char *const groups[] = { "engineering", NULL };

	return (struct enrol_wish){ .state = dir,
				    .name = name,
				    .tags = tags,
				    .groups = groups,
				    .days = 365,
				    .password = "secret" };
}

static int64_t now(void)
{
	return cert_now();
}

/* The answer for the certificate that a gift holds. */
static enum identity_answer by_cert(struct identity_table *t,
				    struct enrol_gift *gift, int64_t when)
{
	const struct identity_cert *cert;
	const struct identity *who;
	char issuer[33], path[128];
	struct buf pem;

	snprintf(path, sizeof(path), "%s/client.crt", ca_dir);
	buf_init(&pem, 1 << 20);
	safe_read(path, &pem);
	context_issuer_of(buf_slice(&pem), issuer);
	buf_deinit(&pem);
	return identity_by_serial(t, slice_str(issuer), slice_str(gift->serial),
				  when, &who, &cert);
}

static void one_is_found_by_all_that_names_it(void)
{
	struct enrol_wish wish = wish_of("laptops");
	struct enrol_gift gift;
	const struct identity *who = NULL;

	set_up();
	OK(enrol_create(&wish, &gift, why, sizeof(why)) == 0);
	struct identity_table *t = identity_open(table, why, sizeof(why));
	OK(t && identity_count(t) == 1);
	OK(by_cert(t, &gift, now()) == IDENTITY_OK);
	OK(by_cert(t, &gift, now() + 366 * 86400) == IDENTITY_IS_EXPIRED);
	OK(identity_by_token(t, slice_str("laptops"), slice_str(gift.token),
			     &who) == IDENTITY_OK);
	OK(who && slice_is(who->name, "laptops") && who->tag_count == 2 &&
	   slice_is(who->tags[1], "eu") && who->group_count == 1);
	OK(identity_by_pac(t, slice_str(gift.pac)) == who);
	OK(identity_by_name(t, slice_str("laptops")) == who);
	OK(identity_by_name(t, slice_str("laptop")) == NULL);
	OK(identity_by_pac(t, slice("", 0)) == NULL);
	OK(identity_by_token(t, slice_str("laptops"), slice_str("mgt_x"),
			     &who) == IDENTITY_WRONG_TOKEN);
	OK(identity_by_token(t, slice_str("nobody"), slice_str(gift.token),
			     &who) == IDENTITY_UNKNOWN &&
	   !who);
	identity_close(t);
	enrol_done(&gift);
	tear_down();
}

static void a_token_is_not_kept(void)
{
	struct enrol_wish wish = wish_of("laptops");
	struct enrol_gift gift;
	struct buf text;
	struct stat st;

	set_up();
	enrol_create(&wish, &gift, why, sizeof(why));
	buf_init(&text, 1 << 20);
	OK(safe_read(table, &text) == 0);
	struct mg_slice s = buf_slice(&text);
	OK(!memmem(s.at, s.len, gift.token, strlen(gift.token)));
	OK(!memmem(s.at, s.len, "PRIVATE", 7));
	OK(stat(table, &st) == 0 && (st.st_mode & 0777) == 0640);
	buf_deinit(&text);
	enrol_done(&gift);
	tear_down();
}

static void a_change_is_seen_at_the_next_refresh(void)
{
	struct enrol_wish wish = wish_of("laptops");
	struct enrol_gift gift;

	set_up();
	enrol_create(&wish, &gift, why, sizeof(why));
	struct identity_table *t = identity_open(table, why, sizeof(why));
	uint64_t epoch = identity_epoch(t);
	OK(identity_refresh(t) == 0);
	OK(enrol_pause(dir, "laptops", IDENTITY_PAUSED, why, sizeof(why)) == 0);
	OK(by_cert(t, &gift, now()) == IDENTITY_OK);
	OK(identity_refresh(t) == 1 && identity_epoch(t) > epoch);
	OK(by_cert(t, &gift, now()) == IDENTITY_IS_PAUSED);
	enrol_pause(dir, "laptops", IDENTITY_ACTIVE, why, sizeof(why));
	OK(identity_refresh(t) == 1);
	OK(by_cert(t, &gift, now()) == IDENTITY_OK);
	OK(enrol_revoke(dir, "laptops", NULL, why, sizeof(why)) == 0);
	OK(identity_refresh(t) == 1);
	OK(by_cert(t, &gift, now()) == IDENTITY_IS_REVOKED);
	OK(enrol_pause(dir, "laptops", IDENTITY_ACTIVE, why, sizeof(why)) ==
	   MG_EINVAL);
	OK(strstr(why, "revoked") != NULL);
	identity_close(t);
	enrol_done(&gift);
	tear_down();
}

static void a_rotated_key_ends_the_old_one_at_once_or_later(void)
{
	struct enrol_wish wish = wish_of("laptops");
	struct enrol_gift first, second, third;

	set_up();
	enrol_create(&wish, &first, why, sizeof(why));
	OK(enrol_rotate(&wish, &second, why, sizeof(why)) == 0);
	struct identity_table *t = identity_open(table, why, sizeof(why));
	OK(by_cert(t, &first, now()) == IDENTITY_IS_REVOKED);
	OK(by_cert(t, &second, now()) == IDENTITY_OK);
	wish.grace = 3600;
	OK(enrol_rotate(&wish, &third, why, sizeof(why)) == 0);
	OK(identity_refresh(t) == 1);
	OK(by_cert(t, &second, now()) == IDENTITY_OK);
	OK(by_cert(t, &second, now() + 3601) == IDENTITY_IS_EXPIRED);
	OK(by_cert(t, &third, now() + 3601) == IDENTITY_OK);
	identity_close(t);
	enrol_done(&first);
	enrol_done(&second);
	enrol_done(&third);
	tear_down();
}

static void a_device_comes_and_goes_alone(void)
{
	struct enrol_wish wish = wish_of("laptops");
	struct enrol_gift whole, one, two;

	set_up();
	enrol_create(&wish, &whole, why, sizeof(why));
	OK(enrol_create(&wish, &one, why, sizeof(why)) == MG_EINVAL);
	OK(strstr(why, "exists already") != NULL);
	wish.tags = wish.groups = NULL;
	wish.device = "ana-mac";
	OK(enrol_create(&wish, &one, why, sizeof(why)) == 0);
	OK(strcmp(one.urn, "urn:moongate:org:example-inc:endpoint:laptops:"
			   "device:ana-mac") == 0);
	OK(strcmp(one.pac, whole.pac) == 0 && one.token[0] == '\0');
	OK(enrol_create(&wish, &two, why, sizeof(why)) == MG_EINVAL);
	wish.device = "bo-pc";
	OK(enrol_create(&wish, &two, why, sizeof(why)) == 0);
	OK(enrol_revoke(dir, "laptops", "ana-mac", why, sizeof(why)) == 0);
	OK(enrol_revoke(dir, "laptops", "ana-mac", why, sizeof(why)) ==
	   MG_EINVAL);

	struct identity_table *t = identity_open(table, why, sizeof(why));
	OK(by_cert(t, &one, now()) == IDENTITY_IS_REVOKED);
	OK(by_cert(t, &two, now()) == IDENTITY_OK);
	OK(by_cert(t, &whole, now()) == IDENTITY_OK);
	identity_close(t);
	enrol_done(&whole);
	enrol_done(&one);
	enrol_done(&two);
	tear_down();
}

static void a_new_token_ends_the_old_one(void)
{
	struct enrol_wish wish = wish_of("laptops");
	struct enrol_gift gift;
	char token[ENROL_TOKEN_MAX];
	const struct identity *who;

	set_up();
	enrol_create(&wish, &gift, why, sizeof(why));
	OK(enrol_token(dir, "laptops", token, why, sizeof(why)) == 0);
	struct identity_table *t = identity_open(table, why, sizeof(why));
	OK(identity_by_token(t, slice_str("laptops"), slice_str(gift.token),
			     &who) == IDENTITY_WRONG_TOKEN);
	OK(identity_by_token(t, slice_str("laptops"), slice_str(token), &who) ==
	   IDENTITY_OK);
	OK(enrol_token(dir, "nobody", token, why, sizeof(why)) == MG_EINVAL);
	identity_close(t);
	enrol_done(&gift);
	tear_down();
}

static void both_kinds_of_pkcs12_open(void)
{
	struct enrol_wish wish = wish_of("laptops");

	set_up();
	for (int legacy = 0; legacy < 2; legacy++) {
		struct enrol_gift gift;
		EVP_PKEY *key = NULL;
		X509 *cert = NULL;
		STACK_OF(X509) *chain = NULL;
		wish.legacy = legacy;
		OK((legacy ? enrol_rotate : enrol_create)(&wish, &gift, why,
							  sizeof(why)) == 0);
		const unsigned char *at = (void *)buf_slice(&gift.p12).at;
		PKCS12 *p12 = d2i_PKCS12(NULL, &at, (long)buf_len(&gift.p12));
		OK(p12 && !PKCS12_parse(p12, "wrong", &key, &cert, &chain));
		OK(PKCS12_parse(p12, "secret", &key, &cert, &chain) == 1);
		OK(key && cert && X509_check_private_key(cert, key) == 1);
		OK(X509_check_purpose(cert, X509_PURPOSE_SSL_CLIENT, 0) == 1);
		OK(X509_check_purpose(cert, X509_PURPOSE_SSL_SERVER, 0) == 0);
		EVP_PKEY_free(key);
		X509_free(cert);
		sk_X509_pop_free(chain, X509_free);
		PKCS12_free(p12);
		enrol_done(&gift);
		cert_why();
	}
	tear_down();
}

static void wishes_that_make_no_sense_are_refused(void)
{
	static const char *const names[] = { "",     "UPPER", "a b",
					     "../x", ".x",    "-x",
					     "a\nb", "a/b",   "caf\303\251",
					     "x:y" };
	struct enrol_wish wish = wish_of("x");
	struct enrol_gift gift;

	set_up();
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		wish.name = names[i];
		OK(enrol_create(&wish, &gift, why, sizeof(why)) == MG_EINVAL);
	}
	wish.name = "x";
	wish.device = "a:b";
	OK(enrol_create(&wish, &gift, why, sizeof(why)) == MG_EINVAL);
	wish.device = NULL;
	wish.days = 826;
	OK(enrol_create(&wish, &gift, why, sizeof(why)) == MG_EINVAL);
	OK(!safe_exists(table));
	tear_down();
}

static void an_old_issuer_has_an_end(void)
{
	struct enrol_wish wish = wish_of("laptops");
	struct enrol_gift gift;
	const struct identity *who;

	set_up();
	enrol_create(&wish, &gift, why, sizeof(why));
	struct identity_table *t = identity_open(table, why, sizeof(why));
	char issuer[33];
	who = identity_by_name(t, slice_str("laptops"));
	snprintf(issuer, sizeof(issuer), "%.*s", (int)who->certs[0].issuer.len,
		 who->certs[0].issuer.at);
	OK(enrol_end_issuer(dir, issuer, now() + 100, why, sizeof(why)) == 1);
	OK(enrol_end_issuer(dir, issuer, now() + 200, why, sizeof(why)) == 0);
	OK(identity_refresh(t) == 1);
	OK(by_cert(t, &gift, now()) == IDENTITY_OK);
	OK(by_cert(t, &gift, now() + 101) == IDENTITY_IS_EXPIRED);
	identity_close(t);
	enrol_done(&gift);
	tear_down();
}

static void what_is_printed_is_what_was_read(void)
{
	static const char text[] =
		"moongate-integrations 1\n"
		"epoch 41\n"
		"\n"
		"integration laptops\n"
		"id 0197f3c2\n"
		"created 2026-08-21T10:14:03.221Z\n"
		"mode observe\n"
		"status paused\n"
		"tag eu\n"
		"tag finance\n"
		"group all\n"
		"token "
		"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e"
		"1f"
		"\n"
		"pac 00112233445566778899aabbccddeeff\n"
		"cert 00112233445566778899aabbccddeeff 4a0b 1800000000 0 -\n"
		"cert 00112233445566778899aabbccddeeff 4a0c 1800000000 9 mac\n"
		"\n"
		"integration ci\n"
		"mode inline\n"
		"status active\n";
	struct roster r;
	struct buf out;

	roster_init(&r);
	buf_init(&out, 1 << 16);
	OK(roster_parse(&r, slice_str(text), why, sizeof(why)) == 0);
	OK(r.count == 2 && r.epoch == 41 && r.at[0].token[31] == 0x1f);
	OK(roster_print(&r, &out) == 0);
	OK(slice_is(buf_slice(&out), text));
	buf_deinit(&out);
	roster_deinit(&r);
}

static void half_a_table_is_no_table(void)
{
	static const char *const bad[] = {
		"something else\n",
		"moongate-integrations 2\n",
		"moongate-integrations 1\nmode inline\n",
		"moongate-integrations 1\nintegration UPPER\n",
		"moongate-integrations 1\nintegration a\nmode sideways\n",
		"moongate-integrations 1\nintegration a\nstatus gone\n",
		"moongate-integrations 1\nintegration a\ntoken 12\n",
		"moongate-integrations 1\nintegration a\npac ../../x\n",
		"moongate-integrations 1\nintegration a\ncert x 1 2 3 -\n",
		"moongate-integrations 1\nintegration a\n"
		"cert 00112233445566778899aabbccddeeff 4a 1 0\n",
		"moongate-integrations 1\nintegration a\n"
		"cert 00112233445566778899aabbccddeeff 4a -1 0 -\n",
		"moongate-integrations 1\nintegration a\nfuture word\n",
	};

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct roster r;
		roster_init(&r);
		OK(roster_parse(&r, slice_str(bad[i]), why, sizeof(why)) ==
		   MG_EPROTO);
		OK(strncmp(why, "line ", 5) == 0);
		roster_deinit(&r);
	}
}

static void a_broken_file_leaves_the_old_table_in_use(void)
{
	struct enrol_wish wish = wish_of("laptops");
	struct enrol_gift gift;

	set_up();
	enrol_create(&wish, &gift, why, sizeof(why));
	struct identity_table *t = identity_open(table, why, sizeof(why));
	safe_replace(table, slice_str("nonsense\n"), 0640);
	OK(identity_refresh(t) < 0);
	OK(identity_refresh(t) == 0); /* said once */
	OK(by_cert(t, &gift, now()) == IDENTITY_OK);
	unlink(table);
	OK(identity_refresh(t) < 0);
	OK(by_cert(t, &gift, now()) == IDENTITY_OK);
	OK(identity_open(ca_dir, why, sizeof(why)) == NULL);
	identity_close(t);
	enrol_done(&gift);
	tear_down();
}

static void a_copy_outlives_the_table(void)
{
	struct enrol_wish wish = wish_of("laptops");
	struct enrol_gift gift;
	struct arena arena;

	set_up();
	arena_init(&arena);
	enrol_create(&wish, &gift, why, sizeof(why));
	struct identity_table *t = identity_open(table, why, sizeof(why));
	const struct identity *copy = identity_copy(
		identity_by_name(t, slice_str("laptops")), &arena);
	identity_close(t);
	OK(slice_is(copy->name, "laptops") && copy->tag_count == 2 &&
	   slice_is(copy->tags[0], "finance") &&
	   slice_is(copy->groups[0], "engineering"));
	arena_deinit(&arena);
	enrol_done(&gift);
	tear_down();
}

int main(void)
{
	log_limit = LOG_ERROR;
	RUN(one_is_found_by_all_that_names_it);
	RUN(a_token_is_not_kept);
	RUN(a_change_is_seen_at_the_next_refresh);
	RUN(a_rotated_key_ends_the_old_one_at_once_or_later);
	RUN(a_device_comes_and_goes_alone);
	RUN(a_new_token_ends_the_old_one);
	RUN(both_kinds_of_pkcs12_open);
	RUN(wishes_that_make_no_sense_are_refused);
	RUN(an_old_issuer_has_an_end);
	RUN(what_is_printed_is_what_was_read);
	RUN(half_a_table_is_no_table);
	RUN(a_broken_file_leaves_the_old_table_in_use);
	RUN(a_copy_outlives_the_table);
	return test_done();
}
