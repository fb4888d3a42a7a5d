/* techniques.h - the ways of injection, and the phrases that give them away. */
#pragma once
#include "detectors/detector.h"

/* In the order of the first rows of the table. */
enum technique {
	TECHNIQUE_OVERRIDE,
	TECHNIQUE_PROMPT_LEAK,
	TECHNIQUE_ROLE_PLAY,
	TECHNIQUE_REFUSAL,
	TECHNIQUE_SPECIAL_TOKEN,
	TECHNIQUE_INDIRECT,
	TECHNIQUE_EXFILTRATION,
	TECHNIQUE_OBFUSCATION,
	TECHNIQUE_WORDING, /* the statistical tier */
	TECHNIQUES         /* how many; must be last */
};

/* Joins the phrases that were found; see injection.c. */
uint32_t injection_judge(const struct exhibit *x,
			 struct ruling out[RULINGS_MAX]);
