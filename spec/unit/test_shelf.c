/* test_shelf.c - one mint for many waiters, bounded, and nothing stale. */
#include "test.h"

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "tls/impl.h"
#include "tls/shelf.h"

/* The signer's letter box: what was asked. */
static char asked[8][64];
static int ask_count;
static int ask_answer;

static int ask(void *arg, struct mg_slice host)
{
	(void)arg;
	snprintf(asked[ask_count++ % 8], 64, "%.*s", (int)host.len, host.at);
	return ask_answer;
}

struct guest {
	struct shelf_waiter waiter; /* first */
	int woken;
};

static void on_wake(struct shelf_waiter *w)
{
	((struct guest *)w)->woken++;
}

static struct guest guest_new(void)
{
	return (struct guest){ .waiter = { .wake = on_wake } };
}

/* A leaf that needs no certificate: the shelf looks at its end only. */
static struct leaf *leaf_until(int64_t not_after)
{
	struct leaf *leaf = calloc(1, sizeof(*leaf));

	leaf->not_after = not_after;
	leaf->holders = 1;
	return leaf;
}

static struct shelf *shelf_of(uint32_t max, uint32_t waiters)
{
	ask_count = 0;
	ask_answer = 0;
	return shelf_new(max, waiters, ask, NULL);
}

static const struct mg_slice host = { "api.openai.com", 14 };
static const struct mg_slice other = { "api.groq.com", 12 };
enum { NOW = 1000000, LATER = NOW + 7 * 86400 };

static void many_waiters_cost_one_question(void)
{
	struct shelf *s = shelf_of(8, 8);
	struct guest a = guest_new(), b = guest_new(), c = guest_new();
	struct leaf *leaf = leaf_until(LATER), *got = NULL;

	OK(shelf_get(s, host, NOW, &a.waiter, &got) == MG_EAGAIN);
	OK(shelf_get(s, host, NOW, &b.waiter, &got) == MG_EAGAIN);
	OK(shelf_get(s, host, NOW + 1, &c.waiter, &got) == MG_EAGAIN);
	OK(ask_count == 1 && strcmp(asked[0], "api.openai.com") == 0);
	shelf_put(s, host, leaf, NOW + 1);
	OK(a.woken == 1 && b.woken == 1 && c.woken == 1);
	OK(shelf_get(s, host, NOW + 1, &a.waiter, &got) == 0 && got == leaf);
	OK(leaf->holders == 3);
	leaf_done(got);
	shelf_free(s);
	OK(leaf->holders == 1);
	leaf_done(leaf);
}

static void who_leaves_is_not_woken(void)
{
	struct shelf *s = shelf_of(8, 8);
	struct guest a = guest_new(), b = guest_new(), c = guest_new();
	struct leaf *leaf = leaf_until(LATER), *got;

	shelf_get(s, host, NOW, &a.waiter, &got);
	shelf_get(s, host, NOW, &b.waiter, &got);
	shelf_get(s, host, NOW, &c.waiter, &got);
	shelf_leave(s, &b.waiter);
	shelf_leave(s, &b.waiter);
	shelf_put(s, host, leaf, NOW);
	OK(a.woken == 1 && b.woken == 0 && c.woken == 1);
	shelf_free(s);
	leaf_done(leaf);
}

static void a_silent_signer_is_asked_again_after_two_seconds(void)
{
	struct shelf *s = shelf_of(8, 8);
	struct guest a = guest_new(), b = guest_new();
	struct leaf *got;

	shelf_get(s, host, NOW, &a.waiter, &got);
	shelf_get(s, host, NOW + 1, &b.waiter, &got);
	OK(ask_count == 1);
	shelf_get(s, host, NOW + 2, &b.waiter, &got);
	OK(ask_count == 2);
	shelf_ask_again(s, NOW + 3, 2);
	OK(ask_count == 2);
	shelf_ask_again(s, NOW + 3, 0);
	OK(ask_count == 3);
	shelf_free(s);
}

static void a_leaf_near_its_end_is_minted_anew(void)
{
	struct shelf *s = shelf_of(8, 8);
	struct guest a = guest_new();
	struct leaf *leaf = leaf_until(NOW + 7200), *got;

	shelf_put(s, host, leaf, NOW);
	OK(shelf_get(s, host, NOW, &a.waiter, &got) == 0);
	leaf_done(got);
	OK(shelf_get(s, host, NOW + 3601, &a.waiter, &got) == MG_EAGAIN);
	OK(ask_count == 1 && leaf->holders == 1);
	shelf_free(s);
	leaf_done(leaf);
}

static void a_refusal_holds_for_ten_seconds(void)
{
	struct shelf *s = shelf_of(8, 8);
	struct guest a = guest_new();
	struct leaf *got;

	shelf_get(s, host, NOW, &a.waiter, &got);
	shelf_refuse(s, host, NOW);
	OK(a.woken == 1);
	OK(shelf_get(s, host, NOW + 9, &a.waiter, &got) == MG_ESTOP);
	OK(shelf_get(s, host, NOW + 10, &a.waiter, &got) == MG_EAGAIN);
	OK(ask_count == 2);
	shelf_free(s);
}

static void the_least_used_goes_first_and_waiters_never(void)
{
	struct shelf *s = shelf_of(2, 8);
	struct guest a = guest_new(), b = guest_new();
	struct leaf *leaf = leaf_until(LATER), *got;
	struct mg_slice third = slice_str("api.mistral.ai");

	shelf_put(s, host, leaf, NOW);
	shelf_put(s, other, leaf, NOW);
	OK(shelf_get(s, host, NOW, NULL, &got) == 0);
	leaf_done(got);
	shelf_put(s, third, leaf, NOW);
	OK(shelf_count(s) == 2);
	OK(shelf_get(s, host, NOW, NULL, &got) == 0);
	leaf_done(got);
	OK(shelf_get(s, other, NOW, &a.waiter, &got) == MG_EAGAIN);
	OK(shelf_get(s, third, NOW, &b.waiter, &got) == MG_EAGAIN);
	OK(shelf_get(s, host, NOW, NULL, &got) == MG_ETOOBIG);
	shelf_free(s);
	leaf_done(leaf);
}

static void the_number_of_waiters_has_a_ceiling(void)
{
	struct shelf *s = shelf_of(8, 1);
	struct guest a = guest_new(), b = guest_new();
	struct leaf *got;

	OK(shelf_get(s, host, NOW, &a.waiter, &got) == MG_EAGAIN);
	OK(shelf_get(s, host, NOW, &b.waiter, &got) == MG_ETOOBIG);
	shelf_leave(s, &a.waiter);
	OK(shelf_get(s, host, NOW, &b.waiter, &got) == MG_EAGAIN);
	shelf_free(s);
}

static void a_new_ca_empties_the_shelf_but_keeps_the_queue(void)
{
	struct shelf *s = shelf_of(8, 8);
	struct guest a = guest_new();
	struct leaf *leaf = leaf_until(LATER), *got;

	shelf_put(s, other, leaf, NOW);
	shelf_get(s, host, NOW, &a.waiter, &got);
	shelf_purge(s);
	OK(shelf_count(s) == 1 && leaf->holders == 1);
	shelf_put(s, host, leaf, NOW);
	OK(a.woken == 1);
	shelf_free(s);
	leaf_done(leaf);
}

static void an_unreachable_signer_is_an_error_and_leaves_nothing(void)
{
	struct shelf *s = shelf_of(8, 8);
	struct guest a = guest_new();
	struct leaf *got;

	ask_answer = MG_EIO;
	OK(shelf_get(s, host, NOW, &a.waiter, &got) == MG_EIO);
	OK(shelf_count(s) == 0 && a.waiter.here == NULL);
	shelf_free(s);
}

int main(void)
{
	RUN(many_waiters_cost_one_question);
	RUN(who_leaves_is_not_woken);
	RUN(a_silent_signer_is_asked_again_after_two_seconds);
	RUN(a_leaf_near_its_end_is_minted_anew);
	RUN(a_refusal_holds_for_ten_seconds);
	RUN(the_least_used_goes_first_and_waiters_never);
	RUN(the_number_of_waiters_has_a_ceiling);
	RUN(a_new_ca_empties_the_shelf_but_keeps_the_queue);
	RUN(an_unreachable_signer_is_an_error_and_leaves_nothing);
	return test_done();
}
