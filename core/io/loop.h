/* loop.h - the event loop of one process. The only door to libevent.
 *
 *   wait for the kernel -> callbacks, one after another -> deferred tasks
 *
 * No callback runs inside another. What must not happen inside a callback
 * (freeing the thing that called) is deferred to the end of the turn.
 */
#pragma once
#include <stdbool.h>

#include "abi/mg.h"

struct loop;
struct loop_timer;
struct loop_watch;

typedef void (*loop_fn)(void *arg);

/* Aborts when the kernel has no epoll. */
struct loop *loop_new(void);
void loop_free(struct loop *loop);

/* Turns until loop_stop. */
void loop_run(struct loop *loop);
void loop_stop(struct loop *loop);

/* Microseconds on the monotonic clock, read once a turn: old by as long as the
 * kernel was waited for. For deadlines, not for measuring. */
uint64_t loop_now(const struct loop *loop);

/* A task that waits for the end of the turn. Embed it; adding one that waits
 * already changes nothing. */
struct loop_task {
	struct loop_task *next;
	loop_fn fn;
	void *arg;
	bool waiting;
};

void loop_defer(struct loop *loop, struct loop_task *task);

/* Takes it back, if it waits. For what is freed early; never from within a
 * deferred task about another one. */
void loop_forget(struct loop *loop, struct loop_task *task);

/* Calls fn(arg) every `ms`, or once after `ms`. Owned by the caller; a one-shot
 * timer may be freed from its own callback. */
struct loop_timer *loop_every(struct loop *loop, uint32_t ms, loop_fn fn,
			      void *arg);
struct loop_timer *loop_after(struct loop *loop, uint32_t ms, loop_fn fn,
			      void *arg);
void loop_timer_free(struct loop_timer *timer);

/* Calls fn(arg) whenever `fd` is readable. Does not own the fd. */
struct loop_watch *loop_readable(struct loop *loop, int fd, loop_fn fn,
				 void *arg);
/* Calls fn(arg) when the process gets `signo`, in the loop, not in a handler.
 */
struct loop_watch *loop_signal(struct loop *loop, int signo, loop_fn fn,
			       void *arg);
void loop_watch_free(struct loop_watch *watch);
