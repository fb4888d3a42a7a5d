/* mg.h - everything of C that Lua may touch, and nothing else.
 *
 * Two readers share this file: the C compiler, and - once the '#' lines are
 * dropped - LuaJIT's ffi.cdef(). So it holds plain declarations only: one field
 * per line, fixed-width integers, no macros, no bit-fields, no inline bodies,
 * no name that is a Lua keyword. `make abi` proves that both see the same
 * layout.
 *
 * Rule of the border: Lua calls C here; nothing declared here calls Lua back.
 *
 * Contents: errors, bytes, segments, findings and the catalogue, applications
 * and shapes, the case a policy judges, configuration.
 */
#pragma once
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)

/* Bump when anything below changes shape or meaning. */
enum { MG_ABI = 1 };

/* How things fail. A function that can fail returns int: 0 or a count, or one
 * of these. They tell whose fault it is, for that decides what happens next. */
enum mg_err {
	MG_OK = 0,
	MG_EINVAL = -1,  /* ours: a contract was broken */
	MG_ETOOBIG = -2, /* nobody's: a configured bound was reached */
	MG_EPROTO = -3,  /* the peer's */
	MG_EIO = -4,     /* the system's; errno was logged */
	MG_ESTOP = -5,   /* not a fault: a policy ended the flow */
	MG_EAGAIN = -6,  /* not a fault: nothing now, ask again later */
};

/* Borrowed bytes: valid as long as whatever they were taken from. */
struct mg_slice {
	const char *at;
	size_t len;
};

uint32_t mg_abi(void);

/* A sentence for a mg_err. Static, never NULL. */
const char *mg_strerror(int err);

/* --- segments ------------------------------------------------------------ */

/* Who speaks in a segment. Values are bits, so that a policy may ask for
 * several at once. */
enum mg_role {
	MG_ROLE_OTHER = 1,
	MG_ROLE_SYSTEM = 2,
	MG_ROLE_USER = 4,
	MG_ROLE_ASSISTANT = 8,
	MG_ROLE_TOOL_CALL = 16,
	MG_ROLE_TOOL_RESULT = 32,
	MG_ROLE_TOOL_DEFINITION = 64,
	MG_ROLE_DOCUMENT = 128,
	MG_ROLE_THINKING = 256,
	MG_ROLE_ANY = 511,
};

enum mg_segment_kind {
	MG_SEGMENT_TEXT = 0,   /* scanned, may be masked */
	MG_SEGMENT_SEALED = 1, /* scanned, never altered: signed or opaque */
	MG_SEGMENT_ATTACHMENT = 2, /* base64 payload or upload; see `unread` */
};

/* One run of human-readable text inside a body. `text` is decoded (escapes
 * undone); it points into the body where decoding changed nothing, else into
 * the flow's arena. [raw_from, raw_to) is where it stands in the (decoded,
 * i.e. uncompressed) body, quotes excluded. */
struct mg_segment {
	uint32_t role; /* one mg_role bit */
	uint32_t kind; /* mg_segment_kind */
	uint32_t raw_from;
	uint32_t raw_to;
	uint32_t unread;  /* attachment that no reader could open */
	uint32_t escaped; /* decoded text differs from the raw bytes */
	uint32_t coding;  /* how, for edits: text/segment.h */
	struct mg_slice text;
	struct mg_slice path; /* JSON Pointer or its like */
};

/* --- findings and the catalogue ------------------------------------------ */

/* One thing a detector found. */
struct mg_finding {
	uint32_t entity;  /* index into the catalogue */
	uint32_t score;   /* 1..100, how sure the detector is */
	uint32_t segment; /* index of the segment, 0 for a single text */
	uint32_t role;    /* that segment's role bit */
	uint32_t from;    /* span in the decoded text: [from, to) bytes */
	uint32_t to;
};

/* One row of the catalogue: a thing that can be found. */
struct mg_entity {
	const char *name;     /* "pii.email", "secret.aws_access_key_id" */
	const char *detector; /* "pii", "secret", "keyword", "regex" ... */
	const char *mask;     /* word inside the brackets: "EMAIL" */
	const char *about; /* a sentence for the reader of docs and console */
	uint32_t tier;     /* 1 (hardly ever wrong) .. 3 */
	uint32_t score;    /* score without context, 1..100 */
};

/* All that can be found, and the compiled database of what is needed. One per
 * generation; immutable once compiled, then shared by any number of scans. */
struct mg_catalogue;

struct mg_catalogue *mg_catalogue_new(void);
void mg_catalogue_free(struct mg_catalogue *cat);
uint32_t mg_catalogue_count(const struct mg_catalogue *cat);
/* NULL past the end. Valid until the next _add or the catalogue's end. */
const struct mg_entity *mg_catalogue_at(const struct mg_catalogue *cat,
					uint32_t i);
/* Index of an entity by name or alias, or MG_EINVAL. */
int mg_catalogue_find(const struct mg_catalogue *cat, const char *name,
		      size_t len);
/* The i-th entity of a group ("pii", "secret", "pii.financial", "pii.es",
 * "pii.tier1"), or MG_EINVAL past the end or when there is no such group. */
int mg_catalogue_group(const struct mg_catalogue *cat, const char *group,
		       size_t len, uint32_t i);
/* Adds an operator's own entity; returns its index. Identical additions get
 * the same index. `flags` are mg_word_flag bits. */
enum mg_word_flag {
	MG_WORD_CASELESS = 1,
	MG_WORD_WHOLE = 2,
	MG_WORD_URLS = 4, /* the list is of domains: "+a.com", "-b.com" */
};
int mg_catalogue_add_regex(struct mg_catalogue *cat, const char *name,
			   size_t name_len, const char *pattern, size_t len,
			   uint32_t flags);
/* `words` is a list, one to a line. */
int mg_catalogue_add_words(struct mg_catalogue *cat, const char *name,
			   size_t name_len, const char *words, size_t len,
			   uint32_t flags);
/* Says that findings of this entity matter; others are not looked for. */
int mg_catalogue_need(struct mg_catalogue *cat, uint32_t entity);
/* Compiles what is needed, or takes it from `cache` (a directory, may be
 * NULL). MG_EINVAL with mg_catalogue_error() saying which pattern and why. */
int mg_catalogue_compile(struct mg_catalogue *cat, const char *cache);
const char *mg_catalogue_error(const struct mg_catalogue *cat);
/* The longest match, in bytes, that a needed entity can make. */
uint32_t mg_catalogue_reach(const struct mg_catalogue *cat);

/* A reusable scan over one compiled catalogue: feed it, then pull. */
struct mg_scan;

/* NULL when `cat` was not compiled. */
struct mg_scan *mg_scan_new(const struct mg_catalogue *cat);
void mg_scan_free(struct mg_scan *scan);
/* Replaces the previous findings. Borrows for the call only. Returns how many
 * findings, after overlap resolution, ordered by segment and place; or
 * MG_ETOOBIG when there are more than fit: half a list is worse than none. */
int mg_scan_text(struct mg_scan *scan, const char *text, size_t len);
int mg_scan_segments(struct mg_scan *scan, const struct mg_segment *seg,
		     uint32_t count);
/* The i-th finding, or NULL past the end. Valid until the next scan. */
const struct mg_finding *mg_scan_at(const struct mg_scan *scan, uint32_t i);

/* --- applications and shapes --------------------------------------------- */

/* Which paths of a JSON body hold text, and whose. Built at load by Lua,
 * compiled into one automaton, then read-only. */
struct mg_shape;

enum mg_rule_flag {
	MG_RULE_ROLE_SIBLING = 1, /* role is read from a `role` key beside */
	MG_RULE_SEALED = 2,       /* scanned, never altered */
	MG_RULE_OPAQUE = 4,       /* neither scanned nor altered */
	MG_RULE_ATTACHMENT = 8,   /* base64 or data: URL */
	MG_RULE_JSON = 16,        /* a string that holds JSON text */
	MG_RULE_MODEL = 32,       /* the model's name */
	MG_RULE_STREAM = 64,      /* true asks for a stream */
	MG_RULE_TOOL_NAME = 128,  /* names a tool that is offered or called */
	MG_RULE_TOKENS_IN = 256,  /* number: tokens read */
	MG_RULE_TOKENS_OUT = 512, /* number: tokens written */
	MG_RULE_DEEP = 1024,      /* every string below this path */
	MG_RULE_WORD = 2048,      /* an id or a word of the protocol: no text
				   * while it looks like one */
};

struct mg_shape *mg_shape_new(void);
void mg_shape_free(struct mg_shape *shape);
/* `pattern` is a path such as "/messages/<star>/content", where <star> stands
 * for an asterisk: any index or any key. `role` is one mg_role bit. */
int mg_shape_add(struct mg_shape *shape, const char *pattern, size_t len,
		 uint32_t role, uint32_t flags);
int mg_shape_compile(struct mg_shape *shape);

/* The table of applications: hosts, endpoints, shapes, block answers. */
struct mg_apps;

enum mg_coverage {
	MG_UNCOVERED = 0,
	MG_COVERED = 1,
	MG_BYPASSED = 2, /* explicit bypass, or a host to leave alone */
	MG_CHATTY = 3,
};

enum mg_stream {
	MG_STREAM_NONE = 0,
	MG_STREAM_SSE = 1,
	MG_STREAM_JSON_ARRAY = 2,
};

enum mg_host_list {
	MG_HOSTS_APP = 0,    /* belongs to the application named */
	MG_HOSTS_AI = 1,     /* operator's AI domains: generic shape */
	MG_HOSTS_CHATTY = 2, /* never captured */
	MG_HOSTS_BYPASS = 3, /* explicit bypass, strongest */
};

struct mg_apps *mg_apps_new(void);
void mg_apps_free(struct mg_apps *apps);
/* Returns the application's index. `block` is the body of a block answer with
 * @MESSAGE@, @REASON@ and @STATUS@ to be filled in, JSON-escaped. */
int mg_apps_add(struct mg_apps *apps, const char *id, size_t id_len,
		uint32_t block_status, const char *block, size_t block_len);
/* `pattern`: "api.x.com" exact, ".x.com" x.com and below, "*.x.com" below. */
int mg_apps_add_host(struct mg_apps *apps, uint32_t app, uint32_t list,
		     const char *pattern, size_t len);
/* `path` pattern: literal, with * for one segment and ** for the rest. Owns
 * both shapes from now on; a shape may be used by several endpoints. */
int mg_apps_add_endpoint(struct mg_apps *apps, uint32_t app, const char *name,
			 size_t name_len, const char *method, size_t method_len,
			 const char *path, size_t path_len,
			 struct mg_shape *request, struct mg_shape *reply,
			 uint32_t stream, struct mg_shape *event);
/* Coverage of a host (any case, no port): an mg_coverage. *app is set when
 * covered. */
int mg_apps_cover(const struct mg_apps *apps, const char *host, size_t len,
		  uint32_t *app);

/* One body, read the way a surface reads it: for specs and for `explain`. */
struct mg_reading;

struct mg_reading *mg_reading_new(void);
void mg_reading_free(struct mg_reading *r);
/* Borrows the body until the next call. `app` past the end: no application.
 * How many segments, or a negative mg_err. */
int mg_reading_body(struct mg_reading *r, const struct mg_apps *apps,
		    uint32_t app, uint32_t stage, const char *method,
		    size_t method_len, const char *path, size_t path_len,
		    const char *content_type, size_t content_type_len,
		    const char *body, size_t len);
/* NULL past the end; valid until the next body. */
const struct mg_segment *mg_reading_at(const struct mg_reading *r, uint32_t i);
const struct mg_slice *mg_reading_tool(const struct mg_reading *r, uint32_t i);
const struct mg_slice *mg_reading_model(const struct mg_reading *r);
const struct mg_slice *mg_reading_endpoint(const struct mg_reading *r);
/* 1 when the body asks for a stream. */
uint32_t mg_reading_stream(const struct mg_reading *r);
uint32_t mg_reading_unread(const struct mg_reading *r);
uint64_t mg_reading_tokens_in(const struct mg_reading *r);
uint64_t mg_reading_tokens_out(const struct mg_reading *r);

/* --- the case a policy judges -------------------------------------------- */

enum mg_surface {
	MG_ENDPOINT = 1,
	MG_GATEWAY = 2,
	MG_API = 4,
	MG_BROWSER = 8,
};

enum mg_stage {
	MG_REQUEST = 0,
	MG_REPLY = 1,
};

enum mg_action {
	MG_ALLOW = 0,
	MG_LOG = 1,
	MG_MASK = 2,
	MG_BLOCK = 3,
};

enum mg_mask_style {
	MG_MASK_PLACEHOLDER = 0, /* [EMAIL] */
	MG_MASK_KEEP_LENGTH = 1, /* ******** */
	MG_MASK_KEEP_LAST4 = 2,  /* ****1111 */
	MG_MASK_HASH = 3,        /* [EMAIL:9f86d081] keyed */
	MG_MASK_TOKEN = 4,       /* [EMAIL_1], restored in replies */
};

enum mg_attr {
	MG_ATTR_APPLICATION = 0,
	MG_ATTR_INTEGRATION = 1,
	MG_ATTR_HOST = 2,
	MG_ATTR_METHOD = 3,
	MG_ATTR_PATH = 4,
	MG_ATTR_MODEL = 5,
	MG_ATTR_USER = 6,
	MG_ATTR_DEVICE = 7,
	MG_ATTR_USE_CASE = 8,
	MG_ATTR_ROUTE = 9,
	MG_ATTR_GATEWAY = 10,
	MG_ATTR_ENGINE = 11,
	MG_ATTR_USER_AGENT = 12,
	MG_ATTR_CONTENT_TYPE = 13,
	MG_ATTRS = 14, /* how many; must be last */
};

enum mg_number {
	MG_NUM_SURFACE = 0,
	MG_NUM_STAGE = 1,
	MG_NUM_BYTES = 2,
	MG_NUM_SEGMENTS = 3,
	MG_NUM_ASSURANCE = 4, /* 0 none, 1 network, 2 token, 3 mtls */
	MG_NUM_TIME = 5,      /* seconds since 1970, UTC */
	MG_NUM_STREAM = 6,
	MG_NUM_TOKENS = 7, /* estimated on requests, counted on replies */
	MG_NUMS = 8,       /* how many; must be last */
};

/* One stage of one exchange, put before the judge. Lua gets a handle. */
struct mg_case;

/* Borrowed until the case ends; an empty slice when unknown. Never NULL. */
const struct mg_slice *mg_case_attr(const struct mg_case *c, uint32_t attr);
double mg_case_number(const struct mg_case *c, uint32_t number);
/* The i-th of a list; NULL past the end. */
const struct mg_slice *mg_case_tag(const struct mg_case *c, uint32_t i);
const struct mg_slice *mg_case_group(const struct mg_case *c, uint32_t i);
const struct mg_slice *mg_case_tool(const struct mg_case *c, uint32_t i);
const struct mg_segment *mg_case_segment(const struct mg_case *c, uint32_t i);
/* Runs every needed detector over every segment, once; later calls are free.
 * The number of findings, or a negative mg_err. */
int mg_case_scan(struct mg_case *c);
const struct mg_finding *mg_case_finding(const struct mg_case *c, uint32_t i);
/* One policy's vote. `policy` and `reason` are indices into the lists of the
 * plan. `retry`: seconds until a limit that tripped allows again, or 0. */
enum mg_vote_flag {
	MG_VOTE_OBSERVE = 1, /* counts as log at most */
	MG_VOTE_ALERT = 2,
};
int mg_case_vote(struct mg_case *c, uint32_t policy, uint32_t action,
		 uint32_t reason, uint32_t flags, uint32_t retry);
/* Adds a finding to what is masked. */
int mg_case_mask(struct mg_case *c, uint32_t finding, uint32_t style);
/* Says that `policy` matched because of this finding. For the record. */
int mg_case_because(struct mg_case *c, uint32_t policy, uint32_t finding);
/* Says that a policy could not be judged: `err` is why. `fallback` 0 block,
 * 1 allow with alert, 2 log, or negative: as the failure table says. */
int mg_case_fail(struct mg_case *c, int err, int fallback);
/* Counts `amount` against a quota of `by` (an mg_attr; MG_ATTRS: of all
 * together) on requests: 0 within it, or seconds until it is again. On replies
 * it counts what was used and returns 0. */
int mg_case_quota(struct mg_case *c, uint64_t salt, uint32_t by, uint32_t max,
		  uint32_t seconds, uint32_t amount);

/* --- configuration -------------------------------------------------------- */

/* One setting that moongate.lua may hold. */
struct mg_setting {
	const char *name;    /* dotted: "limits.body" */
	const char *kind;    /* "text", "path", "number", "bytes",
			      * "duration", "flag", "list", "map", "choice" */
	const char *initial; /* the default, as text */
	const char *choices; /* "block|log", "1..7", NULL when free */
	const char *about;
};

/* NULL past the end. Static. */
const struct mg_setting *mg_setting_at(uint32_t i);

#pragma GCC visibility pop
