/* scope.h - who a case is about, as far as any Where looks at it; and what was
 * found out about such cases before.
 *
 *   case --dimensions that some Where names--> key --table--> set of policies
 *
 * Policies by the thousand are sorted out once for each combination that is
 * met; after that a decision begins with one look into a table.
 */
#pragma once
#include "policy/case.h"

enum {
	SCOPE_TAGS = MG_ATTRS,
	SCOPE_GROUPS = MG_ATTRS + 1,
	SCOPE_DIMENSIONS = MG_ATTRS + 2,
	SCOPES = 8192, /* a power of two */
};

struct scope {
	uint64_t key;   /* 0: free */
	uint32_t set;   /* index into the plan's sets */
	bool wanted[2]; /* by stage */
	double until;   /* seconds since 1970; 0: for ever */
};

struct scopes {
	bool looks[SCOPE_DIMENSIONS];
	uint32_t count;
	struct scope at[SCOPES];
};

uint64_t scope_key(const struct scopes *scopes, const struct mg_case *c);

/* NULL when it was not met before, or not since something expired. */
const struct scope *scopes_find(const struct scopes *scopes, uint64_t key,
				double now);

/* False when so many are known that all should be dropped first. */
bool scopes_add(struct scopes *scopes, const struct scope *scope);
void scopes_drop(struct scopes *scopes);
