/* status.c - `moongate status`: what the running product says of itself. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "cmd/cmd.h"
#include "io/sock.h"
#include "policy/engine.h"

/* One blocking GET over loopback; the body is left in `out`. The status, or
 * MG_EIO with errno. */
static int get(const char *where, const char *path, struct buf *out)
{
	struct timeval patience = { 3, 0 };
	union sock_addr addr;
	char chunk[4096];
	ssize_t n;
	int fd, status = 0;

	if (sock_parse(where, &addr) < 0) {
		errno = EINVAL;
		return MG_EIO;
	}
	fd = socket(addr.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return MG_EIO;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (connect(fd, &addr.any, sock_addr_len(&addr))) {
		int why = errno;
		close(fd);
		errno = why;
		return MG_EIO;
	}
	int len = snprintf(chunk, sizeof(chunk),
			   "GET %s HTTP/1.1\r\nHost: localhost\r\n"
			   "Connection: close\r\n\r\n",
			   path);
	if (write(fd, chunk, (size_t)len) == len)
		while ((n = read(fd, chunk, sizeof(chunk))) > 0)
			if (buf_add_at(out, chunk, (size_t)n) < 0)
				break;
	close(fd);
	buf_add_at(out, "", 1);
	char *text = out->at + out->from;
	char *body = strstr(text, "\r\n\r\n");
	if (!body || sscanf(text, "HTTP/1.%*d %d", &status) != 1) {
		errno = EPROTO;
		return MG_EIO;
	}
	buf_drop(out, (size_t)(body + 4 - text));
	return status;
}

static int run(int argc, char **argv)
{
	const char *path = access("moongate.lua", R_OK) ? NULL : "moongate.lua";
	const char *what = "/status.txt";
	struct conf *conf = conf_new();
	char why[4096] = "";
	struct buf out;
	int status;

	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--json")) {
			what = "/status";
		} else if (!strcmp(argv[i], "--config") && i + 1 < argc) {
			path = argv[++i];
		} else {
			fprintf(stderr, "moongate status: what is '%s'?\n",
				argv[i]);
			return CMD_USAGE;
		}
	}
	if (engine_read_conf(path, conf, why, sizeof(why)) < 0) {
		fprintf(stderr, "%s\n", why);
		return CMD_CONFIG;
	}
	buf_init(&out, 1 << 20);
	status = get(conf->listen_control, what, &out);
	if (status < 0) {
		fprintf(stderr,
			"moongate status: nobody answers at %s (%s); is "
			"`moongate run` running with this configuration?\n",
			conf->listen_control, strerror(errno));
		return CMD_NEGATIVE;
	}
	fputs(buf_slice(&out).at, stdout);
	return status == 200 ? CMD_OK : CMD_NEGATIVE;
}

const struct cmd cmd_status = {
	.name = "status",
	.about = "what runs: processes, generation, counters, last reload",
	.help = "usage: moongate status [--config FILE] [--json]\n"
		"\n"
		"Asks the control process of the running product.\n"
		"\n"
		"examples:\n"
		"  moongate status\n"
		"  moongate status --json | jq .workers\n",
	.run = run,
};
