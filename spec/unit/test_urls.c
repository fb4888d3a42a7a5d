/* test_urls.c - URLs are found whole, and the lists are asked for their hosts.
 */
#include "test.h"

#include "detectors/content/urls.h"

struct found {
	const char *text;
	const char *url; /* NULL: there is none */
	const char *host;
};

static const struct found founds[] = {
	{ "see https://example.com/a?b=c#d.", "https://example.com/a?b=c#d",
	  "example.com" },
	{ "(www.example.com)", "www.example.com", "www.example.com" },
	{ "[x](http://a.example:8080/y)", "http://a.example:8080/y",
	  "a.example" },
	{ "http://good.example@evil.example/",
	  "http://good.example@evil."
	  "example/",
	  "evil.example" },
	{ "http://evil.example\\@good.example/",
	  "http://evil.example\\@good.example/", "evil.example" },
	{ "ftp://[::1]:21/x", "ftp://[::1]:21/x", "[::1]:21" },
	{ "HTTP://Example.COM./", "HTTP://Example.COM./", "Example.COM" },
	{ "a :// b and awww.no", NULL, NULL },
	{ "http://", NULL, NULL },
	{ "http://@:8/", NULL, NULL },
};

static void urls_are_found_with_their_hosts(void)
{
	int wrong = 0;

	for (size_t i = 0; i < sizeof(founds) / sizeof(*founds); i++) {
		const struct found *f = &founds[i];
		struct mg_slice url, host;
		bool found = urls_next(slice_str(f->text), 0, &url, &host);

		if (found != (f->url != NULL) ||
		    (found &&
		     (!slice_is(url, f->url) || !slice_is(host, f->host)))) {
			printf("# %s: %.*s\n", f->text,
			       found ? (int)url.len : 0, url.at);
			wrong++;
		}
	}
	OK(wrong == 0);
}

static bool denies(const char *list, const char *host)
{
	struct urls *u = urls_new(slice_str(list));
	bool denied = urls_deny(u, slice_str(host));

	urls_free(u);
	return denied;
}

static void deny_wins_and_allow_leaves_out_the_rest(void)
{
	OK(denies("", "any.example"));
	OK(denies("-evil.example", "evil.example"));
	OK(denies("-evil.example", "a.EVIL.example"));
	OK(!denies("-evil.example", "notevil.example"));
	OK(!denies("+ok.example", "www.ok.example"));
	OK(denies("+ok.example", "other.example"));
	OK(denies("+ok.example\n-bad.ok.example", "bad.ok.example"));
	OK(denies("+*.ok.example", "ok.example"));
	OK(!denies("+*.ok.example", "a.ok.example"));
	OK(urls_new(slice_str("example.com")) == NULL);
	OK(urls_new(slice_str("+exam ple.com")) == NULL);
}

int main(void)
{
	RUN(urls_are_found_with_their_hosts);
	RUN(deny_wins_and_allow_leaves_out_the_rest);
	return test_done();
}
