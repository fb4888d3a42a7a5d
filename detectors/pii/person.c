/* person.c - what is told about a person beside its name: birth, address. */
#include "detectors/pii/identity.h"

#define DATE                                                                   \
	"((?:[0-3]?[0-9][/.-][0-3]?[0-9][/.-](?:19|20)?[0-9]{2})|"             \
	"(?:(?:19|20)[0-9]{2}[/.-][01]?[0-9][/.-][0-3]?[0-9])|"                \
	"(?:[0-3]?[0-9](?:st|nd|rd|th|\\.)?(?: of| de)? " MONTH                \
	"\\.?,?(?: de| del)? (?:19|20)[0-9]{2})|"                              \
	"(?:" MONTH "\\.? [0-3]?[0-9](?:st|nd|rd|th)?,? (?:19|20)[0-9]{2}))"   \
	"(?![0-9/])"
#define MONTH                                                                  \
	"(?:jan(?:uary|uar|vier)?|feb(?:ruary|ruar)?|f\xc3\xa9vrier|"          \
	"mar(?:ch|s|zo|ço)?|m\xc3\xa4rz|apr(?:il|ile)?|avril|abril|may|mai|"  \
	"mayo|maggio|maio|jun(?:e|i|io|ho)?|juin|giugno|jul(?:y|i|io|ho)?|"    \
	"juillet|luglio|aug(?:ust)?|ao\xc3\xbbt|agosto|sep(?:t|tember|"        \
	"tembre|tiembre)?|settembre|setembro|oct(?:ober|obre|ubre)?|"          \
	"okt(?:ober)?|ottobre|outubro|nov(?:ember|embre|iembre|embro)?|"       \
	"dec(?:ember)?|dez(?:ember|embro)?|d\xc3\xa9"                          \
	"cembre|dicembre|"                                                     \
	"diciembre|enero|febrero|gennaio|febbraio|janeiro|fevereiro)"

static const struct row rows[] = {
	{ "pii.date_of_birth", "Date of birth, beside its name", "pii.personal",
	  "dob|d\\.o\\.b|birth|born|nacimiento|nacid|geburtsdatum|geboren|"
	  "naissance|nascita|nascimento|nacida|birthday",
	  "(?i)(?:dob|d\\.o\\.b\\.?|birth(?:[ _-]?date|day|dt)?|born|"
	  "nacimiento|nacid[oa]|geburtsdatum|geboren|naissance|nascita|"
	  "nascimento)[\"']?(?: (?:is|was|on|am|el|le|il|em))?"
	  "[\\s:=\"'(-]{1,6}(?:is |on |was )?" DATE,
	  .alias = "DATE_OF_BIRTH dob", .mask = "DATE_OF_BIRTH", .tier = 1,
	  .flags = ROW_CASELESS | ROW_INSIDE, .max = 96,
	  .hit = { "DOB: 12/04/1970", "date of birth is 4 January 1982" },
	  .miss = { "dob: unknown", "published 12/04/1970" } },
	{ "pii.date", "Calendar date", "- pii.personal", .alias = "date",
	  .shape = "99/99/9999|9999-99-99|99-99-9999|99.99.9999|9999/99/99",
	  .score = 60, .hit = { "on 12/04/1970", "2024-02-29" },
	  .miss = { "12/04", "2024-02" } },
	{ "pii.us_zip", "US postal code", "- pii.us pii.contact",
	  .alias = "zip_code zip", .mask = "ZIP", .tier = 3, .score = 50,
	  .shape = "9{5}|99999-9999", .flags = ROW_CONTEXT,
	  .context = "zip|zip code|zipcode|postal code|postal",
	  .hit = { "zip 90210", "postal code: 10001-1234" },
	  .miss = { "90210", "zip 9021" } },
};

const struct family family_pii_person = {
	.name = "pii_person",
	.rows = rows,
	.count = ARRAY_LEN(rows),
};
