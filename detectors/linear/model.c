/* model.c - puts the trained tables into the binary, as read-only pages that
 * all workers share. contrib/train/train makes the file. */
#include <stdlib.h>

#include "detectors/linear/linear.h"

__asm__(".pushsection .rodata\n"
	".balign 64\n"
	".global linear_model_from\n"
	".hidden linear_model_from\n"
	"linear_model_from:\n"
	".incbin \"detectors/linear/heads.model\"\n"
	".global linear_model_to\n"
	".hidden linear_model_to\n"
	"linear_model_to:\n"
	".byte 0\n"
	".popsection\n");

extern const char linear_model_from[], linear_model_to[];

/* Bound once and never changed: the bytes are part of the program, shared by
 * every worker, and checked before the first text is read. */
const struct linear_model *linear_built_in(void)
{
	static struct linear_model model;

	if (!model.file &&
	    linear_open(&model, linear_model_from,
			(size_t)(linear_model_to - linear_model_from)) < 0)
		abort();
	return &model;
}
