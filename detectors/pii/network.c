/* network.c - devices and their addresses. */
#include <ctype.h>
#include <string.h>

#include "base/slice.h"
#include "detectors/check/check.h"
#include "detectors/list.h"

static int confirm_ipv4(struct sight *s)
{
	uint32_t octet[4] = { 0 }, k = 0, digits = 0;

	/* A port or a prefix length may follow; a fifth number may not. */
	if ((s->from > 1 && strchr(".-", s->text[s->from - 1]) &&
	     isalnum((unsigned char)s->text[s->from - 2])) ||
	    (s->to + 1 < s->len && strchr(".-_", s->text[s->to]) &&
	     isalnum((unsigned char)s->text[s->to + 1])))
		return 0;

	for (uint32_t i = s->from; i < s->to; i++) {
		char c = s->text[i];

		if (c == '.') {
			k++;
			digits = 0;
			continue;
		}
		/* 10.01.2.3 is a version or a date, not an address. */
		if (digits++ == 1 && octet[k] == 0)
			return 0;
		octet[k] = octet[k] * 10 + (uint32_t)(c - '0');
		if (octet[k] > 255)
			return 0;
	}
	/* A machine's own name for itself, and nobody's, tell nothing. */
	if (octet[0] == 0 || octet[0] == 127 || octet[0] == 255)
		return 0;
	if (s->from > 0 &&
	    (s->text[s->from - 1] == 'v' || s->text[s->from - 1] == '='))
		return s->text[s->from - 1] == '=' ? 85 : 0;
	return 85;
}

static bool is_hex(char c)
{
	return isxdigit((unsigned char)c);
}

/* Counts groups of hex digits in [from, to); 0 when it is no address. */
static uint32_t count_groups(const char *at, uint32_t len, bool *gap)
{
	uint32_t groups = 0, digits = 0;

	*gap = false;
	for (uint32_t i = 0; i < len; i++) {
		if (at[i] != ':') {
			if (++digits > 4)
				return 0;
			groups += digits == 1;
			continue;
		}
		digits = 0;
		if (i + 1 < len && at[i + 1] == ':') {
			if (*gap)
				return 0;
			*gap = true;
			i++;
		} else if (i == 0 || i + 1 == len) {
			return 0;
		}
	}
	return groups;
}

static int confirm_ipv6(struct sight *s)
{
	uint32_t from = s->from, to = s->to;
	bool gap;

	while (from > 0 && s->from - from < 40 &&
	       (is_hex(s->text[from - 1]) || s->text[from - 1] == ':'))
		from--;
	while (to < s->len && to - s->from < 40 &&
	       (is_hex(s->text[to]) || s->text[to] == ':'))
		to++;
	while (to > from + 2 && s->text[to - 1] == ':' &&
	       s->text[to - 2] != ':')
		to--;
	if ((from > 0 && isalnum((unsigned char)s->text[from - 1])) ||
	    (to < s->len && isalnum((unsigned char)s->text[to])))
		return 0;

	uint32_t groups = count_groups(s->text + from, to - from, &gap);
	if (gap ? groups < 2 || groups > 7 : groups != 8)
		return 0;
	/* a1::b2 may be a name in a program; 2001::, fe80:: and fd.. are not */
	char first = s->text[from];
	if (gap && groups < 4 && first != '2' && first != 'f' && first != 'F')
		return 0;
	if (gap && groups < 4 && s->text[from + 3] != ':' &&
	    s->text[from + 4] != ':')
		return 0;
	s->from = from;
	s->to = to;
	return 95;
}

static int confirm_mac(struct sight *s)
{
	bool same = true;

	for (uint32_t i = 1; i < s->n; i++)
		same &= s->id[i] == s->id[0];
	return same ? 0 : 92;
}

static int confirm_uuid(struct sight *s)
{
	/* Variant 10xx and a version that exists. */
	return strchr("89AB", s->id[16]) && strchr("12345678", s->id[12]) ? 95
									  : 0;
}

static int confirm_luhn(struct sight *s)
{
	return check_luhn(s->id, s->n) && !check_is_dull(s->id, s->n) ? 70 : 0;
}

static bool is_vin(const char *id)
{
	uint32_t letters = 0;

	for (int i = 0; i < 17; i++) {
		letters += isalpha((unsigned char)id[i]) != 0;
		if (strchr("IOQ", id[i]))
			return false;
	}
	return letters > 1 && letters < 14 && isdigit((unsigned char)id[16]) &&
	       isdigit((unsigned char)id[15]);
}

static bool is_upper(const struct sight *s)
{
	for (uint32_t i = s->from; i < s->to; i++)
		if (islower((unsigned char)s->text[i]))
			return false;
	return true;
}

/* North American vehicles carry a check digit in the ninth place. */
static int confirm_vin(struct sight *s)
{
	static const int8_t weight[17] = { 8, 7, 6, 5, 4, 3, 2, 10, 0,
					   9, 8, 7, 6, 5, 4, 3, 2 };
	static const char value[] = "12345678.12345.7.923456789";
	int sum = 0;

	if (!is_vin(s->id) || !is_upper(s))
		return 0;
	for (int i = 0; i < 17; i++) {
		char c = s->id[i];
		sum += weight[i] * (isdigit((unsigned char)c)
					    ? c
					    : value[c - 'A']) -
		       weight[i] * '0';
	}
	return (sum % 11 == 10 ? 'X' : '0' + sum % 11) == s->id[8] ? 85 : 0;
}

static int confirm_vin_shape(struct sight *s)
{
	return is_vin(s->id) && is_upper(s) ? 60 : 0;
}

static const struct row rows[] = {
	{ "pii.ip_address", "IPv4 address", "pii.technical",
	  .alias = "ip_address IP_ADDRESS ipv4", .mask = "IP", .tier = 1,
	  .shape = "9{1,3}.9{1,3}.9{1,3}.9{1,3}", .flags = ROW_GLUED,
	  .confirm = confirm_ipv4,
	  .context = "ip|host|address|server|client|addr|dns|gateway",
	  .boost = 10,
	  .unless = "version|release|firmware|build|section|chapter",
	  .hit = { "from 203.0.113.77 at noon", "10.20.30.40:8080" },
	  .miss = { "127.0.0.1", "version 4.18.3.2" } },
	{ "pii.ipv6_address", "IPv6 address", "pii.technical",
	  .alias = "ip6_address ipv6", .mask = "IP6", .tier = 1, .max = 45,
	  .hook = HOOK_COLON, .confirm = confirm_ipv6,
	  .hit = { "2001:db8:85a3::8a2e:370:7334", "[fe80::1ff:fe23:4567]:80" },
	  .miss = { "12:30:45", "a1::b2" } },
	{ "pii.mac_address", "Hardware (MAC) address", "pii.technical",
	  .alias = "mac_address device_mac MAC_ADDRESS", .mask = "MAC",
	  .tier = 1,
	  .shape = "hh:hh:hh:hh:hh:hh|hh-hh-hh-hh-hh-hh|hhhh.hhhh.hhhh",
	  .confirm = confirm_mac,
	  .hit = { "d0:50:99:84:a2:a0", "D0-50-99-84-A2-A0" },
	  .miss = { "00:00:00:00:00:00", "d0:50:99:84:a2" } },
	{ "pii.uuid", "UUID", "- pii.technical", .alias = "uuid UUID guid",
	  .tier = 1, .shape = "h{8}-h{4}-h{4}-h{4}-h{12}",
	  .confirm = confirm_uuid,
	  .hit = { "550e8400-e29b-41d4-a716-446655440000",
		   "{deadbeef-cafe-4bad-8ace-00aa00bb00cc}" },
	  .miss = { "550e8400-e29b-91d4-a716-446655440000",
		    "550e8400-e29b-41d4-a716" } },
	{ "pii.imei", "Mobile equipment identity (IMEI)", "pii.technical",
	  .alias = "device_imei IMEI", .tier = 3,
	  .shape = "9{15}|99-999999-999999-9|99 999999 999999 9",
	  .flags = ROW_CONTEXT, .confirm = confirm_luhn,
	  .context = "imei|device|handset|equipment",
	  .hit = { "IMEI 490154203237518", "device: 35-209900-176148-1" },
	  .miss = { "IMEI 490154203237519", "490154203237518" } },
	{ "pii.vin", "Vehicle identification number", "pii.technical",
	  .alias = "vehicle_vin VIN", .tier = 3, .shape = "x{17}",
	  .confirm = confirm_vin, .context = "vin|vehicle|chassis|car",
	  .boost = 15, .hit = { "1M8GDM9AXKP042788", "VIN 1HGBH41JXMN109186" },
	  .miss = { "1M8GDM9A1KP042788", "1M8GDM9AXKPO42788" } },
	{ "pii.vin", .shape = "x{17}", .flags = ROW_CONTEXT,
	  .confirm = confirm_vin_shape,
	  .context = "vin|chassis|fahrgestellnummer|bastidor",
	  .hit = { "VIN: WVWZZZ1JZ3W386752", "chassis WDB9066331S123456" },
	  .miss = { "WVWZZZ1JZ3W386752", "VIN ABCDEFGHJKLMNPRST" } },
};

const struct family family_pii_network = {
	.name = "pii_network",
	.rows = rows,
	.count = ARRAY_LEN(rows),
};
