/* test_hello.c - the name in a ClientHello, however it is cut. */
#include <openssl/ssl.h>

#include "base/slice.h"
#include "test.h"
#include "tls/hello.h"

/* A real ClientHello for `host` (NULL: no SNI). Returns its length. */
static size_t greet(const char *host, char *out, size_t max)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	SSL *ssl = SSL_new(ctx);
	BIO *in = BIO_new(BIO_s_mem()), *back = BIO_new(BIO_s_mem());

	SSL_set_bio(ssl, in, back);
	if (host)
		SSL_set_tlsext_host_name(ssl, host);
	SSL_connect(ssl);
	int n = BIO_read(back, out, (int)max);
	SSL_free(ssl);
	SSL_CTX_free(ctx);
	return (size_t)n;
}

/* The same message in records of `size` bytes. */
static size_t cut(const char *at, size_t len, size_t size, char *out)
{
	size_t n = 0;

	for (size_t from = 5; from < len; from += size) {
		size_t some = len - from < size ? len - from : size;

		memcpy(out + n, at, 3);
		out[n + 3] = (char)(some >> 8);
		out[n + 4] = (char)some;
		memcpy(out + n + 5, at + from, some);
		n += 5 + some;
	}
	return n;
}

static void name_is_read_in_lower_case(void)
{
	char raw[4096], name[HELLO_NAME_MAX + 1];
	size_t n = 0, len = greet("API.OpenAI.com", raw, sizeof(raw));

	OK(hello_name(slice(raw, len), name, &n) == MG_OK);
	OK(n == 14 && !strcmp(name, "api.openai.com"));
}

static void no_name_is_no_error(void)
{
	char raw[4096], name[HELLO_NAME_MAX + 1];
	size_t n = 9, len = greet(NULL, raw, sizeof(raw));

	OK(hello_name(slice(raw, len), name, &n) == MG_OK && n == 0);
}

static void every_prefix_asks_for_more(void)
{
	char raw[4096], name[HELLO_NAME_MAX + 1];
	size_t n, len = greet("x.test", raw, sizeof(raw)), asked = 0;

	for (size_t i = 0; i < len; i++)
		asked += hello_name(slice(raw, i), name, &n) == MG_EAGAIN;
	OK(asked == len);
}

static void records_of_one_byte_say_the_same(void)
{
	char raw[4096], small[32768], name[HELLO_NAME_MAX + 1];
	size_t n = 0, len = greet("x.test", raw, sizeof(raw));
	size_t all = cut(raw, len, 1, small);

	OK(hello_name(slice(small, all), name, &n) == MG_OK);
	OK(n == 6 && !strcmp(name, "x.test"));
}

static void early_data_behind_it_does_not_matter(void)
{
	char raw[4096], name[HELLO_NAME_MAX + 1];
	size_t n = 0, len = greet("x.test", raw, sizeof(raw));

	memcpy(raw + len, "\x17\x03\x03\x00\x01z", 6);
	OK(hello_name(slice(raw, len + 6), name, &n) == MG_OK && n == 6);
}

static void other_protocols_are_told_apart(void)
{
	char name[HELLO_NAME_MAX + 1];
	size_t n;

	OK(hello_name(slice_str("SSH-2.0-x\r\n"), name, &n) == MG_EPROTO);
	OK(hello_name(slice_str("G"), name, &n) == MG_EPROTO);
	OK(hello_name(slice("\x16\x03\x01\x00\x00", 5), name, &n) == MG_EPROTO);
	OK(hello_name(slice("\x16\x03\x01\x00\x01\x02", 6), name, &n) ==
	   MG_EPROTO);
	OK(hello_name(slice("\x16\x03\x01\x00\x04\x01\x7f\xff\xff", 9), name,
		      &n) == MG_ETOOBIG);
}

int main(void)
{
	RUN(name_is_read_in_lower_case);
	RUN(no_name_is_no_error);
	RUN(every_prefix_asks_for_more);
	RUN(records_of_one_byte_say_the_same);
	RUN(early_data_behind_it_does_not_matter);
	RUN(other_protocols_are_told_apart);
	return test_done();
}
