/* address.c - street addresses, by the word for a street.
 *
 *   46 Victoria Terrace, Hove BN3 2FL      a number, names, the word, a town
 *   Rua Augusta 46, 01305-100 Sao Paulo    the word, names, a number, a town
 *   Gartenstrasse 24, 22620 Passau         the word inside the name
 *
 * The word is the anchor; confirm reads back and on from it, within the line.
 */
#include <ctype.h>
#include <string.h>

#include "base/slice.h"
#include "detectors/list.h"

enum {
	NAMES_MAX = 40, /* bytes of names between a number and the word */
	TOWN_MAX = 48,  /* bytes read after the street for a town */
};

static bool is_name_byte(unsigned char c)
{
	return isalnum(c) || c >= 0x80 || c == '\'' || c == '.' || c == '-';
}

static uint32_t digits_at(const struct sight *s, uint32_t i)
{
	uint32_t n = 0;

	while (i + n < s->len && isdigit((unsigned char)s->text[i + n]))
		n++;
	return n;
}

/* ", Hove BN3 2FL", ", Portland, OR 97205", ", 22620 Passau": what follows a
 * street up to a postal code and the town beside it. */
static uint32_t town_end(const struct sight *s, uint32_t i)
{
	uint32_t end = i, from = i;
	bool code = false;

	while (i < s->len && i - from < TOWN_MAX) {
		if (s->text[i] != ',' && s->text[i] != ' ')
			break;
		while (i < s->len && (s->text[i] == ',' || s->text[i] == ' '))
			i++;
		uint32_t word = i, digits = 0;
		while (i < s->len && is_name_byte((unsigned char)s->text[i]))
			digits += isdigit((unsigned char)s->text[i++]) != 0;
		if (i == word ||
		    (!digits && islower((unsigned char)s->text[word])))
			break;
		if (code && digits && i - word != 3)
			break;
		bool was = code;
		code |= digits > 0;
		/* A British code is two words; a town may follow a code. */
		end = i;
		if (was && !digits)
			break;
	}
	while (end > from && s->text[end - 1] == '.')
		end--;
	return code ? end : from;
}

/* Words that begin with a capital, and before them a number. */
static int confirm_number_first(struct sight *s)
{
	uint32_t i = s->from, words = 0;

	if (s->to < s->len && isalpha((unsigned char)s->text[s->to]))
		return 0;
	while (i > 0 && s->from - i < NAMES_MAX) {
		uint32_t end = i;

		while (i > 0 && is_name_byte((unsigned char)s->text[i - 1]))
			i--;
		if (i == end)
			return 0;
		if (isdigit((unsigned char)s->text[i])) {
			uint32_t n = digits_at(s, i);

			if (!words || n > 5 || end - i > n + 1)
				return 0;
			s->from = i;
			s->to = town_end(s, s->to);
			return s->row->score;
		}
		if (islower((unsigned char)s->text[i]) || ++words > 3)
			return 0;
		if (i == 0 || s->text[i - 1] != ' ')
			return 0;
		i--;
	}
	return 0;
}

/* Names after the word, and a number. */
static int confirm_word_first(struct sight *s)
{
	uint32_t i = s->to, capitals = 0;

	while (i < s->len && i - s->to < NAMES_MAX) {
		uint32_t word = i;

		while (i < s->len && is_name_byte((unsigned char)s->text[i]))
			i++;
		if (i == word)
			return 0;
		uint32_t n = digits_at(s, word);
		if (n) {
			if (!capitals || n > 4 || i - word > n + 1)
				return 0;
			s->to = town_end(s, i);
			return s->row->score;
		}
		capitals += !islower((unsigned char)s->text[word]);
		if (i < s->len && s->text[i] == ',')
			i++;
		if (i >= s->len || s->text[i] != ' ')
			return 0;
		i++;
	}
	return 0;
}

/* Gartenstrasse 24: the anchor ends before the number. */
static int confirm_word_inside(struct sight *s)
{
	uint32_t n = digits_at(s, s->to), from = s->from;

	while (from > 0 && is_name_byte((unsigned char)s->text[from - 1]))
		from--;
	if (!n || n > 4 || islower((unsigned char)s->text[from]) ||
	    s->from - from < 2)
		return 0;
	s->from = from;
	s->to += n;
	if (s->to < s->len && isalpha((unsigned char)s->text[s->to]))
		s->to++;
	if (s->to < s->len && isalnum((unsigned char)s->text[s->to]))
		return 0;
	s->to = town_end(s, s->to);
	return s->row->score;
}

static const struct row rows[] = {
	{ "pii.street_address", "Street address", "pii.contact",
	  " Street| Avenue| Road| Lane| Drive| Boulevard| Terrace| Court|"
	  " Square| Close| Crescent| Highway| Parkway| Way,| St,| Ave,| Rd,|"
	  " St\\.| Ave\\.| Rd\\.| Blvd| Dr,| Ln,",
	  .alias = "address STREET_ADDRESS", .mask = "ADDRESS",
	  .flags = ROW_INSIDE, .score = 75, .max = 120,
	  .confirm = confirm_number_first,
	  .hit = { "at 46 Victoria Terrace, Hove BN3 2FL.",
		   "704 Harbor View Drive, Boise, ID 83702" },
	  .miss = { "the Long Street", "in 3 days Abbey Roads" } },
	{ "pii.street_address", NULL, NULL,
	  "Rua |Avenida |Calle |Plaza |Paseo |Via |Viale |Piazza |Corso |"
	  "Travessa |Carrer |ul\\. |ulica |Am |An der |Im ",
	  .score = 70, .max = 120, .confirm = confirm_word_first,
	  .hit = { "mora em Rua do Sol 199, 1200-192 Lisboa",
		   "Calle Mayor 12" },
	  .miss = { "Via email 12", "Rua abaixo" } },
	{ "pii.street_address", NULL, NULL,
	  "stra\xc3\x9f"
	  "e |strasse |str\\. |weg |platz |allee |gasse |gatan |vej |straat |"
	  "laan |gracht |tie ",
	  .flags = ROW_INSIDE, .score = 70, .max = 120,
	  .confirm = confirm_word_inside,
	  .hit = { "Gartenstra\xc3\x9f"
		   "e 24, 22620 Passau",
		   "Kirchplatz 138" },
	  .miss = { "weg 24", "unterwegs 24 Stunden" } },
};

const struct family family_pii_address = {
	.name = "pii_address",
	.rows = rows,
	.count = ARRAY_LEN(rows),
};
