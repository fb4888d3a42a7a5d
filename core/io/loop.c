/* loop.c - see loop.h */
#include "io/loop.h"

#include <stdlib.h>
#include <sys/time.h>

#include "base/clock.h"
#include "io/impl.h"

struct loop {
	struct event_base *base;
	struct loop_task *first;
	struct loop_task **end;
	uint64_t now;
	bool stopped;
};

struct loop_timer {
	struct event *event;
	loop_fn fn;
	void *arg;
};

struct loop_watch {
	struct event *event;
	loop_fn fn;
	void *arg;
};

struct loop *loop_new(void)
{
	struct loop *loop = calloc(1, sizeof(*loop));
	struct event_config *conf = event_config_new();

	if (!loop || !conf)
		abort();
	/* Fewer epoll_ctl calls when interest flips within one turn. */
	event_config_set_flag(conf, EVENT_BASE_FLAG_EPOLL_USE_CHANGELIST);
	event_config_set_flag(conf, EVENT_BASE_FLAG_NOLOCK);
	loop->base = event_base_new_with_config(conf);
	event_config_free(conf);
	if (!loop->base)
		abort();
	loop->end = &loop->first;
	loop->now = clock_mono_us();
	return loop;
}

void loop_free(struct loop *loop)
{
	if (!loop)
		return;
	event_base_free(loop->base);
	free(loop);
}

struct event_base *loop_base(struct loop *loop)
{
	return loop->base;
}

static void run_tasks(struct loop *loop)
{
	struct loop_task *task = loop->first;

	/* Only what waits now: a task that defers itself again must not keep
	 * the kernel from being asked. */
	loop->first = NULL;
	loop->end = &loop->first;
	while (task) {
		struct loop_task *next = task->next;

		task->waiting = false;
		task->fn(task->arg);
		task = next;
	}
}

void loop_run(struct loop *loop)
{
	while (!loop->stopped) {
		int flags = loop->first ? EVLOOP_NONBLOCK : EVLOOP_ONCE;

		event_base_loop(loop->base, flags);
		loop->now = clock_mono_us();
		run_tasks(loop);
	}
	loop->stopped = false;
}

void loop_stop(struct loop *loop)
{
	loop->stopped = true;
	event_base_loopbreak(loop->base);
}

uint64_t loop_now(const struct loop *loop)
{
	return loop->now;
}

void loop_defer(struct loop *loop, struct loop_task *task)
{
	if (task->waiting)
		return;
	task->waiting = true;
	task->next = NULL;
	*loop->end = task;
	loop->end = &task->next;
}

void loop_forget(struct loop *loop, struct loop_task *task)
{
	if (!task->waiting)
		return;
	for (struct loop_task **at = &loop->first; *at; at = &(*at)->next) {
		if (*at != task)
			continue;
		*at = task->next;
		if (!*at)
			loop->end = at;
		break;
	}
	task->waiting = false;
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct loop_timer *timer = arg;

	(void)fd, (void)what;
	timer->fn(timer->arg);
}

static struct loop_timer *timer_new(struct loop *loop, uint32_t ms, short flags,
				    loop_fn fn, void *arg)
{
	struct loop_timer *timer = malloc(sizeof(*timer));
	struct timeval tv = { ms / 1000, ms % 1000 * 1000 };

	if (!timer)
		abort();
	timer->fn = fn;
	timer->arg = arg;
	timer->event = event_new(loop->base, -1, flags, on_timer, timer);
	if (!timer->event || event_add(timer->event, &tv))
		abort();
	return timer;
}

struct loop_timer *loop_every(struct loop *loop, uint32_t ms, loop_fn fn,
			      void *arg)
{
	return timer_new(loop, ms, EV_PERSIST, fn, arg);
}

struct loop_timer *loop_after(struct loop *loop, uint32_t ms, loop_fn fn,
			      void *arg)
{
	return timer_new(loop, ms, 0, fn, arg);
}

void loop_timer_free(struct loop_timer *timer)
{
	if (!timer)
		return;
	event_free(timer->event);
	free(timer);
}

static void on_watch(evutil_socket_t fd, short what, void *arg)
{
	struct loop_watch *watch = arg;

	(void)fd, (void)what;
	watch->fn(watch->arg);
}

static struct loop_watch *watch_new(struct loop *loop, int fd, short flags,
				    loop_fn fn, void *arg)
{
	struct loop_watch *watch = malloc(sizeof(*watch));

	if (!watch)
		abort();
	watch->fn = fn;
	watch->arg = arg;
	watch->event = event_new(loop->base, fd, flags, on_watch, watch);
	if (!watch->event || event_add(watch->event, NULL))
		abort();
	return watch;
}

struct loop_watch *loop_readable(struct loop *loop, int fd, loop_fn fn,
				 void *arg)
{
	return watch_new(loop, fd, EV_READ | EV_PERSIST, fn, arg);
}

struct loop_watch *loop_signal(struct loop *loop, int signo, loop_fn fn,
			       void *arg)
{
	return watch_new(loop, signo, EV_SIGNAL | EV_PERSIST, fn, arg);
}

void loop_watch_free(struct loop_watch *watch)
{
	if (!watch)
		return;
	event_free(watch->event);
	free(watch);
}
