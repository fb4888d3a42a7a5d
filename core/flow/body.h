/* body.h - how much of a body could be read. */
#pragma once

enum body_state {
	BODY_WHOLE,    /* all of it, decoded */
	BODY_TOO_BIG,  /* over its ceiling, or over the worker's budget */
	BODY_ENCODING, /* unknown or broken Content-Encoding, or a bomb */
	BODY_CUT,      /* the message ended before its end */
};
