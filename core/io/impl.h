/* impl.h - what the files of io share: the libevent base. */
#pragma once
#include <event2/event.h>

#include "io/loop.h"

struct event_base *loop_base(struct loop *loop);
