/* test_signer.c - the signer in a process of its own, asked by hand. */
#include "test.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "certs/hierarchy.h"
#include "proc/signer.h"
#include "proc/signer_wire.h"

static char dir[64], why[512];
static int pair[2][2], control[2];
static pid_t signer;

static const char *const hosts[] = { "api.openai.com", "*.groq.com" };

static struct hierarchy_plan plan_of(void)
{
	return (struct hierarchy_plan){ .dir = dir,
					.org = "Example",
					.proxy = "localhost",
					.crl_base = "",
					.passphrase = "",
					.hosts = hosts,
					.host_count = 2 };
}

static void start_signer(void)
{
	fflush(stdout);
	signer = fork();
	if (signer)
		return;
	int mine[2] = { pair[0][0], pair[1][0] };
	close(pair[0][1]);
	close(pair[1][1]);
	close(control[1]);
	log_open(LOG_ERROR, "signer");
	_exit(signer_run(&(struct signer_setup){ .ca_dir = dir,
						 .leaf_days = 7,
						 .workers = mine,
						 .worker_count = 2,
						 .control = control[0] }));
}

static void set_up(void)
{
	struct hierarchy_plan plan = plan_of();

	strcpy(dir, "/tmp/mg-signer-XXXXXX");
	if (!mkdtemp(dir) || hierarchy_init(&plan, why, sizeof(why)) < 0 ||
	    signer_pair(pair[0]) < 0 || signer_pair(pair[1]) < 0 ||
	    signer_pair(control) < 0)
		abort();
	start_signer();
}

static int tear_down(void)
{
	char line[128];
	int status = 0;

	for (int i = 0; i < 2; i++) {
		close(pair[i][0]);
		close(pair[i][1]);
	}
	close(control[0]);
	close(control[1]); /* its end of file ends the signer */
	waitpid(signer, &status, 0);
	snprintf(line, sizeof(line), "rm -rf %s", dir);
	return system(line) == 0 && WIFEXITED(status) ? WEXITSTATUS(status)
						      : -1;
}

static uint64_t now(void)
{
	return clock_now_us() / 1000000;
}

static bool wait_for(int fd)
{
	return poll(&(struct pollfd){ .fd = fd, .events = POLLIN }, 1, 5000) ==
	       1;
}

/* Asks until there is an answer other than "wait". */
static int leaf_of(struct signer_client *c, int fd, const char *host,
		   struct leaf **leaf)
{
	int err;

	while ((err = shelf_get(signer_client_shelf(c), slice_str(host), now(),
				NULL, leaf)) == MG_EAGAIN) {
		if (!wait_for(fd))
			return MG_EAGAIN;
		signer_client_turn(c, now());
	}
	return err;
}

static void leaves_are_for_covered_hosts_only(void)
{
	static const char *const refused[] = {
		"example.com",   "openai.com",
		"evilgroq.com",  "127.0.0.1",
		"::1",           "*.groq.com",
		"api..groq.com", "API.GROQ.COM",
		"api.groq.com.", "-a.groq.com",
		"a b.groq.com",  "groq.com\n",
		"com",           "x.groq.com:443",
		"0x7f.1"
	};
	struct leaf *leaf = NULL;

	set_up();
	struct signer_client *c = signer_client_new(pair[0][1], 64, 8);
	OK(leaf_of(c, pair[0][1], "api.openai.com", &leaf) == 0);
	OK(leaf_not_after(leaf) > (int64_t)now() + 4 * 86400);
	OK(leaf_not_after(leaf) <= (int64_t)now() + 5 * 86400 + 5);
	leaf_done(leaf);
	OK(leaf_of(c, pair[0][1], "a.b.groq.com", &leaf) == 0);
	leaf_done(leaf);
	for (size_t i = 0; i < ARRAY_LEN(refused); i++)
		OK(leaf_of(c, pair[0][1], refused[i], &leaf) == MG_ESTOP);
	signer_client_free(c);
	OK(tear_down() == 0);
}

static void all_workers_get_the_same_leaf(void)
{
	struct leaf *a = NULL, *b = NULL;

	set_up();
	struct signer_client *one = signer_client_new(pair[0][1], 64, 8);
	struct signer_client *two = signer_client_new(pair[1][1], 64, 8);
	OK(leaf_of(one, pair[0][1], "api.groq.com", &a) == 0);
	OK(leaf_of(two, pair[1][1], "api.groq.com", &b) == 0);
	OK(leaf_not_after(a) == leaf_not_after(b));
	leaf_done(a);
	leaf_done(b);
	signer_client_free(one);
	signer_client_free(two);
	OK(tear_down() == 0);
}

static void nonsense_is_survived(void)
{
	static const char *const nonsense[] = { "X",  "L",
						"K",  "C\1\2\3",
						"HH", "\377\377\377\377\377" };
	struct leaf *leaf = NULL;
	char long_host[4096];

	set_up();
	memset(long_host, 'a', sizeof(long_host));
	long_host[0] = 'L';
	for (size_t i = 0; i < ARRAY_LEN(nonsense); i++)
		OK(send(pair[0][1], nonsense[i], strlen(nonsense[i]), 0) > 0);
	OK(send(pair[0][1], long_host, sizeof(long_host), 0) > 0);
	struct signer_client *c = signer_client_new(pair[0][1], 64, 8);
	OK(leaf_of(c, pair[0][1], "api.groq.com", &leaf) == 0);
	leaf_done(leaf);
	signer_client_free(c);
	OK(tear_down() == 0);
}

static void a_rotation_needs_no_restart(void)
{
	static const char *const more[] = { "api.mistral.ai" };
	struct hierarchy_plan plan = plan_of();
	struct leaf *leaf = NULL;

	set_up();
	struct signer_client *c = signer_client_new(pair[0][1], 64, 8);
	OK(leaf_of(c, pair[0][1], "api.groq.com", &leaf) == 0);
	leaf_done(leaf);
	OK(signer_reloaded(control[1], why, sizeof(why)) == MG_EAGAIN);

	plan.hosts = more;
	plan.host_count = 1;
	OK(hierarchy_rotate_inspection(&plan, why, sizeof(why)) == 0);
	OK(signer_reload(control[1], dir, why, sizeof(why)) == 0);
	OK(wait_for(control[1]));
	OK(signer_reloaded(control[1], why, sizeof(why)) == 0);
	OK(wait_for(pair[0][1]));
	OK(signer_client_turn(c, now()) == 0);
	OK(shelf_count(signer_client_shelf(c)) == 0);
	OK(leaf_of(c, pair[0][1], "api.mistral.ai", &leaf) == 0);
	leaf_done(leaf);
	OK(leaf_of(c, pair[0][1], "api.groq.com", &leaf) == MG_ESTOP);
	signer_client_free(c);
	OK(tear_down() == 0);
}

static void a_broken_rotation_changes_nothing(void)
{
	struct leaf *leaf = NULL;
	char path[128];

	set_up();
	struct signer_client *c = signer_client_new(pair[0][1], 64, 8);
	OK(leaf_of(c, pair[0][1], "api.openai.com", &leaf) == 0);
	leaf_done(leaf);
	snprintf(path, sizeof(path), "%s/inspection.key", dir);
	FILE *f = fopen(path, "w");
	fputs("not a key\n", f);
	fclose(f);
	OK(signer_reload(control[1], dir, why, sizeof(why)) == 0);
	OK(wait_for(control[1]));
	OK(signer_reloaded(control[1], why, sizeof(why)) == MG_EINVAL);
	OK(strstr(why, "key") != NULL);
	OK(leaf_of(c, pair[0][1], "api.groq.com", &leaf) == 0);
	leaf_done(leaf);
	unlink(path);
	OK(signer_reload(control[1], dir, why, sizeof(why)) == MG_EIO);
	OK(strstr(why, "inspection.key") != NULL);
	signer_client_free(c);
	OK(tear_down() == 0);
}

static void a_killed_signer_is_succeeded_without_anybody_noticing(void)
{
	struct leaf *leaf = NULL;

	set_up();
	struct signer_client *c = signer_client_new(pair[0][1], 64, 8);
	OK(leaf_of(c, pair[0][1], "api.groq.com", &leaf) == 0);
	leaf_done(leaf);
	kill(signer, SIGKILL);
	waitpid(signer, NULL, 0);
	/* Asked of nobody. */
	OK(shelf_get(signer_client_shelf(c), slice_str("x.groq.com"), now(),
		     NULL, &leaf) == MG_EAGAIN);
	start_signer();
	OK(leaf_of(c, pair[0][1], "x.groq.com", &leaf) == 0);
	leaf_done(leaf);
	OK(leaf_of(c, pair[0][1], "api.groq.com", &leaf) == 0);
	leaf_done(leaf);
	signer_client_free(c);
	OK(tear_down() == 0);
}

static void messages_survive_the_wire(void)
{
	static const struct signer_message all[] = {
		{ .kind = SIGNER_HELLO },
		{ .kind = SIGNER_ASK, .host = { "a.b", 3 } },
		{ .kind = SIGNER_KIT,
		  .revision = 7,
		  .key = { "key", 3 },
		  .body = { "chain", 5 } },
		{ .kind = SIGNER_LEAF,
		  .revision = 0xffffffffu,
		  .host = { "a.b", 3 },
		  .body = { "der", 3 } },
		{ .kind = SIGNER_NO, .host = { "a.b", 3 } },
		{ .kind = SIGNER_RELOAD },
		{ .kind = SIGNER_DONE },
		{ .kind = SIGNER_FAILED, .body = { "no", 2 } },
	};
	struct signer_message m;
	struct buf b;

	buf_init(&b, 4096);
	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		buf_clear(&b);
		OK(signer_wire_write(&all[i], &b) == 0);
		OK(signer_wire_read(buf_slice(&b), &m) == 0);
		OK(m.kind == all[i].kind && m.revision == all[i].revision &&
		   slice_same(m.host, all[i].host) &&
		   slice_same(m.key, all[i].key) &&
		   slice_same(m.body, all[i].body));
		struct mg_slice s = buf_slice(&b);
		for (size_t cut = 0; cut < s.len; cut++)
			if (signer_wire_read(slice(s.at, cut), &m) == 0)
				OK(m.kind == SIGNER_ASK ||
				   m.kind == SIGNER_KIT ||
				   m.kind == SIGNER_LEAF ||
				   m.kind == SIGNER_FAILED);
	}
	buf_deinit(&b);
}

int main(void)
{
	log_open(LOG_ERROR, "test");
	RUN(messages_survive_the_wire);
	RUN(leaves_are_for_covered_hosts_only);
	RUN(all_workers_get_the_same_leaf);
	RUN(nonsense_is_survived);
	RUN(a_rotation_needs_no_restart);
	RUN(a_broken_rotation_changes_nothing);
	RUN(a_killed_signer_is_succeeded_without_anybody_noticing);
	return test_done();
}
