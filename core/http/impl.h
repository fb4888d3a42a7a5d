/* impl.h - what the files of the HTTP/1.1 codec share. */
#pragma once
#include <llhttp.h>

#include "http/h1.h"

/* Refuses the message: `why` is static and becomes the answer's text. */
int h1_refuse(struct h1_reader *r, int err, uint16_t status, const char *why);

/* Reads a whole head (final blank line included) into r->head. */
int h1_read_head(struct h1_reader *r, struct mg_slice raw);

/* Reads a whole trailer section, blank line included; *trailers is NULL when
 * it is empty. */
int h1_read_trailers(struct h1_reader *r, struct mg_slice raw,
		     struct head **trailers);

/* Reads "1f4" or "1f4;name=value", without its line end. */
int h1_read_chunk_size(struct h1_reader *r, struct mg_slice line,
		       uint64_t *size);

/* True when a section of so many lines, each found to end in CRLF, holds no
 * other CR nor any control byte but tabs. */
bool h1_is_clean(struct mg_slice s, uint32_t lines);

/* Has llhttp read a start line and a section behind it, whose `lines` fields
 * go to `h`. `parser` then tells what llhttp makes of them. */
int h1_split(struct h1_reader *r, llhttp_t *parser, struct mg_slice start,
	     struct mg_slice section, uint32_t lines, struct head *h);
