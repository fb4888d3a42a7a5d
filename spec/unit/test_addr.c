/* test_addr.c - addresses: reading them, and knowing the private ones. */
#include "base/slice.h"
#include "io/sock.h"
#include "test.h"

static const char *const readable[] = {
	"127.0.0.1:80", "[::1]:443", "*:8443", ":1", "localhost:9",
};

static const char *const unreadable[] = {
	"",           "127.0.0.1",  "127.0.0.1:", "127.0.0.1:65536",
	"::1:80",     "[::1]",      "[::1:80",    "1.2.3:80",
	"host:80",    "1.2.3.4:-1", "1.2.3.4:+1", "[1.2.3.4]:80",
	"1.2.3.4:8x",
};

static const char *const private[] = {
	"0.0.0.0:1",
	"10.1.2.3:1",
	"100.64.0.1:1",
	"100.127.255.255:1",
	"127.9.9.9:1",
	"169.254.169.254:1",
	"172.16.0.1:1",
	"172.31.255.255:1",
	"192.168.1.1:1",
	"198.18.0.1:1",
	"224.0.0.1:1",
	"255.255.255.255:1",
	"[::]:1",
	"[::1]:1",
	"[fe80::1]:1",
	"[fc00::1]:1",
	"[fd12::1]:1",
	"[ff02::1]:1",
	"[::ffff:10.0.0.1]:1",
	"[::ffff:127.0.0.1]:1",
	"[64:ff9b::a00:1]:1",
	"[2001:db8::1]:1",
	"[2002:a00:1::1]:1",
};

static const char *const public[] = {
	"1.1.1.1:1",         "8.8.8.8:1",           "100.63.255.255:1",
	"100.128.0.1:1",     "172.15.255.255:1",    "172.32.0.1:1",
	"11.0.0.1:1",        "[2606:4700::1111]:1", "[::ffff:8.8.8.8]:1",
	"223.255.255.255:1",
};

static void addresses_are_read_or_refused(void)
{
	union sock_addr addr;

	for (size_t i = 0; i < ARRAY_LEN(readable); i++)
		OK(sock_parse(readable[i], &addr) == MG_OK);
	for (size_t i = 0; i < ARRAY_LEN(unreadable); i++)
		OK(sock_parse(unreadable[i], &addr) == MG_EINVAL);
}

static void private_addresses_are_known(void)
{
	union sock_addr addr;

	for (size_t i = 0; i < ARRAY_LEN(private); i++)
		OK(sock_parse(private[i], &addr) == MG_OK &&
		   sock_addr_is_private(&addr));
	for (size_t i = 0; i < ARRAY_LEN(public); i++)
		OK(sock_parse(public[i], &addr) == MG_OK &&
		   !sock_addr_is_private(&addr));
}

int main(void)
{
	RUN(addresses_are_read_or_refused);
	RUN(private_addresses_are_known);
	return test_done();
}
