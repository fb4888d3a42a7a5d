/* impl.h - the bodies of a device and of an exchange, for the files that play
 * their parts:
 *
 *   device.c    states, reading, closing       ask.c     CONNECT
 *   tunnel.c    bytes unread                   exchange.c  birth, request, end
 *   judge.c     both stages before the judge   reply.c   the peer's side
 */
#pragma once
#include "flow/lane.h"
#include "surface/decision.h"
#include "surface/device.h"

enum {
	/* Reading from one side stops while this much waits for the other. */
	BACKLOG_HIGH = 1 << 20,
	/* Bytes of a pipelined request that wait for the one before it. */
	AHEAD_MAX = 64 << 10,
	/* A read of this many bytes is likely to be followed by another. */
	READ_MORE = 8 << 10,
	/* Read in one turn before others get theirs. */
	TURN_MAX = 256 << 10,
	/* A request up to this is kept until the reply begins, so that it can
	 * be sent again when a pooled connection turns out to be dead. */
	REPLAY_MAX = 256 << 10,
	/* Whatever is written for one message before it is sent. */
	OUT_MAX = 300 << 20,
};

/* A wire that gives back what was read off it too early, then is the wire
 * below. */
struct replay {
	struct wire wire;
	struct buf held;
};

/* Many fields: one connection, from its socket to its exchange. */
struct device {
	struct services *sv;
	struct device *next;
	struct device **at; /* what points at us in sv->devices */
	enum device_state state;
	uint64_t id; /* for the log */
	struct sock *sock;
	struct tls *outer; /* NULL on plain listeners */
	struct tls *inner; /* from SHAKING on */
	struct wire *top;  /* what is read and written now */
	struct tls_peer peer;
	struct who who;
	char address[INET6_ADDRSTRLEN];
	union sock_addr from;
	char host[256]; /* of CONNECT, then of SNI; lower case */
	uint16_t port;
	uint32_t app;
	struct h1_reader reader;
	struct arena asking; /* the head of CONNECT */
	struct head *asked;  /* in `asking`, while it is answered */
	struct buf ahead;    /* bytes that came before their time */
	struct exchange *exchange;
	struct peer *tunnel;  /* DIALING, TUNNEL */
	bool looked;          /* TUNNEL: its first bytes were looked at */
	struct replay replay; /* SHAKING after TUNNEL */
	struct shelf_waiter leaf;
	bool leaf_refused;
	unsigned paused; /* device_pause bits; 0: reading */
	bool lingers;    /* CLOSING: it is still sending; take it */
	bool one_more;   /* close after the exchange in progress */
	uint64_t deadline;
	struct loop_task again; /* read on, in the next turn */
	struct loop_task reap;
};

void device_move(struct device *d, enum device_state to);
/* The deadline of the present state starts anew. */
void device_rearm(struct device *d, uint64_t ms);
/* CLOSING, then CLOSED once all is sent. Fine at any time, any number. */
void device_close(struct device *d);
/* Reads and acts until there is nothing to do now. */
void device_pump(struct device *d);

/* ask.c: one step of ASKING with the bytes that came. Takes `used`. */
int ask_feed(struct device *d, const char *at, size_t len, size_t *used);
/* Answers a CONNECT that is refused, and closes. */
void ask_refuse(struct device *d, uint16_t status, const char *why);
/* 200: the tunnel stands. */
int ask_grant(struct device *d);
/* We are the host ourselves from here on. */
void ask_intercept(struct device *d);
/* Is `host` (lower case) one that we read? Sets d->app when it is. */
enum mg_coverage ask_coverage(struct device *d, struct mg_slice host);

/* Did a client of this host turn us down lately, and is it to pass then? */
bool ask_is_pinned(const struct device *d, struct mg_slice host);

/* tunnel.c */
void tunnel_start(struct device *d);
void tunnel_from_device(struct device *d, const char *at, size_t len);
void tunnel_device_writable(struct device *d);
void tunnel_end(struct device *d);
/* From now on `top` gives back d->replay.held first. */
void tunnel_replay(struct device *d);

/* --- exchange --------------------------------------------------------------
 */

enum exchange_state { EX_READING, EX_WAITING, EX_REPLYING, EX_DONE };

/* The last stage of a lane. */
struct sink {
	struct stage stage;
	struct exchange *ex;
};

/* Many fields: one exchange, both directions. */
struct exchange {
	struct device *device; /* borrows; NULL once it is gone */
	struct services *sv;
	enum exchange_state state;
	bool begun;        /* the request's head was seen */
	bool request_done; /* and its end */
	bool answered;     /* by us */
	bool keep;         /* the device's connection, after this */
	bool peer_up;
	bool reply_begun; /* the service has spoken */
	bool passed_head; /* and the device has heard it */
	bool extra;       /* the peer sent more than a reply */
	bool unkept;      /* `out` is not the whole request any more */
	bool stream;
	struct arena arena;
	struct generation *gen; /* owes generation_done */
	struct lane up;
	struct lane down;
	struct sink to_peer;
	struct sink to_device;
	struct head *request; /* in the arena, as the next two */
	struct head *sent;    /* as to_peer wrote it; frames the body */
	struct head *reply;
	struct decision about;      /* what both stages share */
	struct decision *judged[2]; /* by mg_stage; in the arena */
	struct vault *vault;        /* in the arena */
	struct peer *peer;          /* owes pool_put or pool_drop */
	struct h1_reader reader;    /* of the reply */
	struct buf out;             /* to the peer */
	size_t gone;                /* of `out`: already sent */
	struct buf back;            /* to the device, this turn */
	uint32_t status;            /* as the device saw it */
	uint64_t request_bytes;
	uint64_t reply_bytes;
	uint64_t passed; /* by relay stages */
	uint64_t began;  /* clock_now_us */
	uint64_t mono;
	uint64_t waited; /* clock_mono_us when the peer had all */
	uint64_t upstream_us;
	const char *failure; /* static; the event's word */
	struct loop_task again;
	struct loop_task reap;
};

/* exchange.c: both ends are through, or one of them is gone. */
void exchange_finish(struct exchange *ex, bool keep);
/* Answers of our own; all return MG_ESTOP. `failure` is the event's word. */
int exchange_answer(struct exchange *ex, uint32_t status, const char *type,
		    struct mg_slice body, uint32_t retry_after);
int exchange_fault(struct exchange *ex, uint32_t status, const char *failure,
		   const char *why);

/* judge.c: fills in what both stages share; then the stages themselves. */
void judge_begin(struct exchange *ex, const struct identity *id);
struct stage *judge_request_stage(struct exchange *ex);
struct stage *judge_reply_stage(struct exchange *ex);
int judge_block(struct exchange *ex, struct decision *d);

/* reply.c: the sink of the request lane and all that follows from it. */
int reply_take_request(struct exchange *ex, const struct part *part);
/* Reads on in the next turn: a loop_fn. */
void reply_read_again(void *arg);
/* The device has room again. */
void reply_resume(struct exchange *ex);
/* The service was silent for too long: 504, or an end. */
void reply_time_out(struct exchange *ex);
