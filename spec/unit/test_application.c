/* test_application.c - hosts, endpoints and block answers. */
#include "test.h"
#include "text/application.h"
#include "text/json.h"

static struct mg_apps *apps;
static uint32_t alpha, beta;

static void host(uint32_t app, uint32_t list, const char *pattern)
{
	OK(mg_apps_add_host(apps, app, list, pattern, strlen(pattern)) ==
	   MG_OK);
}

static void endpoint(uint32_t app, const char *name, const char *method,
		     const char *path)
{
	OK(mg_apps_add_endpoint(apps, app, name, strlen(name), method,
				strlen(method), path, strlen(path), NULL, NULL,
				MG_STREAM_NONE, NULL) == MG_OK);
}

static uint32_t add(const char *id, const char *block)
{
	return (uint32_t)mg_apps_add(apps, id, strlen(id), 0, block,
				     strlen(block));
}

static int covers(const char *name, enum mg_coverage want, uint32_t want_app)
{
	uint32_t app = APPS_NONE;
	enum mg_coverage got = apps_cover(apps, slice_str(name), &app);

	if (got != want)
		printf("# %s: %d\n", name, got);
	return got == want && (got != MG_COVERED || app == want_app);
}

static void the_strongest_list_counts(void)
{
	host(alpha, MG_HOSTS_APP, ".alpha.example");
	host(beta, MG_HOSTS_APP, "beta.alpha.example");
	host(APPS_NONE, MG_HOSTS_BYPASS, "*.safe.alpha.example");
	host(APPS_NONE, MG_HOSTS_CHATTY, "noise.alpha.example");
	host(APPS_NONE, MG_HOSTS_AI, "alpha.example");
	host(APPS_NONE, MG_HOSTS_AI, "ai.example");

	OK(covers("alpha.example", MG_COVERED, alpha));
	OK(covers("x.y.alpha.example", MG_COVERED, alpha));
	OK(covers("beta.alpha.example", MG_COVERED, beta));
	OK(covers("x.beta.alpha.example", MG_COVERED, alpha));
	OK(covers("safe.alpha.example", MG_COVERED, alpha));
	OK(covers("a.safe.alpha.example", MG_BYPASSED, 0));
	OK(covers("noise.alpha.example", MG_CHATTY, 0));
	OK(covers("ai.example", MG_COVERED,
		  apps_find(apps, slice_str("generic"))));
	OK(covers("x.ai.example", MG_UNCOVERED, 0));
	OK(covers("alpha.example.evil.example", MG_UNCOVERED, 0));
	OK(covers("xalpha.example", MG_UNCOVERED, 0));
	OK(covers("example", MG_UNCOVERED, 0));
	OK(covers("ALPHA.Example.", MG_COVERED, alpha));
	OK(covers("alpha.example..", MG_UNCOVERED, 0));
	/* A star is for patterns: nobody may ask for a wildcard leaf. */
	OK(covers("*.alpha.example", MG_UNCOVERED, 0));
	OK(covers("*-ai.alpha.example", MG_UNCOVERED, 0));
	OK(covers("", MG_UNCOVERED, 0));
}

static void a_star_may_begin_a_label(void)
{
	host(beta, MG_HOSTS_APP, "*-ai.google.example");
	OK(covers("eu-ai.google.example", MG_COVERED, beta));
	OK(covers("eu-west1-ai.google.example", MG_COVERED, beta));
	OK(covers("ai.google.example", MG_UNCOVERED, 0));
	OK(covers("-ai.google.example", MG_UNCOVERED, 0));
	OK(covers("x.eu-ai.google.example", MG_UNCOVERED, 0));
	OK(covers("eu-ai.x.google.example", MG_UNCOVERED, 0));
	OK(covers("*-ai.google.example", MG_UNCOVERED, 0));
}

static void what_is_no_pattern_is_refused(void)
{
	static const char *const patterns[] = {
		"",    ".",     "*",    "*.",   "a..b",   "a b",     "a/b",
		"a:1", "a.*.b", "*a.b", "*-ab", "a*-b.c", "*-*-x.y",
	};

	for (size_t i = 0; i < ARRAY_LEN(patterns); i++)
		OK(mg_apps_add_host(apps, alpha, MG_HOSTS_APP, patterns[i],
				    strlen(patterns[i])) == MG_EINVAL);
	OK(mg_apps_add_host(apps, 77, MG_HOSTS_APP, "a.b", 3) == MG_EINVAL);
	OK(mg_apps_add_host(apps, alpha, 9, "a.b", 3) == MG_EINVAL);
}

static const char *name_of(uint32_t app, const char *method, const char *path)
{
	static char name[64];
	const struct app_endpoint *ep =
		apps_endpoint(apps, app, slice_str(method), slice_str(path));

	if (!ep)
		return "-";
	snprintf(name, sizeof(name), "%.*s", (int)ep->name.len, ep->name.at);
	return name;
}

static int leads(const char *method, const char *path, const char *want)
{
	const char *got = name_of(alpha, method, path);

	if (strcmp(got, want) != 0)
		printf("# %s %s: %s\n", method, path, got);
	return strcmp(got, want) == 0;
}

static void paths_lead_to_endpoints(void)
{
	endpoint(alpha, "chat", "POST", "/v1/chat");
	endpoint(alpha, "list", "GET", "/v1/chat");
	endpoint(alpha, "one", "*", "/v1/chat/*");
	endpoint(alpha, "generate", "POST", "/*/models/*:generate");
	endpoint(alpha, "below", "POST", "/files/**");
	endpoint(alpha, "dots", "POST", "/a/*.json/b");

	OK(leads("POST", "/v1/chat", "chat"));
	OK(leads("GET", "/v1/chat", "list"));
	OK(leads("PUT", "/v1/chat", "-"));
	OK(leads("POST", "/v1/chat?beta=true", "chat"));
	OK(leads("POST", "/v1/chat/", "-"));
	OK(leads("POST", "/v1/chat/x", "one"));
	OK(leads("DELETE", "/v1/chat/x", "one"));
	OK(leads("POST", "/v1/chat/x/y", "-"));
	OK(leads("POST", "/v1beta/models/g-1.5:generate", "generate"));
	OK(leads("POST", "/v1beta/models/:generate", "-"));
	OK(leads("POST", "/v1beta/models/g:generateX", "-"));
	OK(leads("POST", "/files/a/b/c", "below"));
	OK(leads("POST", "/files/", "below"));
	OK(leads("POST", "/files", "-"));
	OK(leads("POST", "/a/x.json/b", "dots"));
	OK(leads("POST", "", "-"));
	OK(leads("POST", "*", "-"));
	OK(leads("post", "/v1/chat", "-"));
}

static void generic_stands_in(void)
{
	uint32_t generic = apps_find(apps, slice_str("generic"));

	endpoint(generic, "any", "*", "/**");
	OK(leads("POST", "/v1/chat", "chat"));
	OK(leads("POST", "/nobody/knows", "any"));
	OK(!strcmp(name_of(APPS_NONE, "POST", "/x"), "any"));
	OK(!strcmp(name_of(beta, "POST", "/v1/chat"), "any"));
}

static int answers(uint32_t app, const char *reason, uint32_t status,
		   int want_status, const char *want)
{
	struct buf out;

	buf_init(&out, 4096);
	int got = apps_block(apps, app, slice_str(reason), status, &out);
	int same = got == want_status && slice_is(buf_slice(&out), want) &&
		   json_valid(buf_slice(&out), 16);
	if (!same)
		printf("# %d %.*s\n", got, (int)buf_len(&out),
		       buf_slice(&out).at);
	buf_deinit(&out);
	return same;
}

static void a_block_says_why_in_valid_json(void)
{
	OK(answers(APPS_NONE, "no code", 0, 403,
		   "{\"type\":\"error\",\"error\":{\"message\":\"Request "
		   "blocked by Moongate: no code\",\"type\":\"blocked\","
		   "\"param\":null,\"code\":403,\"status\":"
		   "\"PERMISSION_DENIED\"}}"));
	OK(answers(alpha, "say \"no\"\n", 429, 429,
		   "{\"m\":\"Request blocked by Moongate: say "
		   "\\\"no\\\"\\n\",\"r\":\"say \\\"no\\\"\\n\",\"s\":429,"
		   "\"mail\":\"a@b\",\"x\":\"@X@@\"}"));
	/* A reason that looks like a word of the template is not one. */
	OK(answers(alpha, "@STATUS@", 0, 403,
		   "{\"m\":\"Request blocked by Moongate: @STATUS@\","
		   "\"r\":\"@STATUS@\",\"s\":403,\"mail\":\"a@b\","
		   "\"x\":\"@X@@\"}"));

	struct buf small;
	buf_init(&small, 8);
	OK(apps_block(apps, alpha, slice_str("r"), 0, &small) == MG_ETOOBIG);
	buf_deinit(&small);
}

static void ids_are_unique_and_listed(void)
{
	OK(mg_apps_add(apps, "alpha", 5, 0, "", 0) == MG_EINVAL);
	OK(mg_apps_add(apps, "", 0, 0, "", 0) == MG_EINVAL);
	OK(slice_is(apps_id(apps, alpha), "alpha"));
	OK(apps_id(apps, 99).len == 0);
	OK(apps_find(apps, slice_str("beta")) == beta);
	OK(apps_find(apps, slice_str("gamma")) == APPS_NONE);

	const struct app_host *first = apps_host_at(apps, 0);
	OK(slice_is(first->pattern, ".alpha.example") && first->app == alpha);
	OK(!apps_host_at(apps, 1000));
}

static void the_model_may_stand_in_the_path(void)
{
	OK(slice_is(apps_model(slice_str("/v1beta/models/gemini-2.5-pro:"
					 "generateContent?alt=sse")),
		    "gemini-2.5-pro"));
	OK(slice_is(apps_model(slice_str("/v1/tunedModels/x:embedContent")),
		    "x"));
	OK(apps_model(slice_str("/v1/models/gpt-4o")).len == 0);
	OK(apps_model(slice_str("")).len == 0);
}

int main(void)
{
	apps = mg_apps_new();
	uint32_t unused;
	OK(apps_cover(apps, slice_str("a.b"), &unused) == MG_UNCOVERED);
	alpha = add("alpha", "{\"m\":\"@MESSAGE@\",\"r\":\"@REASON@\",\"s\":"
			     "@STATUS@,\"mail\":\"a@b\",\"x\":\"@X@@\"}");
	beta = add("beta", "");
	add("generic", "");
	RUN(the_strongest_list_counts);
	RUN(a_star_may_begin_a_label);
	RUN(what_is_no_pattern_is_refused);
	RUN(paths_lead_to_endpoints);
	RUN(generic_stands_in);
	RUN(a_block_says_why_in_valid_json);
	RUN(ids_are_unique_and_listed);
	RUN(the_model_may_stand_in_the_path);
	mg_apps_free(apps);
	mg_apps_free(NULL);
	return test_done();
}
