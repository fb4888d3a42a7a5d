/* integration_files.c - what an integration is handed: files, and the lines
 * that send a first request. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "certs/safe.h"
#include "cmd/integration.h"
#include "cmd/report.h"

enum { PEM_MAX = 1 << 20 };

static const char *const endings[] = { "crt", "key", "p12" };

/* NAME.crt, or NAME-DEVICE.crt. */
static int path_of(const struct integration_words *w, const char *ending,
		   char out[PATH_MAX])
{
	const char *device = w->wish.device;
	int len = snprintf(out, PATH_MAX, "%s/%s%s%s.%s", w->out, w->wish.name,
			   device ? "-" : "", device ? device : "", ending);

	return len < PATH_MAX ? MG_OK : MG_ETOOBIG;
}

int integration_check_out(struct integration_words *w, bool replace)
{
	char path[PATH_MAX];

	if (safe_make_dir(w->out) < 0) {
		snprintf(w->why, sizeof(w->why), "%s: %s", w->out,
			 strerror(errno));
		return MG_EIO;
	}
	for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
		if (path_of(w, endings[i], path) < 0)
			return MG_ETOOBIG;
		if (replace || !safe_exists(path))
			continue;
		snprintf(w->why, sizeof(w->why),
			 "%.400s is there already; give another --out", path);
		return MG_EINVAL;
	}
	return MG_OK;
}

static int put(const struct integration_words *w, const char *ending,
	       const struct buf *bytes, mode_t mode)
{
	char path[PATH_MAX];
	int err = path_of(w, ending, path);

	return err < 0 ? err : safe_replace(path, buf_slice(bytes), mode);
}

static int put_root(const struct integration_words *w)
{
	char from[PATH_MAX], to[PATH_MAX];
	struct buf pem;

	snprintf(from, sizeof(from), "%s/ca/root.crt", w->state);
	snprintf(to, sizeof(to), "%s/moongate-ca.crt", w->out);
	buf_init(&pem, PEM_MAX);
	int err = safe_read(from, &pem);
	if (err >= 0)
		err = safe_replace(to, buf_slice(&pem), 0644);
	buf_deinit(&pem);
	return err;
}

/* --- addresses ----------------------------------------------------------- */

/* How devices reach a listener: by the proxy's name where it listens on every
 * address, else as configured. "" when there is none. */
static void reach(const struct integration_words *w, const char *listen,
		  bool named, char *out, size_t len)
{
	const char *port = listen ? strrchr(listen, ':') : NULL;

	if (!port)
		snprintf(out, len, "%s", "");
	else if (named || strncmp(listen, "0.0.0.0:", 8) == 0 ||
		 strncmp(listen, "[::]:", 5) == 0)
		snprintf(out, len, "%s%s", w->conf->proxy_name, port);
	else
		snprintf(out, len, "%s", listen);
}

struct addresses {
	char tls[300];
	char plain[300];
	char pac[400];
};

static void find_addresses(const struct integration_words *w,
			   const struct enrol_gift *gift, struct addresses *a)
{
	const struct conf *conf = w->conf;
	char control[300];

	reach(w, conf->listen_tls.count ? conf->listen_tls.at[0] : NULL, true,
	      a->tls, sizeof(a->tls));
	reach(w, conf->listen_plain.count ? conf->listen_plain.at[0] : NULL,
	      false, a->plain, sizeof(a->plain));
	reach(w, conf->listen_control, false, control, sizeof(control));
	snprintf(a->pac, sizeof(a->pac), "http://%s/pac/%s.pac", control,
		 gift->pac);
}

/* --- words --------------------------------------------------------------- */

static void field(const char *name, const char *value, bool first)
{
	printf("%s", first ? "{" : ",");
	report_json(stdout, name);
	printf(":");
	report_json(stdout, value && *value ? value : NULL);
}

static void say_json(const struct integration_words *w,
		     const struct enrol_gift *gift, const struct addresses *a)
{
	char path[PATH_MAX];

	field("name", w->wish.name, true);
	field("device", w->wish.device, false);
	field("id", gift->id, false);
	field("urn", gift->urn, false);
	field("serial", gift->serial, false);
	field("not_after", report_date(gift->not_after), false);
	field("token", gift->token, false);
	field("pac", a->pac, false);
	field("pac_id", gift->pac, false);
	field("password", w->password_made ? w->password : NULL, false);
	field("tls_proxy", a->tls, false);
	field("plain_proxy", a->plain, false);
	for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
		path_of(w, endings[i], path);
		field(endings[i], path, false);
	}
	snprintf(path, sizeof(path), "%s/moongate-ca.crt", w->out);
	field("ca", path, false);
	printf("}\n");
}

static void say_words(const struct integration_words *w,
		      const struct enrol_gift *gift, const struct addresses *a)
{
	char crt[PATH_MAX], key[PATH_MAX], p12[PATH_MAX];
	const char *url = "https://api.openai.com/v1/models";

	path_of(w, "crt", crt);
	path_of(w, "key", key);
	path_of(w, "p12", p12);
	printf("certificate  %s, until %.10s\nkey          %s\n", crt,
	       report_date(gift->not_after), key);
	printf("both         %s%s\n", p12,
	       w->wish.legacy ? " (for old importers)" : "");
	if (w->password_made)
		printf("its password %s\n", w->password);
	printf("root         %s/moongate-ca.crt\n", w->out);
	if (gift->token[0])
		printf("token        %s\n", gift->token);
	printf("PAC          %s\n", a->pac);
	if (a->tls[0])
		printf("\nBy certificate:\n  curl --proxy https://%s "
		       "--proxy-cacert %s/moongate-ca.crt --proxy-cert %s "
		       "--proxy-key %s --cacert %s/moongate-ca.crt %s\n",
		       a->tls, w->out, crt, key, w->out, url);
	if (a->plain[0] && gift->token[0])
		printf("By token:\n  curl --proxy http://%s:%s@%s --cacert "
		       "%s/moongate-ca.crt %s\n",
		       w->wish.name, gift->token, a->plain, w->out, url);
	fprintf(stderr, "\nThe key, the token and the password are shown only "
			"now. Who loses them rotates.\n");
}

int integration_deliver(struct integration_words *w, struct enrol_gift *gift)
{
	struct addresses a;
	int err = put(w, "crt", &gift->cert, 0644);

	err = err < 0 ? err : put(w, "key", &gift->key, 0600);
	err = err < 0 ? err : put(w, "p12", &gift->p12, 0600);
	err = err < 0 ? err : put_root(w);
	if (err < 0) {
		snprintf(w->why, sizeof(w->why),
			 "%s: not written: %s. It is enrolled all the same: "
			 "`moongate integration rotate %s` delivers another "
			 "key",
			 w->out, strerror(errno), w->wish.name);
		return err;
	}
	find_addresses(w, gift, &a);
	if (w->json)
		say_json(w, gift, &a);
	else
		say_words(w, gift, &a);
	return MG_OK;
}
