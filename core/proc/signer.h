/* signer.h - the process that holds the inspection key, and its clients.
 *
 *   worker --"leaf for api.x.com?"--> signer      one socket pair per worker
 *          <--leaf, or a refusal-----
 *          <--kit: leaf key, chain---            at start and after a reload
 *
 * The signer has no network, opens no file once it runs (confine.h), and signs
 * nothing but leaves for hosts that its own certificate's name constraints
 * permit, at a bounded rate. It makes the leaf key itself, one per start, and
 * hands it to the workers: so one minted leaf serves them all and the covered
 * hosts are minted before anybody asks; the CA key stays.
 *
 * Pairs are SOCK_SEQPACKET: a message is whole or absent, and a worker that
 * dies half-way leaves no half message to its successor. The supervisor keeps
 * both ends of every pair open, so either side may be restarted.
 */
#pragma once
#include "tls/shelf.h"

enum {
	SIGNER_MESSAGE_MAX = 128 << 10,
	SIGNER_WORKERS_MAX = 64,
};

/* [0] is the signer's end, [1] the other. Both close-on-exec, non-blocking. */
int signer_pair(int ends[2]);

struct signer_setup {
	const char *ca_dir;  /* inspection.crt and inspection.key are here */
	const char *crl_url; /* in every leaf; NULL or "" for none */
	uint32_t leaf_days;
	const int *workers; /* the signer's ends */
	uint32_t worker_count;
	int control; /* the signer's end of the supervisor's pair; its end
		      * of file ends the signer */
};

/* The whole life of the signer process, after the fork: loads the CA, shuts
 * every door (no new privileges, no core, not dumpable, seccomp) and serves.
 * Returns an exit code of cmd.h. The caller has dropped privileges already or
 * does not need to, and has closed what the signer must not hold. */
int signer_run(const struct signer_setup *setup);

/* --- the supervisor's side ----------------------------------------------- */

/* Opens the CA's files and passes the descriptors: a rotation takes effect
 * without a restart, and without the signer opening files. MG_EIO with a
 * sentence in `why`. */
int signer_reload(int control, const char *ca_dir, char *why, size_t why_len);

/* The answer to signer_reload: 0, MG_EINVAL with a sentence (the old CA is
 * still in use), or MG_EAGAIN when there is none yet. */
int signer_reloaded(int control, char *why, size_t why_len);

/* --- a worker's side ----------------------------------------------------- */

struct signer_client;

/* `fd` is the worker's end; borrowed. `leaves` and `waiters` bound the shelf.
 * Asks for the kit at once. */
struct signer_client *signer_client_new(int fd, uint32_t leaves,
					uint32_t waiters);
void signer_client_free(struct signer_client *c);

/* Where leaves are had: shelf_get. Borrowed. */
struct shelf *signer_client_shelf(struct signer_client *c);

/* Call when `fd` is readable, and every second or so: takes all answers that
 * are there, wakes whoever waited for them, and sends what could not be sent
 * before. Never blocks. 0, or MG_EIO when the pair is broken. */
int signer_client_turn(struct signer_client *c, uint64_t now_s);

/* The kit has come: leaves can be had. */
bool signer_client_is_ready(const struct signer_client *c);
