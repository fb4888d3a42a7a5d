/* encoding.c - names of codings; see encoding.h */
#include "http/encoding.h"

#include "base/slice.h"

static const struct {
	const char *name;
	enum encoding coding;
} names[] = {
	{ "gzip", ENCODING_GZIP }, { "x-gzip", ENCODING_GZIP },
	{ "br", ENCODING_BR },     { "deflate", ENCODING_DEFLATE },
	{ "zstd", ENCODING_ZSTD },
};

static int find(struct mg_slice name)
{
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (slice_is_caseless(name, names[i].name))
			return (int)names[i].coding;
	return MG_EPROTO;
}

int encoding_read(struct mg_slice list, enum encoding out[ENCODING_CHAIN])
{
	struct mg_slice name;
	int n = 0;

	while (slice_cut(&list, ',', &name)) {
		name = slice_trim(name);
		if (!name.len || slice_is_caseless(name, "identity"))
			continue;
		int coding = find(name);
		if (coding < 0)
			return coding;
		if (n == ENCODING_CHAIN)
			return MG_ETOOBIG;
		out[n++] = (enum encoding)coding;
	}
	return n;
}
