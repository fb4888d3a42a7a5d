/* addr.c - addresses: reading them, and knowing the private ones. See sock.h.
 */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/slice.h"
#include "io/sock.h"

socklen_t sock_addr_len(const union sock_addr *addr)
{
	return addr->any.sa_family == AF_INET6 ? sizeof(addr->v6)
					       : sizeof(addr->v4);
}

int sock_parse(const char *text, union sock_addr *out)
{
	const char *colon = strrchr(text, ':');
	char host[INET6_ADDRSTRLEN + 2];
	uint64_t port;

	if (!colon || (size_t)(colon - text) >= sizeof(host))
		return MG_EINVAL;
	if (slice_number(slice_str(colon + 1), &port) < 0 || port > 65535)
		return MG_EINVAL;

	size_t len = (size_t)(colon - text);
	bool bracketed = len > 2 && text[0] == '[' && text[len - 1] == ']';
	if (bracketed) {
		text++;
		len -= 2;
	}
	memcpy(host, text, len);
	host[len] = '\0';
	if (!strcmp(host, "*") || !len)
		strcpy(host, "0.0.0.0");
	if (!strcmp(host, "localhost"))
		strcpy(host, "127.0.0.1");

	memset(out, 0, sizeof(*out));
	if (!bracketed && inet_pton(AF_INET, host, &out->v4.sin_addr) == 1) {
		out->v4.sin_family = AF_INET;
		out->v4.sin_port = htons((uint16_t)port);
		return MG_OK;
	}
	if (bracketed && inet_pton(AF_INET6, host, &out->v6.sin6_addr) == 1) {
		out->v6.sin6_family = AF_INET6;
		out->v6.sin6_port = htons((uint16_t)port);
		return MG_OK;
	}
	return MG_EINVAL;
}

struct range {
	uint32_t net;
	unsigned bits;
};

/* RFC 6890 and its kin: none of these is an AI service. */
static const struct range reserved[] = {
	{ 0x00000000, 8 },  /* this network */
	{ 0x0a000000, 8 },  /* RFC 1918 */
	{ 0x64400000, 10 }, /* carrier NAT */
	{ 0x7f000000, 8 },  /* loopback */
	{ 0xa9fe0000, 16 }, /* link-local, cloud metadata */
	{ 0xac100000, 12 }, /* RFC 1918 */
	{ 0xc0000000, 24 }, /* IETF */
	{ 0xc0000200, 24 }, /* documentation */
	{ 0xc0a80000, 16 }, /* RFC 1918 */
	{ 0xc6120000, 15 }, /* benchmarks */
	{ 0xc6336400, 24 }, /* documentation */
	{ 0xcb007100, 24 }, /* documentation */
	{ 0xe0000000, 3 },  /* multicast, reserved, broadcast */
};

static bool is_private4(uint32_t ip)
{
	for (size_t i = 0; i < ARRAY_LEN(reserved); i++)
		if (ip >> (32 - reserved[i].bits) ==
		    reserved[i].net >> (32 - reserved[i].bits))
			return true;
	return false;
}

bool sock_addr_is_private(const union sock_addr *addr)
{
	if (addr->any.sa_family == AF_INET)
		return is_private4(ntohl(addr->v4.sin_addr.s_addr));
	if (addr->any.sa_family != AF_INET6)
		return true;

	const uint8_t *ip = addr->v6.sin6_addr.s6_addr;
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	static const uint8_t nat64[12] = { 0x00, 0x64, 0xff, 0x9b };
	uint32_t tail;

	memcpy(&tail, ip + 12, 4);
	if (!memcmp(ip, mapped, 12) || !memcmp(ip, nat64, 12))
		return is_private4(ntohl(tail));
	/* Only global unicast (2000::/3) leads to the internet; 2001:db8::/32
	 * is documentation, 2002::/16 may wrap a private IPv4 address. */
	if (ip[0] >> 5 != 1)
		return true;
	if (ip[0] == 0x20 && ip[1] == 0x01 && ip[2] == 0x0d && ip[3] == 0xb8)
		return true;
	return ip[0] == 0x20 && ip[1] == 0x02;
}
