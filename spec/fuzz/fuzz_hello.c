/* fuzz_hello.c - any bytes as a ClientHello, whole and in every prefix. */
#include "tls/hello.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	char name[HELLO_NAME_MAX + 1];
	size_t n = 0;
	int whole = hello_name(slice((const char *)at, len), name, &n);

	/* A verdict, once reached, stays whatever follows. */
	for (size_t i = 0; i < len; i += 7) {
		int part = hello_name(slice((const char *)at, i), name, &n);

		if (part == MG_EPROTO && whole == MG_OK)
			__builtin_trap();
	}
	return 0;
}
