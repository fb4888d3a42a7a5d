/* generic.c - secrets that no vendor's prefix gives away: keys in armour, what
 * is assigned to a word like "password", credentials in URLs and headers. */
#include <ctype.h>
#include <string.h>

#include "base/hash.h"
#include "base/slice.h"
#include "detectors/check/check.h"
#include "detectors/list.h"
#include "detectors/value.h"

/* What a value is made of. */
struct made_of {
	uint32_t lower;
	uint32_t upper;
	uint32_t digits;
	uint32_t spaces;
	uint32_t words;   /* '_', '-', '.' and the like: joins of names */
	uint32_t symbols; /* everything else */
};

static struct made_of made_of(const char *at, uint32_t len)
{
	struct made_of m = { 0 };

	for (uint32_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)at[i];

		m.lower += islower(c) != 0;
		m.upper += isupper(c) != 0;
		m.digits += isdigit(c) != 0;
		m.spaces += isspace(c) != 0;
		if (c == '_' || c == '-' || c == '.' || c == '/')
			m.words++;
		else if (!isalnum(c) && !isspace(c))
			m.symbols++;
	}
	return m;
}

static bool is_quoted(const struct sight *s)
{
	return s->from > 0 && s->text[s->from - 1] &&
	       strchr("\"'`", s->text[s->from - 1]);
}

/* `password = getPassword()`, `password: string`, `pwd=$1` are no secrets. */
static int confirm_password(struct sight *s)
{
	const char *at = s->text + s->from;
	uint32_t len = s->to - s->from;
	bool quoted = is_quoted(s);

	while (!quoted && len > 0 && strchr(".,;:!?)", at[len - 1]))
		len--;
	if (len < 4)
		return 0;
	s->to = s->from + len;

	struct made_of m = made_of(at, len);
	char after = s->to < s->len ? s->text[s->to] : '\0';
	bool mixed = m.digits || m.symbols || (m.upper && m.lower);

	if (m.spaces && (!quoted || m.spaces > 6 || !m.digits))
		return 0;
	if (!quoted && (after == '(' || after == '[' || after == '.'))
		return 0;
	/* "enter-password", "#add-password" name a field. */
	if (!m.digits && memmem(at, len, "assw", 4))
		return 0;
	/* A bare word is a name in a program, or a label; after DB_PASSWORD=
	 * it is a value. */
	if (!quoted && !m.digits && !m.symbols)
		return s->from > 1 && s->text[s->from - 1] == '=' &&
				       isupper((unsigned char)
						       s->text[s->from - 2]) &&
				       !m.words && !m.upper && len >= 8
			       ? 60
			       : 0;
	if (!quoted && m.words && !m.symbols && m.digits < 2)
		return 0;
	if (quoted && !mixed && (m.words || len < 6 || len > 24))
		return 0;
	if (quoted && m.upper && m.lower && !m.digits && !m.symbols &&
	    !m.words && m.upper == 1 && isupper((unsigned char)at[0]))
		return 0; /* "Password", "Required" */
	if (m.symbols > len / 2 || memmem(at, len, "${", 2) ||
	    memmem(at, len, "{{", 2) || memmem(at, len, "()", 2))
		return 0;
	return m.digits && (m.symbols || (m.upper && m.lower)) ? 92 : 80;
}

/* The value must look drawn by lot: letters, digits, and enough of them. */
static int confirm_key(struct sight *s)
{
	const char *at = s->text + s->from;
	struct made_of m = made_of(at, s->to - s->from);
	uint32_t letters = m.upper + m.lower;

	if (m.digits < 2 || letters < 4 || m.spaces)
		return 0;
	/* Names, paths and versions hold their words apart. */
	if (m.words > 3 && m.words * 6 > s->to - s->from)
		return 0;
	if (memmem(at, s->to - s->from, "://", 3) || at[0] == '/')
		return 0;
	return 80;
}

/* scheme://user:password@host... with the scheme taken in. */
static int confirm_url(struct sight *s)
{
	uint32_t from = s->from, colon = s->from + 3, sign;

	while (from > 0 && s->from - from < 20 &&
	       (isalnum((unsigned char)s->text[from - 1]) ||
		strchr("+-.", s->text[from - 1])))
		from--;
	if (from == s->from)
		return 0;
	while (s->text[colon] != ':')
		colon++;
	/* The last '@' before the path ends the password. */
	for (sign = s->to; s->text[sign - 1] != '@'; sign--)
		if (sign <= colon + 1)
			return 0;
	if (value_is_placeholder(slice(s->text + colon + 1, sign - colon - 2)))
		return 0;
	s->from = from;
	while (s->to > sign && strchr(".,;:)]}", s->text[s->to - 1]))
		s->to--;
	return 95;
}

static int confirm_basic(struct sight *s)
{
	unsigned char out[320];
	int len = hash_base64_decode(slice(s->text + s->from, s->to - s->from),
				     out, sizeof(out));

	for (int i = 0; i < len; i++)
		if (!isprint(out[i]))
			return 0;
	return len > 4 && memchr(out + 1, ':', (size_t)len - 2) ? 95 : 0;
}

/* The first part is JSON with an "alg". */
static int confirm_jwt(struct sight *s)
{
	unsigned char out[1024];
	const char *at = s->text + s->from;
	const char *dot = memchr(at, '.', s->to - s->from);

	if (!dot)
		return 0;
	int len = hash_base64_decode(slice(at, (size_t)(dot - at)), out,
				     sizeof(out));
	return len > 8 && out[0] == '{' &&
			       (memmem(out, (size_t)len, "\"alg\"", 5) ||
				memmem(out, (size_t)len, "\"enc\"", 5))
		       ? 97
		       : 0;
}

static int confirm_wif(struct sight *s)
{
	unsigned char version;
	int len = check_base58(s->text + s->from, s->to - s->from, &version);

	return (len == 33 || len == 34) && version == 0x80 ? 99 : 0;
}

#define ASSIGN "[\"'`\\])]{0,2}[ \\t]{0,4}(?:=>|:=|={1,3}|:|\\?=)[ \\t]{0,4}"
#define VALUE(min)                                                             \
	"(?|\"([^\"\\r\\n]{" min ",200})\"|'([^'\\r\\n]{" min ",200})'|"       \
	"`([^`\\r\\n]{" min ",200})`|"                                         \
	"([^\\s\"'`,;<>{}()\\[\\]&|]{" min ",200}))"

static const struct row rows[] = {
	{ "secret.private_key",
	  "Private key in PEM or OpenPGP armour (RSA, EC, DSA, SSH, PKCS#8)",
	  "secret.key", "-----BEGIN ",
	  "-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----"
	  "(?:[\\s\\S]{16,4000}?-----END (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY"
	  "(?: BLOCK)?-----|[A-Za-z0-9+/=\\s\\\\]{64,4000})",
	  .alias = "private_key PRIVATE_KEY", .flags = ROW_INSIDE, .max = 4096,
	  .score = 99,
	  .hit = { "-----BEGIN RSA PRIVATE KEY-----\nMII{64:/}\n"
		   "-----END RSA PRIVATE KEY-----",
		   "-----BEGIN OPENSSH PRIVATE KEY-----\n{70:/}\n{70:/}" },
	  .miss = { "-----BEGIN PUBLIC KEY-----\n{64:/}",
		    "-----BEGIN RSA PRIVATE KEY-----\n..." } },
	{ "secret.private_key", NULL, NULL, "PuTTY-User-Key-File-",
	  "PuTTY-User-Key-File-[23]: [\\s\\S]{20,4000}?Private-MAC: "
	  "[0-9a-f]{40,64}",
	  .score = 99,
	  .hit = { "PuTTY-User-Key-File-2: ssh-rsa\nPrivate-Lines: 1\n"
		   "{64:/}\nPrivate-MAC: {40:h}",
		   "PuTTY-User-Key-File-3: ssh-ed25519\n{64:/}\n"
		   "Private-MAC: {64:h}" },
	  .miss = { "PuTTY-User-Key-File-2: ssh-rsa",
		    "PuTTY-User-Key-File-9: x Private-MAC: {40:h}" } },
	{ "secret.private_key", NULL, NULL, "AGE-SECRET-KEY-1",
	  "AGE-SECRET-KEY-1[AC-HJ-NP-Z02-9]{58}", .score = 99,
	  .hit = { "AGE-SECRET-KEY-1QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7LQPZRY9X8"
		   "GF2TVDW0S3JN54KHCE",
		   "key=AGE-SECRET-KEY-1LQPZRY9X8GF2TVDW0S3JN54KHCE6MUA7LQPZR"
		   "Y9X8GF2TVDW0S3JN54KHC" },
	  .miss = { "AGE-SECRET-KEY-1QPZRY9X8",
		    "AGE-PUBLIC-KEY-1QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7LQPZRY9X8"
		    "GF2TVDW0S3JN54KHCE" } },
	{ "secret.private_key", NULL, NULL, "LS0tLS1CRUdJTi",
	  "LS0tLS1CRUdJTi[A-Za-z0-9+/]{60,4000}={0,2}", .max = 4096,
	  .hit = { "LS0tLS1CRUdJTi{64:/}", "data: LS0tLS1CRUdJTi{90:/}=" },
	  .miss = { "LS0tLS1CRUdJTi{20:/}", "xLS0tLS1CRUdJTi{64:/}" } },
	{ "secret.private_key", NULL, NULL, "PrivateKey",
	  "PrivateKey\\s?=\\s?([A-Za-z0-9+/]{43}=)",
	  .hit = { "PrivateKey = {43:/}=", "[Interface]\nPrivateKey={43:/}=" },
	  .miss = { "PrivateKey = {20:/}=", "PublicKey = {43:/}=" } },
	{ "secret.private_key", NULL, NULL, "\"kty\"",
	  "\"kty\"\\s{0,3}:\\s{0,3}\"[A-Za-z]{2,3}\"[^{}]{0,3000}?"
	  "\"d\"\\s{0,3}:\\s{0,3}\"([A-Za-z0-9_-]{20,1000})\"",
	  .flags = ROW_INSIDE,
	  .hit = { "{\"kty\":\"EC\",\"crv\":\"P-256\",\"d\":\"{43:b}\"}",
		   "{\"kty\": \"RSA\", \"n\": \"{40:b}\", \"d\": \"{86:b}\"}" },
	  .miss = { "{\"kty\":\"EC\",\"x\":\"{43:b}\"}",
		    "{\"kty\":\"EC\",\"d\":\"short\"}" } },
	{ "secret.bitcoin_private_key",
	  "Bitcoin private key (WIF) or extended key", "secret.key pii.crypto",
	  .alias = "CRYPTO_PRIVATE_KEY", .shape = "x{51,52}",
	  .confirm = confirm_wif,
	  .hit = { "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ",
		   "KwdMAjGmerYanjeui5SHS7JkmpZvVipYvB2LJGU1ZxJwYvP98617" },
	  .miss = { "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTK",
		    "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvb" } },
	{ "secret.jwt", "JSON Web Token", "secret.token", "eyJ",
	  "eyJ[A-Za-z0-9_-]{10,1000}\\.[A-Za-z0-9_-]{4,6000}"
	  "(?:\\.[A-Za-z0-9_-]{10,1200}){1,3}",
	  .alias = "jwt_token JWT jwt", .flags = ROW_TIGHT, .max = 4096,
	  .confirm = confirm_jwt,
	  .hit = { "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.{43:b}",
		   "Bearer eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9."
		   "eyJpc3MiOiJqb2UifQ.{80:b}" },
	  .miss = { "eyJ{30:w}.eyJzdWIiOiIxIn0.{43:w}",
		    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0" } },
	{ "secret.password", "Password assigned, or told in a sentence",
	  "secret.password",
	  "password|passwd|passwort|passphrase|passcode|pwd|contrase|senha",
	  "(?i)(?:pass(?:word|wd|phrase|wort|code)s?|pwd|contrase(?:ñ|n)a|"
	  "senha)[\\w.-]{0,20}" ASSIGN VALUE("4"),
	  .alias = "password PASSWORD_CONTEXT PASSWORD",
	  .flags = ROW_CASELESS | ROW_INSIDE | ROW_SECRET, .max = 260,
	  .confirm = confirm_password,
	  .hit = { "DB_PASSWORD=tr0ub4dor&3", "\"pwd\": \"Winter-2031!\"" },
	  .miss = { "password: string", "password = \"changeme\"" } },
	{ "secret.password", NULL, NULL,
	  "password|passwd|passwort|passphrase|passcode|pwd|contrase",
	  "(?i)(?:pass(?:word|wd|phrase|wort|code)|pwd|contrase(?:ñ|n)a)"
	  "(?: for [\\w@.-]{1,40})? (?:is|was|ist|es)(?: now)?:?\\s{1,2}" VALUE(
		  "5"),
	  .flags = ROW_CASELESS | ROW_INSIDE | ROW_SECRET, .max = 260,
	  .confirm = confirm_password,
	  .hit = { "my password is hunter22!",
		   "das Passwort ist \"Regen7ag\"" },
	  .miss = { "the password is wrong", "your password is ${PASSWORD}" } },
	{ "secret.password", NULL, NULL, "pw:|pw=|pw :|pass:|pass=|pswd",
	  "(?i)(?:pw|pass|pswd)[ \\t]{0,2}[:=][ \\t]{0,4}" VALUE("5"),
	  .flags = ROW_CASELESS | ROW_SECRET, .max = 260,
	  .confirm = confirm_password,
	  .hit = { "ID:master PW:dipPr11Gg!", "user ann, pass: tr0ub4dor&3" },
	  .miss = { "pw: short", "pass: the exam" } },
	{ "secret.password", NULL, NULL,
	  "-password|--passwd|--pass|--passphrase",
	  "(?i)-{1,2}pass(?:word|wd|phrase)?[ =]{1,2}" VALUE("4"),
	  .flags = ROW_CASELESS | ROW_INSIDE | ROW_SECRET, .max = 260,
	  .confirm = confirm_password,
	  .hit = { "connect -user x -password VMware1!",
		   "db --password=tr0ub4dor" },
	  .miss = { "read --password-stdin now", "--password $PW" } },
	{ "secret.generic_key",
	  "Value of high entropy assigned to a word for a secret",
	  "secret.generic",
	  "secret|token|api_key|apikey|api-key|api key|access_key|access-key|"
	  "accesskey|auth_key|authkey|credential|private_key|signing_key|"
	  "encryption_key|auth_token|account_key|accountkey|master_key",
	  "(?i)(?:secret|token|(?:api|access|auth|account|private|signing|"
	  "encryption|master)[ _-]?key|credential)[\\w.-]{0,24}" ASSIGN
	  "(?|\"([^\"\\s]{16,200})\"|'([^'\\s]{16,200})'|"
	  "([A-Za-z0-9_.+/=~-]{16,200}))",
	  .alias = "api_key API_KEY access_token",
	  .flags = ROW_CASELESS | ROW_INSIDE | ROW_SECRET | ROW_YIELDS,
	  .tier = 2, .entropy = 35, .max = 260, .confirm = confirm_key,
	  .hit = { "api_key = \"{32:w}\"", "CLIENT_SECRET: {40:w}" },
	  .miss = { "token = next_token_from_stream", "secret: \"{12:w}\"" } },
	{ "secret.connection_string", "URL with a password in it",
	  "secret.password secret.url", "://",
	  "://[^\\s:/@\"'<>]{0,64}:[^\\s/\"'<>]{3,128}@[A-Za-z0-9_\\[$]"
	  "[^\\s\"'<>`]{0,200}",
	  .alias = "url_credentials DB_URL", .flags = ROW_INSIDE, .max = 440,
	  .confirm = confirm_url,
	  .hit = { "postgres://svc:mFh8rKLkX4ww@db.internal:5432/x",
		   "redis://:s3cr3tHorse@cache:6379" },
	  .miss = { "https://example.com:8080/a@b", "mysql://u:${PW}@db/x" } },
	{ "secret.basic_auth", "HTTP Basic credentials", "secret.password",
	  "basic ", "(?i)basic\\s([A-Za-z0-9+/]{8,400}={0,2})",
	  .flags = ROW_CASELESS | ROW_EXAMPLES_TOO, .confirm = confirm_basic,
	  .max = 420,
	  .hit = { "Authorization: Basic YW5uOnRvcHNlY3JldA==",
		   "basic am9lOmh1bnRlcjIyMjI=" },
	  .miss = { "Basic programming", "Basic YW5udG9wc2VjcmV0" } },
	{ "secret.bearer_token", "Bearer token in a header", "secret.token",
	  "bearer ", "(?i)bearer\\s{1,3}([A-Za-z0-9._~+/-]{20,2000}={0,2})",
	  .alias = "bearer_token",
	  .flags = ROW_CASELESS | ROW_SECRET | ROW_YIELDS, .entropy = 32,
	  .confirm = confirm_key, .score = 85, .max = 2048,
	  .hit = { "Authorization: Bearer {40:w}", "bearer {24:w}" },
	  .miss = { "the bearer of this letter", "Bearer {10:w}" } },
	{ "secret.curl_credentials", "User and password on a command line",
	  "secret.password", "curl ",
	  "curl\\s[^\\n]{0,200}?(?:-u|--user)[ =]?[\"']?[^\\s:\"'<>$]{1,64}:"
	  "([^\\s\"'<>]{3,100})",
	  .flags = ROW_SECRET, .max = 400,
	  .hit = { "curl -u ann:tops3cret https://x.example",
		   "curl -s --user joe:hunter22 http://h/" },
	  .miss = { "curl https://x.example", "curl -u ann:$PASS http://h" } },
	{ "secret.netrc", "Password in a netrc file", "secret.password",
	  "machine ",
	  "machine\\s{1,4}\\S{1,100}\\s{1,8}login\\s{1,4}\\S{1,100}\\s{1,8}"
	  "password\\s{1,4}(\\S{4,100})",
	  .flags = ROW_SECRET, .max = 400,
	  .hit = { "machine h login ann password tops3cret",
		   "machine a.example\n login joe\n password hunter22" },
	  .miss = { "machine learning", "machine h login ann password <pw>" } },
	{ "secret.password_hash",
	  "Password hash (bcrypt, crypt, Argon2, scrypt)", "secret.password",
	  "\\$2[aby]\\$|\\$[56]\\$|\\$y\\$|\\$argon2|\\$apr1\\$|\\$1\\$",
	  "\\$(?:2[aby]\\$[0-9]{2}\\$[./A-Za-z0-9]{53}|"
	  "[56]\\$(?:rounds=[0-9]{1,9}\\$)?[./A-Za-z0-9]{1,16}\\$"
	  "[./A-Za-z0-9]{43,86}|y\\$[./A-Za-z0-9]{1,8}\\$[./A-Za-z0-9]{10,86}"
	  "\\$[./A-Za-z0-9]{43}|argon2id?\\$v=[0-9]{1,3}\\$[a-z0-9=,]{5,40}\\$"
	  "[A-Za-z0-9+/]{10,90}\\$[A-Za-z0-9+/]{20,120}|"
	  "(?:apr1|1)\\$[./A-Za-z0-9]{1,8}\\$[./A-Za-z0-9]{22})",
	  .tier = 2, .score = 85, .flags = ROW_INSIDE, .max = 300,
	  .hit = { "$2b$12${53:w}", "root:$6${16:w}${86:w}:19000:" },
	  .miss = { "$2b$12${20:w}", "costs $5$ or $6$" } },
	{ "secret.otp_seed", "One-time password seed", "secret.key",
	  "otpauth://",
	  "otpauth://[a-z]{4}/[^\\s\"']{0,200}?secret=([A-Z2-7]{16,64})",
	  .max = 300,
	  .hit = { "otpauth://totp/X:ann?secret={32:2}&issuer=X",
		   "otpauth://hotp/a?secret={16:2}" },
	  .miss = { "otpauth://totp/X", "otpauth://totp/a?secret=ABC" } },
};

const struct family family_secrets_generic = {
	.name = "secrets_generic",
	.rows = rows,
	.count = ARRAY_LEN(rows),
};
