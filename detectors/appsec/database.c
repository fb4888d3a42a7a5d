/* database.c - attacks on what answers queries: SQL, NoSQL, LDAP, XPath.
 *
 * The same words are written by people who know databases. So what counts is a
 * text that breaks out of a value: a quote closed that it did not open, a
 * condition that is always true, a pause nobody needs. Statements that are only
 * statements score below 50.
 */
#include "base/slice.h"
#include "detectors/appsec/appsec.h"

#include <ctype.h>
#include <string.h>

bool appsec_breaks_out(const struct sight *s)
{
	uint32_t single = 0, twice = 0;

	for (uint32_t i = s->from; i-- > 0 && s->text[i] != '\n';) {
		/* It's no quote in a word. */
		bool inside = i > 0 && i + 1 < s->len &&
			      isalpha((unsigned char)s->text[i - 1]) &&
			      isalpha((unsigned char)s->text[i + 1]);

		if (s->from - i > 400)
			break;
		single += s->text[i] == '\'' && !inside;
		twice += s->text[i] == '"';
	}
	return single % 2 || twice % 2;
}

char appsec_before(const struct sight *s)
{
	uint32_t i = s->from;

	while (i > 0 && (s->text[i - 1] == ' ' || s->text[i - 1] == '\t'))
		i--;
	return i > 0 && s->text[i - 1] != '\n' ? s->text[i - 1] : '\0';
}

bool appsec_follows(const struct sight *s, const char *word, uint32_t max)
{
	size_t len = strlen(word);

	for (uint32_t i = s->from, n = 0; i-- > 0 && n < max; n++) {
		if (s->text[i] == '\n')
			return false;
		if (s->from - i >= len &&
		    strncasecmp(s->text + i, word, len) == 0)
			return true;
	}
	return false;
}

static int confirm_breakout(struct sight *s)
{
	if (appsec_breaks_out(s))
		return 92;
	return isdigit((unsigned char)appsec_before(s)) ? 70 : 40;
}

static int confirm_union(struct sight *s)
{
	char c = appsec_before(s);

	if (appsec_breaks_out(s) || (c && strchr("'\")/-", c)))
		return 92;
	return isdigit((unsigned char)c) ? 88 : 45;
}

/* A quote before, or a query that goes on. */
static int confirm_tautology(struct sight *s)
{
	char c = appsec_before(s);

	if (s->from > 0 && isalpha((unsigned char)s->text[s->from - 1]))
		return 0;
	if (appsec_breaks_out(s))
		return 92;
	return isalnum((unsigned char)c) || (c && strchr("')\"", c)) ? 70 : 45;
}

static int confirm_tail(struct sight *s)
{
	/* The quote is the suspicion's own: none before it. */
	return appsec_breaks_out(s) ? 0 : s->from > 0 ? 75 : 60;
}

/* A filter that is closed before it was opened. */
static int confirm_ldap(struct sight *s)
{
	int depth = 0;
	uint32_t i = s->from;

	while (i > 0 && s->text[i - 1] != '\n' && s->from - i < 400)
		i--;
	for (; i < s->to; i++) {
		depth += (s->text[i] == '(') - (s->text[i] == ')');
		if (depth < 0)
			return 90;
	}
	return 0;
}

/* { "password": { "$ne": null } } is no filter that a program writes. */
static int confirm_operator(struct sight *s)
{
	static const char *const names[] = { "user", "pass", "login", "token",
					     "email" };

	uint32_t i = s->from, from;

	if (appsec_before(s) != '{')
		return 0;
	/* Back over "{", ":" and quotes to the key. */
	while (i > 0 && strchr(" \t{:'\"", s->text[i - 1]))
		i--;
	for (from = i; from > 0 && i - from < 32 &&
		       (isalnum((unsigned char)s->text[from - 1]) ||
			s->text[from - 1] == '_');)
		from--;
	for (size_t k = 0; k < ARRAY_LEN(names); k++)
		for (uint32_t at = from; at + strlen(names[k]) <= i; at++)
			if (!strncasecmp(s->text + at, names[k],
					 strlen(names[k])))
				return 88;
	return 30;
}

#define SPACE "(?:\\s|/\\*.{0,40}?\\*/|\\+|%20)"

static const struct row rows[] = {
	{ "appsec.sql", "SQL injection", "appsec.injection", "union",
	  "(?i)union" SPACE "+(?:(?:all|distinct)" SPACE "+)?\\(?select\\b",
	  LOOK, .alias = "sql_injection appsec.sql_injection",
	  .confirm = confirm_union,
	  .hit = { "id=1' UNION SELECT username, password FROM users--",
		   "5 union/**/all/**/select null,null" },
	  .miss = { "The union selected a new chair.",
		    "a union of select members" } },
	{ "appsec.sql", "SQL that is always true", NULL,
	  "or 1=1|or 1 = 1|and 1=1|and 1=2|or 2=2|or 0=0|or true--|"
	  "or 'a'='a|or 'x'='x|or '1'='1|or ''='|or \"1\"=\"1|or \"a\"=\"a|"
	  "or \"\"=\"|or 1--|or 1#|\\|\\| 1=1|\\|\\|1=1|and '1'='1|and '1'='2",
	  "(?i)(?:or|and|\\|\\|) ?(?:true|[^\\n]{1,5}?=\\s?['\"]?\\w*|1)"
	  "(?!\\w)(?:--|#)?",
	  LOOK, .confirm = confirm_tautology,
	  .hit = { "' OR 1=1 --", "name=x' or 'a'='a" },
	  .miss = { "one or 11=12", "for 1 = 10" } },
	{ "appsec.sql", "SQL cut off by a comment", NULL,
	  "'--|' --|';--|'\\); --|'\\);--|' #|'#|\"--|\"; --",
	  "['\"]\\)*;?\\s*(?:--\\s*(?:$|[+\\n])|#\\s*(?:$|\\n))", LOOK,
	  .confirm = confirm_tail, .hit = { "admin'--", "login: root'); --" },
	  .miss = { "SELECT 'a' -- the letter",
		    "they said 'no' -- and left" } },
	{ "appsec.sql", "Another statement after a value", NULL,
	  ";drop |; drop |;delete |; delete |;insert |; insert |;update |"
	  "; update |;exec|; exec|;shutdown|; shutdown|;truncate |; truncate |"
	  ";alter |; alter ",
	  "(?i);\\s*(?:(?:drop|truncate|alter)\\s+(?:table|database|schema|"
	  "user|view)\\b|delete\\s+from\\b|insert\\s+into\\b|update\\s+\\w+"
	  "\\s+set\\b|exec(?:ute)?\\s*(?:\\(|xp_|sp_|master)|shutdown\\b)",
	  LOOK, .confirm = confirm_breakout,
	  .hit = { "Robert'; DROP TABLE students;--",
		   "x\"; delete from users where 1=1" },
	  .miss = { "stop; drop the ball", "I read; update me soon" } },
	{ "appsec.sql", "SQL that waits", NULL,
	  "waitfor "
	  "|pg_sleep|benchmark\\(|dbms_pipe\\.|dbms_lock\\.|randomblob\\(|"
	  "and sleep\\(|or sleep\\(|select sleep\\(|,sleep\\(|, "
	  "sleep\\(|\\(sleep\\(",
	  "(?i)(?:waitfor\\s+delay\\s+['\"]|pg_sleep\\s*\\(\\s*\\d|benchmark"
	  "\\s*\\(\\s*\\d{4,}|dbms_(?:pipe\\.receive_message|lock\\.sleep)|"
	  "randomblob\\s*\\(\\s*\\d{6,}|(?:and|or|select|,|\\()\\s*sleep\\("
	  "\\d)",
	  LOOK, .score = 85,
	  .hit = { "1; WAITFOR DELAY '0:0:5'--", "1 AND SLEEP(5)" },
	  .miss = { "They wait for delayed trains.",
		    "asyncio.run(sleep(delay))" } },
	{ "appsec.sql", "SQL whose errors tell", NULL,
	  "extractvalue\\(|updatexml\\(|floor\\(rand\\(|xp_cmdshell|load_"
	  "file\\(|"
	  "into outfile|into dumpfile|exp\\(~|gtid_subset\\(|utl_http\\.|"
	  "order by 1|order by 2|order by 9|convert\\(int,|utl_inaddr\\.",
	  "(?i)(?:extractvalue\\s*\\(\\s*[\\d'\"]|updatexml\\s*\\(\\s*[\\d'\"]|"
	  "floor\\(rand\\(0|xp_cmdshell|load_file\\s*\\(\\s*['\"0]|into\\s+"
	  "(?:out|dump)file\\s*['\"]|exp\\(~|gtid_subset\\(|utl_http\\."
	  "request|utl_inaddr\\.get|order by "
	  "\\d+\\s*(?:--|#)|convert\\(int,\\s*\\(?(?:@@|select))",
	  LOOK, .score = 85,
	  .hit = { "1 and extractvalue(1,concat(0x7e,version()))",
		   "'; EXEC xp_cmdshell 'dir'" },
	  .miss = { "extractValue(node)", "load_file(path)" } },
	{ "appsec.nosql", "NoSQL injection", "appsec.injection",
	  "\\[\\$ne\\]|\\[\\$gt\\]|\\[\\$gte\\]|\\[\\$lt\\]|\\[\\$regex\\]|\\["
	  "\\$where\\]|\\[\\$exists\\]|\\[\\$nin\\]",
	  "(?i)\\[\\$\\w+\\]\\s*(?:=|\\])", LOOK, .score = 92,
	  .alias = "nosql_injection",
	  .hit = { "user=admin&password[$ne]=1", "login[$regex]=^a" },
	  .miss = { "cost[$net]", "array[$new]" } },
	{ "appsec.nosql", "Operator in place of a secret", NULL,
	  "\"\\$ne\"|\"\\$gt\"|\"\\$regex\"|\"\\$exists\"|\"\\$nin\"|'\\$ne'|'"
	  "\\$gt'|"
	  "'\\$regex'|\\$ne:|\\$gt:",
	  "['\"]?\\$\\w+['\"]?\\s*:\\s*(?:null|undefined|['\"](?:\\.\\*|\\^)?"
	  "|-?\\d|true|\\[)",
	  LOOK, .confirm = confirm_operator,
	  .hit = { "{\"username\":\"admin\",\"password\":{\"$ne\":null}}",
		   "{'login': {'$gt': ''}}" },
	  .miss = { "\"$net\": 12", "price in \"$gt\" units" } },
	{ "appsec.nosql", "Code in a query", NULL,
	  "\\$where|'=='|\"==\"|;return true|; return true",
	  "(?i)(?:\\$where['\"]?\\s*:\\s*['\"].{0,60}?(?:sleep|this\\.|"
	  "function|return)|(?<=\\w)(['\"])==\\1\\w|;\\s*return true\\s*;"
	  "\\s*var\\b)",
	  LOOK, .score = 80,
	  .hit = { "{\"$where\": \"sleep(5000)\"}", "'||'1'=='1'=='" },
	  .miss = { "that is where", "a == b" } },
	{ "appsec.ldap", "LDAP injection", "appsec.injection",
	  "\\*\\)\\(|\\)\\(uid=|\\)\\(cn=|\\)\\(\\|\\(|\\)\\(&\\(|\\)\\(!\\(|"
	  "\\)\\(objectclass=|\\)\\(userpassword=|"
	  "\\)\\(password=|\\*\\)\\)%00",
	  NULL, LOOK, .confirm = confirm_ldap, .alias = "ldap_injection",
	  .hit = { "user=*)(uid=*))(|(uid=*", "admin)(&(password=*))" },
	  .miss = { "(&(objectClass=*)(uid=ann))", "(a)(b) and (c)" } },
	{ "appsec.xpath", "XPath injection", "appsec.injection",
	  "or count\\(/|and count\\(/|or string-length\\(|and string-length\\(|"
	  "or name\\(|and name\\(|or position\\(\\)|and position\\(\\)|"
	  "and starts-with\\(|or starts-with\\(|or substring\\(|and "
	  "substring\\(",
	  "(?i)(?:or|and)\\s+(?:count\\(/|string-length\\(|name\\(|position"
	  "\\(\\)|starts-with\\(|substring\\()",
	  LOOK, .confirm = confirm_breakout, .alias = "xpath_injection",
	  .hit = { "x' or count(/*)=1 or 'a'='b",
		   "' and string-length(name(/*[1]))=5" },
	  .miss = { "nor names", "the count or the name" } },
	{ "appsec.xpath", "Another path after a predicate", NULL,
	  "'\\] \\| /|'\\]\\|/|\"\\]\\|/|\"\\] \\| /", NULL, LOOK, .score = 88,
	  .hit = { "a'] | //user/*[1", "a\"]|//password" },
	  .miss = { "['a'] or ['b']", "x'] / y" } },
};

const struct family family_appsec_database = {
	"appsec", rows, ARRAY_LEN(rows), 0, NULL,
};
