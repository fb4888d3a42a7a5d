/* hosts.h - host patterns, looked up by labels.
 *
 *   a.b.example  -->  "a.b.example"? itself or ".a.b.example"
 *                     "b.example"?   ".b.example" or "*.b.example"
 *                     "example"?     ".example" or "*.example"
 *
 * One hash a label, however many patterns there are. A pattern may also begin
 * with a star and a dash ("*-api.example"): any first label that ends so. For
 * each list (an mg_host_list) the most specific pattern counts.
 */
#pragma once
#include "base/arena.h"
#include "base/slice.h"

enum { HOSTS_LISTS = 4 };

struct hosts_name;

struct hosts {
	struct arena *arena; /* borrows: for the names */
	struct hosts_name *names;
	uint32_t count;
	uint32_t mask; /* slots less one */
};

void hosts_init(struct hosts *h, struct arena *a);
void hosts_deinit(struct hosts *h);

/* "api.x.com" exact, ".x.com" x.com and below, "*.x.com" below, "*-a.x.com".
 * `owner` is not 0. MG_EINVAL when it is no pattern; a pattern that is added
 * again gets the newer owner. */
int hosts_add(struct hosts *h, uint32_t list, struct mg_slice pattern,
	      uint32_t owner);

/* Owners by list, 0 where none. Any case, with or without a trailing dot; what
 * is no host name has none. */
void hosts_ask(const struct hosts *h, struct mg_slice host,
	       uint32_t owner[HOSTS_LISTS]);
