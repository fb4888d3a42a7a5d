/* contact.c - how to reach a person: e-mail addresses and telephone numbers. */
#include <ctype.h>
#include <string.h>

#include "base/slice.h"
#include "detectors/check/check.h"
#include "detectors/list.h"

enum { LOCAL_MAX = 64, DOMAIN_MAX = 253 };

static bool is_local(char c)
{
	return isalnum((unsigned char)c) || (c && strchr("._%+-'", c));
}

/* "icon@2x.png" is a file, not a mailbox. */
static bool is_file_ending(const char *at, uint32_t len)
{
	static const char *const ending[] = { "png", "jpg",  "jpeg", "gif",
					      "svg", "webp", "css",  "js",
					      "ts",  "json", "py",   "html" };

	for (size_t i = 0; i < ARRAY_LEN(ending); i++)
		if (slice_is_caseless(slice(at, len), ending[i]))
			return true;
	return false;
}

/* Where the domain after '@' ends; 0 when it is none. */
static uint32_t domain_end(const struct sight *s, uint32_t at)
{
	uint32_t i = at, label = at, dots = 0;

	for (; i < s->len && i - at < DOMAIN_MAX; i++) {
		char c = s->text[i];

		if (c == '.' && i > label && i + 1 < s->len &&
		    isalnum((unsigned char)s->text[i + 1])) {
			dots++;
			label = i + 1;
		} else if (!isalnum((unsigned char)c) && c != '-') {
			break;
		}
	}
	while (i > label && s->text[i - 1] == '-')
		i--;
	if (!dots || i - label < 2)
		return 0;
	for (uint32_t k = label; k < i; k++)
		if (!isalpha((unsigned char)s->text[k]) &&
		    (i - label < 5 || memcmp(s->text + label, "xn--", 4)))
			return 0;
	return is_file_ending(s->text + label, i - label) ? 0 : i;
}

/* user:password@host in a URL, and git@host:path, are not mailboxes. */
static bool is_login(const struct sight *s, uint32_t from, uint32_t to)
{
	if (from > 0 && (s->text[from - 1] == ':' || s->text[from - 1] == '/'))
		for (uint32_t i = from, n = 0; i > 2 && n < 100; i--, n++) {
			if (isspace((unsigned char)s->text[i - 1]))
				break;
			if (!memcmp(s->text + i - 3, "://", 3))
				return true;
		}
	return to < s->len && s->text[to] == ':' && to + 1 < s->len &&
	       isalpha((unsigned char)s->text[to + 1]) && s->from - from == 3 &&
	       !memcmp(s->text + from, "git", 3);
}

static int confirm_email(struct sight *s)
{
	uint32_t from = s->from, to;

	while (from > 0 && s->from - from <= LOCAL_MAX &&
	       is_local(s->text[from - 1]))
		from--;
	while (from < s->from && strchr(".'-%", s->text[from]))
		from++;
	if (from == s->from || s->from - from > LOCAL_MAX ||
	    s->text[s->from - 1] == '.')
		return 0;
	to = domain_end(s, s->from + 1);
	if (!to || is_login(s, from, to))
		return 0;
	s->from = from;
	s->to = to;
	return 98;
}

/* Reads on from `i` over digits and single separators; how many digits. */
static uint32_t read_phone(const struct sight *s, uint32_t i, char *digits,
			   uint32_t max, uint32_t *end)
{
	uint32_t n = 0, gap = 0;

	*end = i;
	for (; i < s->len; i++) {
		char c = s->text[i];

		if (isdigit((unsigned char)c)) {
			if (n == max)
				return max + 1;
			digits[n++] = c;
			gap = 0;
			*end = i + 1;
		} else if (c && strchr(" -.()/", c) && ++gap <= 3) {
			continue;
		} else {
			break;
		}
	}
	return n;
}

/* +CC and 7 to 14 more digits. */
static int confirm_plus(struct sight *s)
{
	char digits[16];
	uint32_t plus = s->from - 1, end;

	if (s->text[plus] == '(')
		plus--;
	if (plus > 0 && (isalnum((unsigned char)s->text[plus - 1]) ||
			 s->text[plus - 1] == '/' || s->text[plus - 1] == '+'))
		return 0;
	uint32_t n = read_phone(s, s->from, digits, 15, &end);
	if (n < 8 || n > 15 || digits[0] == '0' || check_is_dull(digits, n))
		return 0;
	if (digits[0] == '1' && (n != 11 || digits[1] < '2'))
		return 0;
	if (end < s->len && isalnum((unsigned char)s->text[end]))
		return 0;
	s->from = plus;
	s->to = end;
	return 95;
}

static bool is_nanp(const char *d)
{
	return d[0] >= '2' && d[3] >= '2' && !(d[1] == '1' && d[2] == '1') &&
	       !(d[4] == '1' && d[5] == '1');
}

/* (212) 555-0137, (020) 7946 0018 */
static int confirm_paren(struct sight *s)
{
	char digits[16];
	uint32_t end;

	if (s->to - s->from > 5 || s->to - s->from < 2 || s->to >= s->len ||
	    s->text[s->to] != ')')
		return 0;
	uint32_t area = s->to - s->from;
	uint32_t n = read_phone(s, s->from, digits, 12, &end);
	if (n < 8 || n > 12 || end <= s->to ||
	    (end < s->len && isalnum((unsigned char)s->text[end])))
		return 0;
	if (!(n == 10 && area == 3 && is_nanp(digits)) && digits[0] != '0')
		return 0;
	s->from--;
	s->to = end;
	return 85;
}

static int confirm_nanp(struct sight *s)
{
	const char *d = s->id;

	if (s->n == 11 && *d++ != '1')
		return 0;
	return is_nanp(d) && !check_is_dull(d, 10) ? s->row->score : 0;
}

static int confirm_national(struct sight *s)
{
	return check_is_dull(s->id, s->n) ? 0 : s->row->score;
}

#define PHONE_WORDS                                                              \
	"phone|phones|telephone|tel|mobile|cell|cellphone|call|called|fax|"      \
	"dial|whatsapp|sms|contact|reach|ring|hotline|handy|telefon|"            \
	"telefono|teléfono|móvil|movil|téléphone|portable|telefone|celular|" \
	"cellulare|telefoon|bellen|bel|llama|llámame|appelle|rufen|chiama|"     \
	"numer|nummer|número de teléfono"
#define NOT_PHONE                                                              \
	"part|part number|order|tracking|sku|serial|invoice|ticket|version|"   \
	"isbn|ean|commit|build|iban|ssn|passport|account|card"

static const struct row rows[] = {
	{
		.name = "pii.email",
		.about = "E-mail address",
		.alias = "email EMAIL_ADDRESS",
		.groups = "pii.contact",
		.tier = 1,
		.max = LOCAL_MAX + 1 + DOMAIN_MAX,
		.hook = HOOK_AT,
		.confirm = confirm_email,
		.hit = { "write to ann.lee+x@mail.example.com today",
			 "<o'neil@example.org>" },
		.miss = { "icon@2x.png", "git@github.com:org/repo" },
	},
	{
		.name = "pii.phone",
		.about = "Telephone number: international, North American, "
			 "or national with context",
		.alias = "phone_number phone PHONE_NUMBER spanish_phone",
		.groups = "pii.contact",
		.tier = 3,
		.max = 40,
		.hook = HOOK_PLUS,
		.confirm = confirm_plus,
		.hit = { "ring +44 20 7946 0018 now", "+1 (212) 555-0137" },
		.miss = { "a+12345678901", "+11 111 111 111" },
	},
	{
		.name = "pii.phone",
		.max = 40,
		.hook = HOOK_PAREN,
		.confirm = confirm_paren,
		.hit = { "(212) 555-0137", "office (020) 7946 0018" },
		.miss = { "f(123) 456", "(199) 555-0137" },
	},
	{
		.name = "pii.phone",
		.shape = "999-999-9999|999.999.9999|999 999 9999|"
			 "9-999-999-9999|9 999 999 9999|9.999.999.9999|"
			 "999 999-9999|9 999-999-9999",
		.confirm = confirm_nanp,
		.score = 60,
		.context = PHONE_WORDS,
		.unless = NOT_PHONE,
		.hit = { "212-555-0137 is the desk", "call 1-415-555-2671" },
		.miss = { "part number 536-606-3810", "112-555-0137" },
	},
	{
		.name = "pii.phone",
		.shape = "9{9,11}|9{2,5}~9{4,8}|9{2,4}~9{3,4}~9{3,4}|"
			 "99~99~99~99~99|9999~99~99~99|999~99~99~99|"
			 "9{2,5}/9{4,8}",
		.confirm = confirm_national,
		.score = 40,
		.flags = ROW_CONTEXT | ROW_CLOSE,
		.context = PHONE_WORDS,
		.unless = NOT_PHONE,
		.hit = { "Tel. 07700 900188", "llama al móvil 612 345 678" },
		.miss = { "07700 900188 units sold", "phone 111111111" },
	},
};

const struct family family_pii_contact = {
	.name = "pii_contact",
	.rows = rows,
	.count = ARRAY_LEN(rows),
};
