/* dev.c - keys of developer tools and public APIs, first half.
 *
 * In examples {36:w} stands for 36 made-up characters of a class: see
 * spec/unit/example.h. So nothing here looks like a secret to a scanner.
 */
#include "base/slice.h"
#include "detectors/list.h"

static const struct row rows[] = {
	{ "secret.airtable_pat", "Airtable personal access token", "secret.dev",
	  "pat[A-Za-z0-9]{14}\\.", "pat[A-Za-z0-9]{14}\\.[0-9a-f]{64}",
	  .flags = ROW_SECRET,
	  .hit = { "pat{14:w}.{64:h}", "key=\"pat{14:w}.{64:h}\"" },
	  .miss = { "pat{14:w}.{63:h}", "qpat{14:w}.{64:h}" } },
	{ "secret.airtable_key", "Airtable API key", "secret.dev", "airtable",
	  "(?i:airtable)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?"
	  "|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "(key[A-Za-z0-9]{14}|[a-z0-9]{17})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS, .entropy = 30,
	  .hit = { "airtable_key = \"key{14:w}\"", "AIRTABLE_TOKEN: {17:a}" },
	  .miss = { "airtable_key = \"key{13:w}\"", "value = \"key{14:w}\"" } },
	{ "secret.notion_token", "Notion integration token", "secret.dev",
	  "ntn_|secret_[A-Za-z0-9]{16}",
	  "(?:ntn_[0-9]{11}[A-Za-z0-9]{35}|secret_[A-Za-z0-9]{43})",
	  .flags = ROW_SECRET,
	  .hit = { "ntn_{11:d}{35:w}", "key=\"secret_{43:w}\"" },
	  .miss = { "ntn_{11:d}{34:w}", "qsecret_{43:w}" } },
	{ "secret.linear_api_key", "Linear API key", "secret.dev",
	  "lin_api_|lin_oauth_",
	  "(?:lin_api_[A-Za-z0-9]{40}|lin_oauth_[0-9a-f]{64})",
	  .flags = ROW_SECRET, .alias = "LINEAR_API_KEY",
	  .hit = { "lin_api_{40:w}", "key=\"lin_oauth_{64:h}\"" },
	  .miss = { "lin_api_{39:w}", "qlin_oauth_{64:h}" } },
	{ "secret.linear_client_secret", "Linear client secret", "secret.dev",
	  "linear",
	  "(?i:linear)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|"
	  ":=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([0-9a-f]{32})(?"
	  "![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "linear_key = \"{32:h}\"", "LINEAR_TOKEN: {32:h}" },
	  .miss = { "linear_key = \"{31:h}\"", "value = \"{32:h}\"" } },
	{ "secret.asana_token", "Asana token", "secret.dev", "asana",
	  "(?i:asana)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|"
	  ":=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([a-z0-9]{32}|"
	  "[0-9]{16}|[0-9]{1}/[0-9]{16}:[0-9a-f]{32})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "asana_key = \"{32:a}\"",
		   "ASANA_TOKEN: {1:d}/{16:d}:{32:h}" },
	  .miss = { "asana_key = \"{31:a}\"", "value = \"{32:a}\"" } },
	{ "secret.clickup_token", "ClickUp personal token", "secret.dev",
	  "pk_[0-9]{6}", "pk_[0-9]{6,9}_[A-Z0-9]{32}", .flags = ROW_SECRET,
	  .hit = { "pk_{6:d}_{32:A}", "key=\"pk_{6:d}_{32:A}\"" },
	  .miss = { "pk_{6:d}_{31:A}", "qpk_{6:d}_{32:A}" } },
	{ "secret.trello_token", "Trello token", "secret.dev", "trello",
	  "(?i:trello)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|"
	  ":=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([A-Za-z0-9]{32}|"
	  "[0-9a-f]{64})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "trello_key = \"{32:w}\"", "TRELLO_TOKEN: {64:h}" },
	  .miss = { "trello_key = \"{31:w}\"", "value = \"{32:w}\"" } },
	{ "secret.figma_token", "Figma personal access token", "secret.dev",
	  "figd_", "figd_[A-Za-z0-9_-]{40}", .flags = ROW_SECRET,
	  .hit = { "figd_{40:b}", "key=\"figd_{40:b}\"" },
	  .miss = { "figd_{39:b}", "qfigd_{40:b}" } },
	{ "secret.postman_key", "Postman API key", "secret.dev", "PMAK-",
	  "PMAK-[0-9a-f]{24}-[0-9a-f]{34}", .flags = ROW_SECRET,
	  .hit = { "PMAK-{24:h}-{34:h}", "key=\"PMAK-{24:h}-{34:h}\"" },
	  .miss = { "PMAK-{24:h}-{33:h}", "qPMAK-{24:h}-{34:h}" } },
	{ "secret.readme_key", "ReadMe API key", "secret.dev", "rdme_",
	  "rdme_[a-z0-9]{70}", .flags = ROW_SECRET,
	  .hit = { "rdme_{70:a}", "key=\"rdme_{70:a}\"" },
	  .miss = { "rdme_{69:a}", "qrdme_{70:a}" } },
	{ "secret.rapidapi_key", "RapidAPI key", "secret.dev",
	  "rapidapi|x-rapidapi-key",
	  "(?i:rapidapi|x-rapidapi-key)[\\w .-]{0,40}[\"\\'`\\])"
	  "]{0,2}\\s{0,3}(?:=>?|:=?|\\|\\||>|,|\\(|\\?=)"
	  "[\\s\"\\'`(]{0,6}([A-Za-z0-9_-]{50})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "rapidapi_key = \"{50:b}\"", "RAPIDAPI_TOKEN: {50:b}" },
	  .miss = { "rapidapi_key = \"{49:b}\"", "value = \"{50:b}\"" } },
	{ "secret.typeform_token", "Typeform token", "secret.dev", "tfp_",
	  "tfp_[A-Za-z0-9_.=-]{59}", .flags = ROW_SECRET,
	  .hit = { "tfp_{59:=}", "key=\"tfp_{59:=}\"" },
	  .miss = { "tfp_{58:=}", "qtfp_{59:=}" } },
	{ "secret.hubspot_token", "HubSpot private app token", "secret.dev",
	  "pat-na1-|pat-eu1-|pat-na2-",
	  "pat-(?:na|eu)[0-9]-[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}"
	  "-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}",
	  .flags = ROW_SECRET,
	  .hit = { "pat-na1-{8:h}-{4:h}-{4:h}-{4:h}-{12:h}",
		   "key=\"pat-eu1-{8:h}-{4:h}-{4:h}-{4:h}-{12:h}\"" },
	  .miss = { "pat-na1-{8:h}-{4:h}-{4:h}-{4:h}-{11:h}",
		    "qpat-eu1-{8:h}-{4:h}-{4:h}-{4:h}-{12:h}" } },
	{ "secret.hubspot_key", "HubSpot API key", "secret.dev",
	  "hubspot|hapikey",
	  "(?i:hubspot|hapikey)[\\w .-]{0,40}[\"\\'`\\])]{0,2}"
	  "\\s{0,3}(?:=>?|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "([0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})(?"
	  "![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "hubspot_key = \"{8:h}-{4:h}-{4:h}-{4:h}-{12:h}\"",
		   "HUBSPOT_TOKEN: {8:h}-{4:h}-{4:h}-{4:h}-{12:h}" },
	  .miss = { "hubspot_key = \"{8:h}-{4:h}-{4:h}-{4:h}-{11:h}\"",
		    "value = \"{8:h}-{4:h}-{4:h}-{4:h}-{12:h}\"" } },
	{ "secret.contentful_pat", "Contentful personal access token",
	  "secret.dev", "CFPAT-", "CFPAT-[A-Za-z0-9_-]{43}",
	  .flags = ROW_SECRET,
	  .hit = { "CFPAT-{43:b}", "key=\"CFPAT-{43:b}\"" },
	  .miss = { "CFPAT-{42:b}", "qCFPAT-{43:b}" } },
	{ "secret.contentful_token", "Contentful delivery token", "secret.dev",
	  "contentful",
	  "(?i:contentful)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?"
	  ":=>?|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "([A-Za-z0-9_=-]{43})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "contentful_key = \"{43:=}\"", "CONTENTFUL_TOKEN: {43:=}" },
	  .miss = { "contentful_key = \"{42:=}\"", "value = \"{43:=}\"" } },
	{ "secret.mapbox_token", "Mapbox secret or public token", "secret.dev",
	  "pk\\.eyJ|sk\\.eyJ|tk\\.eyJ|pk\\.[a-z0-9]{60}",
	  "[pst]k\\.[A-Za-z0-9_-]{50,200}\\.[A-Za-z0-9_-]{20,30}",
	  .flags = ROW_SECRET,
	  .hit = { "pk.eyJ{57:w}.{22:w}", "key=\"sk.eyJ{57:w}.{22:w}\"" },
	  .miss = { "pk.eyJ{20:w}.{22:w}", "apk.eyJ{57:w}.{22:w}" } },
	{ "secret.maxmind_key", "MaxMind license key", "secret.dev", "_mmk",
	  "[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk", .flags = ROW_SECRET, .back = 36,
	  .hit = { "{6:w}_{29:w}_mmk", "key=\"{6:w}_{29:w}_mmk\"" },
	  .miss = { "{6:w}_{28:w}_mmk", "q{6:w}_{29:w}_mmk" } },
	{ "secret.algolia_key", "Algolia API key", "secret.dev", "algolia",
	  "(?i:algolia)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|"
	  ":=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([0-9a-f]{32})(?"
	  "![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "algolia_key = \"{32:h}\"", "ALGOLIA_TOKEN: {32:h}" },
	  .miss = { "algolia_key = \"{31:h}\"", "value = \"{32:h}\"" } },
	{ "secret.fastly_token", "Fastly API token", "secret.dev", "fastly",
	  "(?i:fastly)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|"
	  ":=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "([A-Za-z0-9_-]{32})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS, .entropy = 33,
	  .hit = { "fastly_key = \"{32:b}\"", "FASTLY_TOKEN: {32:b}" },
	  .miss = { "fastly_key = \"{31:b}\"", "value = \"{32:b}\"" } },
	{ "secret.cloudinary_url", "Cloudinary URL with credentials",
	  "secret.dev", "cloudinary://",
	  "cloudinary://[0-9]{15}:[A-Za-z0-9_-]{27}@demo", .flags = ROW_SECRET,
	  .hit = { "cloudinary://{15:d}:{27:b}@demo",
		   "key=\"cloudinary://{15:d}:{27:b}@demo\"" },
	  .miss = { "cloudinary://{15:d}:{26:b}@demo",
		    "qcloudinary://{15:d}:{27:b}@demo" } },
	{ "secret.dropbox_token", "Dropbox access token", "secret.dev",
	  "sl\\.[A-Za-z0-9_-]{12}|sl\\.u\\.",
	  "sl\\.(?:u\\.)?[A-Za-z0-9_=-]{130,1500}", .flags = ROW_SECRET,
	  .hit = { "sl.{130:=}", "key=\"sl.u.{130:=}\"" },
	  .miss = { "sl.{129:=}", "qsl.u.{130:=}" } },
	{ "secret.dropbox_app_key", "Dropbox app key", "secret.dev", "dropbox",
	  "(?i:dropbox)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|"
	  ":=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([a-z0-9]{15})(?"
	  "![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS, .entropy = 30,
	  .hit = { "dropbox_key = \"{15:a}\"", "DROPBOX_TOKEN: {15:a}" },
	  .miss = { "dropbox_key = \"{14:a}\"", "value = \"{15:a}\"" } },
	{ "secret.dropbox_long_token", "Dropbox long-lived access token",
	  "secret.dev", "dropbox",
	  "(?i:dropbox)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|"
	  ":=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([a-z0-9]{11}"
	  "AAAAAAAAAA[A-Za-z0-9_=-]{43})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "dropbox_key = \"{11:a}AAAAAAAAAA{43:=}\"",
		   "DROPBOX_TOKEN: {11:a}AAAAAAAAAA{43:=}" },
	  .miss = { "dropbox_key = \"{11:a}AAAAAAAAAA{42:=}\"",
		    "value = \"{11:a}AAAAAAAAAA{43:=}\"" } },
	{ "secret.box_token", "Box access token", "secret.dev",
	  "box_client|box[_-]api",
	  "(?i:box_client|box[_-]api)[\\w .-]{0,40}[\"\\'`\\])]{0,2}"
	  "\\s{0,3}(?:=>?|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "([A-Za-z0-9]{32})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS, .entropy = 35,
	  .hit = { "box_client_key = \"{32:w}\"", "BOX_CLIENT_TOKEN: {32:w}" },
	  .miss = { "box_client_key = \"{31:w}\"", "value = \"{32:w}\"" } },
	{ "secret.frameio_token", "Frame.io token", "secret.dev", "fio-u-",
	  "fio-u-[A-Za-z0-9_=-]{64}", .flags = ROW_SECRET,
	  .hit = { "fio-u-{64:=}", "key=\"fio-u-{64:=}\"" },
	  .miss = { "fio-u-{63:=}", "qfio-u-{64:=}" } },
	{ "secret.tailscale_key", "Tailscale key", "secret.dev", "tskey-",
	  "tskey-[a-z]{2,12}-[A-Za-z0-9]{10,20}(?:-[A-Za-z0-9]{10,50}"
	  ")?",
	  .flags = ROW_SECRET,
	  .hit = { "tskey-auth-{11:w}-{20:w}",
		   "key=\"tskey-client-{11:w}-{20:w}\"" },
	  .miss = { "tskey-auth-{5:w}", "atskey-auth-{15:w}" } },
	{ "secret.ngrok_token", "ngrok auth token", "secret.dev", "ngrok",
	  "(?i:ngrok)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|"
	  ":=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([A-Za-z0-9]{27}"
	  "_[A-Za-z0-9]{21})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "ngrok_key = \"{27:w}_{21:w}\"",
		   "NGROK_TOKEN: {27:w}_{21:w}" },
	  .miss = { "ngrok_key = \"{27:w}_{20:w}\"",
		    "value = \"{27:w}_{21:w}\"" } },
	{ "secret.zerotier_token", "ZeroTier token", "secret.dev", "zerotier",
	  "(?i:zerotier)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?"
	  "|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([A-Za-z0-9]{32}"
	  ")(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS, .entropy = 35,
	  .hit = { "zerotier_key = \"{32:w}\"", "ZEROTIER_TOKEN: {32:w}" },
	  .miss = { "zerotier_key = \"{31:w}\"", "value = \"{32:w}\"" } },
	{ "secret.shodan_key", "Shodan API key", "secret.dev", "shodan",
	  "(?i:shodan)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|"
	  ":=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([A-Za-z0-9]{32})"
	  "(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS, .entropy = 35,
	  .hit = { "shodan_key = \"{32:w}\"", "SHODAN_TOKEN: {32:w}" },
	  .miss = { "shodan_key = \"{31:w}\"", "value = \"{32:w}\"" } },
	{ "secret.virustotal_key", "VirusTotal API key", "secret.dev",
	  "virustotal|vt_api",
	  "(?i:virustotal|vt_api)[\\w .-]{0,40}[\"\\'`\\])]{0,2}"
	  "\\s{0,3}(?:=>?|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "([0-9a-f]{64})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "virustotal_key = \"{64:h}\"", "VIRUSTOTAL_TOKEN: {64:h}" },
	  .miss = { "virustotal_key = \"{63:h}\"", "value = \"{64:h}\"" } },
	{ "secret.abuseipdb_key", "AbuseIPDB API key", "secret.dev",
	  "abuseipdb",
	  "(?i:abuseipdb)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>"
	  "?|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([0-9a-f]{80})"
	  "(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "abuseipdb_key = \"{80:h}\"", "ABUSEIPDB_TOKEN: {80:h}" },
	  .miss = { "abuseipdb_key = \"{79:h}\"", "value = \"{80:h}\"" } },
	{ "secret.securitytrails_key", "SecurityTrails API key", "secret.dev",
	  "securitytrails",
	  "(?i:securitytrails)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}"
	  "(?:=>?|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "([A-Za-z0-9]{32})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS, .entropy = 35,
	  .hit = { "securitytrails_key = \"{32:w}\"",
		   "SECURITYTRAILS_TOKEN: {32:w}" },
	  .miss = { "securitytrails_key = \"{31:w}\"", "value = \"{32:w}\"" } },
};

const struct family family_secrets_dev = {
	.name = "secrets_dev",
	.rows = rows,
	.count = ARRAY_LEN(rows),
};
