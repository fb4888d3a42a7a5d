/* doors.c - see doors.h */
#include "proc/doors.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/log.h"
#include "io/sock.h"

static int bind_one(const char *kind, const char *text)
{
	union sock_addr addr;
	int fd;

	if (sock_parse(text, &addr) < 0) {
		log_error(LOG_PROC, "listen.%s: '%s' is not ADDRESS:PORT", kind,
			  text);
		return MG_EINVAL;
	}
	fd = sock_listen(&addr);
	if (fd < 0)
		log_error(LOG_PROC,
			  "cannot listen on %s: %s; change listen.%s, or end "
			  "what listens there",
			  text, strerror(errno), kind);
	return fd;
}

static int bind_kind(const struct conf_list *list, const char *kind, int *fds)
{
	if (list->count > DOORS_ADDRESSES) {
		log_error(LOG_PROC, "listen.%s names more than %d addresses",
			  kind, DOORS_ADDRESSES);
		return MG_ETOOBIG;
	}
	for (uint32_t i = 0; i < list->count; i++) {
		fds[i] = bind_one(kind, list->at[i]);
		if (fds[i] < 0)
			return fds[i];
	}
	return MG_OK;
}

static int lock_state(struct doors *d, const char *state)
{
	char path[512], text[32];

	snprintf(path, sizeof(path), "%s/moongate.lock", state);
	d->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (d->lock < 0) {
		log_error(LOG_PROC, "cannot open %s: %s", path,
			  strerror(errno));
		return MG_EIO;
	}
	if (flock(d->lock, LOCK_EX | LOCK_NB)) {
		ssize_t n = pread(d->lock, text, sizeof(text) - 1, 0);

		text[n > 0 ? n : 0] = '\0';
		log_error(LOG_PROC, "another moongate (pid %d) uses %s",
			  atoi(text), state);
		return MG_EIO;
	}
	int len = snprintf(text, sizeof(text), "%d\n", (int)getpid());
	if (ftruncate(d->lock, 0) || pwrite(d->lock, text, (size_t)len, 0) < 0)
		log_warn(LOG_PROC, "cannot write %s: %s", path,
			 strerror(errno));
	return MG_OK;
}

int doors_open(struct doors *d, const struct conf *conf, uint32_t workers)
{
	int err = lock_state(d, conf->state);

	d->workers = workers;
	d->tls_count = conf->listen_tls.count;
	d->plain_count = conf->listen_plain.count;
	for (uint32_t i = 0; i < workers && err >= 0; i++) {
		err = bind_kind(&conf->listen_tls, "tls", d->tls[i]);
		if (err >= 0)
			err = bind_kind(&conf->listen_plain, "plain",
					d->plain[i]);
	}
	if (err >= 0)
		err = d->control = bind_one("control", conf->listen_control);
	return err < 0 ? err : MG_OK;
}

void doors_close_traffic(struct doors *d)
{
	for (uint32_t i = 0; i < d->workers; i++) {
		for (uint32_t k = 0; k < d->tls_count; k++)
			close(d->tls[i][k]);
		for (uint32_t k = 0; k < d->plain_count; k++)
			close(d->plain[i][k]);
	}
	d->tls_count = d->plain_count = 0;
}

void doors_close_control(struct doors *d)
{
	close(d->control);
	d->control = -1;
}
