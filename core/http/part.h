/* part.h - HEAD, BODY or END of one message: the neutral form that codecs
 * read and write and that lanes carry. */
#pragma once
#include "http/head.h"

enum part_kind {
	PART_HEAD, /* once, first */
	PART_BODY, /* any number of times; bytes as they came, still encoded */
	PART_END,  /* once, last; trailers, if any, in `head` */
};

/* Borrowed for the duration of the call that carries it. */
struct part {
	enum part_kind kind;
	struct head *head;    /* PART_HEAD; PART_END with trailers */
	struct mg_slice body; /* PART_BODY */
};
