/* doors.h - what one running product holds exclusively: its addresses, and its
 * directory of state.
 *
 * Every worker has its own listening socket for every address, so that the
 * queue of a crashed worker waits for its successor; the supervisor keeps all
 * of them open. That needs SO_REUSEPORT, which would also let a second product
 * on the same addresses take half of the traffic: the lock on the state is what
 * refuses it.
 */
#pragma once
#include "base/conf.h"
#include "base/shm.h"

enum { DOORS_ADDRESSES = 16 }; /* of one kind */

struct doors {
	uint32_t workers;
	uint32_t tls_count;
	uint32_t plain_count;
	int tls[SHM_WORKERS][DOORS_ADDRESSES];
	int plain[SHM_WORKERS][DOORS_ADDRESSES];
	int control;
	int lock;
};

/* Takes the lock, binds everything. 0, or a negative mg_err with a line in the
 * log that says which and why. */
int doors_open(struct doors *d, const struct conf *conf, uint32_t workers);

/* Closes the listeners: for children that must not hold them, and to drain. */
void doors_close_traffic(struct doors *d);
void doors_close_control(struct doors *d);
