/* obs.c - keys of monitoring and identity services.
 *
 * In examples {36:w} stands for 36 made-up characters of a class: see
 * spec/unit/example.h. So nothing here looks like a secret to a scanner.
 */
#include "base/slice.h"
#include "detectors/list.h"

static const struct row rows[] = {
	{ "secret.datadog_api_key", "Datadog API key", "secret.obs",
	  "datadog|dd_api",
	  "(?i:datadog|dd_api)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}"
	  "(?:=>?|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "([0-9a-f]{32})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "datadog_key = \"{32:h}\"", "DATADOG_TOKEN: {32:h}" },
	  .miss = { "datadog_key = \"{31:h}\"", "value = \"{32:h}\"" } },
	{ "secret.datadog_app_key", "Datadog application key", "secret.obs",
	  "datadog|dd_app",
	  "(?i:datadog|dd_app)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}"
	  "(?:=>?|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "([a-z0-9]{40})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "datadog_key = \"{40:a}\"", "DATADOG_TOKEN: {40:a}" },
	  .miss = { "datadog_key = \"{39:a}\"", "value = \"{40:a}\"" } },
	{ "secret.new_relic_key", "New Relic key", "secret.obs",
	  "NRAK-|NRII-|NRIQ-|NRAA-|NRRA-|NRJS-",
	  "(?:NRAK-[A-Za-z0-9]{27}|NRII-[A-Za-z0-9_-]{32}|"
	  "NRIQ-[A-Za-z0-9_-]{32}|NRAA-[0-9a-f]{27}|NRRA-[0-9a-f]{42}"
	  "|NRJS-[0-9a-f]{19})",
	  .flags = ROW_SECRET, .alias = "NEW_RELIC_KEY",
	  .hit = { "NRAK-{27:w}", "key=\"NRJS-{19:h}\"" },
	  .miss = { "NRAK-{26:w}", "qNRJS-{19:h}" } },
	{ "secret.new_relic_license", "New Relic license key", "secret.obs",
	  "NRAL", "[0-9a-f]{36}NRAL", .flags = ROW_SECRET, .back = 36,
	  .hit = { "{36:h}NRAL", "key=\"{36:h}NRAL\"" },
	  .miss = { "{35:h}NRAL", "q{36:h}NRAL" } },
	{ "secret.grafana_token", "Grafana service account token", "secret.obs",
	  "glsa_", "glsa_[A-Za-z0-9]{32}_[0-9A-Fa-f]{8}", .flags = ROW_SECRET,
	  .alias = "GRAFANA_TOKEN",
	  .hit = { "glsa_{32:w}_{8:x}", "key=\"glsa_{32:w}_{8:x}\"" },
	  .miss = { "glsa_{32:w}_{7:x}", "qglsa_{32:w}_{8:x}" } },
	{ "secret.grafana_cloud_token", "Grafana Cloud API token", "secret.obs",
	  "glc_", "glc_[A-Za-z0-9+/]{32,400}", .flags = ROW_SECRET,
	  .hit = { "glc_{32:/}", "key=\"glc_{32:/}\"" },
	  .miss = { "glc_{31:/}", "qglc_{32:/}" } },
	{ "secret.grafana_api_key", "Grafana API key", "secret.obs", "eyJrIjoi",
	  "eyJrIjoi[A-Za-z0-9+/]{60,400}", .flags = ROW_SECRET,
	  .hit = { "eyJrIjoi{60:/}", "key=\"eyJrIjoi{60:/}\"" },
	  .miss = { "eyJrIjoi{59:/}", "qeyJrIjoi{60:/}" } },
	{ "secret.sentry_org_token", "Sentry organisation token", "secret.obs",
	  "sntrys_eyJ", "sntrys_eyJ[A-Za-z0-9+/]{60,300}_[A-Za-z0-9+/]{43}",
	  .flags = ROW_SECRET,
	  .hit = { "sntrys_eyJ{60:/}_{43:/}",
		   "key=\"sntrys_eyJ{60:/}_{43:/}\"" },
	  .miss = { "sntrys_eyJ{60:/}_{42:/}", "qsntrys_eyJ{60:/}_{43:/}" } },
	{ "secret.sentry_user_token", "Sentry user token", "secret.obs",
	  "sntryu_", "sntryu_[0-9a-f]{64}", .flags = ROW_SECRET,
	  .hit = { "sntryu_{64:h}", "key=\"sntryu_{64:h}\"" },
	  .miss = { "sntryu_{63:h}", "qsntryu_{64:h}" } },
	{ "secret.sentry_token", "Sentry access token", "secret.obs", "sentry",
	  "(?i:sentry)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|"
	  ":=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([0-9a-f]{64})(?"
	  "![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "sentry_key = \"{64:h}\"", "SENTRY_TOKEN: {64:h}" },
	  .miss = { "sentry_key = \"{63:h}\"", "value = \"{64:h}\"" } },
	{ "secret.dynatrace_token", "Dynatrace API token", "secret.obs",
	  "dt0c01\\.|dt0s01\\.",
	  "(?:dt0c01\\.[A-Za-z0-9]{24}\\.[A-Za-z0-9]{64}|"
	  "dt0s01\\.[A-Za-z0-9]{24}\\.[A-Za-z0-9]{64})",
	  .flags = ROW_SECRET,
	  .hit = { "dt0c01.{24:w}.{64:w}", "key=\"dt0s01.{24:w}.{64:w}\"" },
	  .miss = { "dt0c01.{24:w}.{63:w}", "qdt0s01.{24:w}.{64:w}" } },
	{ "secret.honeycomb_key", "Honeycomb API key", "secret.obs",
	  "honeycomb",
	  "(?i:honeycomb)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>"
	  "?|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "([A-Za-z0-9]{22}|[0-9a-f]{32})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS, .entropy = 33,
	  .hit = { "honeycomb_key = \"{22:w}\"", "HONEYCOMB_TOKEN: {32:h}" },
	  .miss = { "honeycomb_key = \"{21:w}\"", "value = \"{22:w}\"" } },
	{ "secret.looker_secret", "Looker client id or secret", "secret.obs",
	  "looker",
	  "(?i:looker)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|"
	  ":=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([a-z0-9]{20}|"
	  "[a-z0-9]{24})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS, .entropy = 30,
	  .hit = { "looker_key = \"{20:a}\"", "LOOKER_TOKEN: {24:a}" },
	  .miss = { "looker_key = \"{19:a}\"", "value = \"{20:a}\"" } },
	{ "secret.new_relic_id", "New Relic user API id", "secret.obs",
	  "new-relic|newrelic|new_relic",
	  "(?i:new-relic|newrelic|new_relic)[\\w .-]{0,40}[\"\\'`\\])"
	  "]{0,2}\\s{0,3}(?:=>?|:=?|\\|\\||>|,|\\(|\\?=)"
	  "[\\s\"\\'`(]{0,6}([a-z0-9]{64})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "new-relic_key = \"{64:a}\"", "NEW-RELIC_TOKEN: {64:a}" },
	  .miss = { "new-relic_key = \"{63:a}\"", "value = \"{64:a}\"" } },
	{ "secret.loggly_token", "Loggly customer token", "secret.obs",
	  "loggly",
	  "(?i:loggly)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|"
	  ":=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([0-9A-Fa-f]{8}(?"
	  ":-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "loggly_key = \"{8:h}-{4:h}-{4:h}-{4:h}-{12:h}\"",
		   "LOGGLY_TOKEN: {8:h}-{4:h}-{4:h}-{4:h}-{12:h}" },
	  .miss = { "loggly_key = \"{8:h}-{4:h}-{4:h}-{4:h}-{11:h}\"",
		    "value = \"{8:h}-{4:h}-{4:h}-{4:h}-{12:h}\"" } },
	{ "secret.sumologic_key", "Sumo Logic access key", "secret.obs",
	  "sumologic|sumo_|sumo-",
	  "(?i:sumologic|sumo_|sumo-)[\\w .-]{0,40}[\"\\'`\\])]{0,2}"
	  "\\s{0,3}(?:=>?|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "([A-Za-z0-9]{64})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "sumologic_key = \"{64:w}\"", "SUMOLOGIC_TOKEN: {64:w}" },
	  .miss = { "sumologic_key = \"{63:w}\"", "value = \"{64:w}\"" } },
	{ "secret.sumologic_id", "Sumo Logic access id", "secret.obs",
	  "sumologic|sumo_|sumo-",
	  "(?i:sumologic|sumo_|sumo-)[\\w .-]{0,40}[\"\\'`\\])]{0,2}"
	  "\\s{0,3}(?:=>?|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "(su[A-Za-z0-9]{12})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "sumologic_key = \"su{12:w}\"",
		   "SUMOLOGIC_TOKEN: su{12:w}" },
	  .miss = { "sumologic_key = \"su{11:w}\"", "value = \"su{12:w}\"" } },
	{ "secret.pagerduty_key", "PagerDuty API key", "secret.obs",
	  "pagerduty",
	  "(?i:pagerduty)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>"
	  "?|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "([A-Za-z0-9_-]{20})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS, .entropy = 33,
	  .hit = { "pagerduty_key = \"{20:b}\"", "PAGERDUTY_TOKEN: {20:b}" },
	  .miss = { "pagerduty_key = \"{19:b}\"", "value = \"{20:b}\"" } },
	{ "secret.opsgenie_key", "Opsgenie API key", "secret.obs", "opsgenie",
	  "(?i:opsgenie)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?"
	  "|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([0-9A-Fa-f]{8}"
	  "(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "opsgenie_key = \"{8:h}-{4:h}-{4:h}-{4:h}-{12:h}\"",
		   "OPSGENIE_TOKEN: {8:h}-{4:h}-{4:h}-{4:h}-{12:h}" },
	  .miss = { "opsgenie_key = \"{8:h}-{4:h}-{4:h}-{4:h}-{11:h}\"",
		    "value = \"{8:h}-{4:h}-{4:h}-{4:h}-{12:h}\"" } },
	{ "secret.splunk_hec_token", "Splunk HTTP event collector token",
	  "secret.obs", "splunk",
	  "(?i:splunk)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|"
	  ":=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([0-9A-Fa-f]{8}(?"
	  ":-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "splunk_key = \"{8:h}-{4:h}-{4:h}-{4:h}-{12:h}\"",
		   "SPLUNK_TOKEN: {8:h}-{4:h}-{4:h}-{4:h}-{12:h}" },
	  .miss = { "splunk_key = \"{8:h}-{4:h}-{4:h}-{4:h}-{11:h}\"",
		    "value = \"{8:h}-{4:h}-{4:h}-{4:h}-{12:h}\"" } },
	{ "secret.rollbar_token", "Rollbar access token", "secret.obs",
	  "rollbar",
	  "(?i:rollbar)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|"
	  ":=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([0-9a-f]{32})(?"
	  "![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "rollbar_key = \"{32:h}\"", "ROLLBAR_TOKEN: {32:h}" },
	  .miss = { "rollbar_key = \"{31:h}\"", "value = \"{32:h}\"" } },
	{ "secret.bugsnag_key", "Bugsnag API key", "secret.obs", "bugsnag",
	  "(?i:bugsnag)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|"
	  ":=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([0-9a-f]{32})(?"
	  "![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "bugsnag_key = \"{32:h}\"", "BUGSNAG_TOKEN: {32:h}" },
	  .miss = { "bugsnag_key = \"{31:h}\"", "value = \"{32:h}\"" } },
	{ "secret.airbrake_key", "Airbrake API key", "secret.obs", "airbrake",
	  "(?i:airbrake)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?"
	  "|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([0-9a-f]{32})(?"
	  "![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "airbrake_key = \"{32:h}\"", "AIRBRAKE_TOKEN: {32:h}" },
	  .miss = { "airbrake_key = \"{31:h}\"", "value = \"{32:h}\"" } },
	{ "secret.logzio_token", "Logz.io token", "secret.obs", "logz",
	  "(?i:logz)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|:=?"
	  "|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([A-Za-z]{32})(?"
	  "![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "logz_key = \"{32:l}\"", "LOGZ_TOKEN: {32:l}" },
	  .miss = { "logz_key = \"{31:l}\"", "value = \"{32:l}\"" } },
	{ "secret.okta_token", "Okta API token", "secret.id", "okta",
	  "(?i:okta)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|:=?"
	  "|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "(00[A-Za-z0-9_=-]{40})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "okta_key = \"00{40:=}\"", "OKTA_TOKEN: 00{40:=}" },
	  .miss = { "okta_key = \"00{39:=}\"", "value = \"00{40:=}\"" } },
	{ "secret.auth0_secret", "Auth0 client secret", "secret.id", "auth0",
	  "(?i:auth0)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|"
	  ":=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "([A-Za-z0-9_-]{64})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS, .entropy = 40,
	  .hit = { "auth0_key = \"{64:b}\"", "AUTH0_TOKEN: {64:b}" },
	  .miss = { "auth0_key = \"{63:b}\"", "value = \"{64:b}\"" } },
	{ "secret.salesforce_token", "Salesforce access token", "secret.id",
	  "00D[A-Za-z0-9]{12}", "00D[A-Za-z0-9]{12,15}![A-Za-z0-9_.]{80,120}",
	  .flags = ROW_SECRET,
	  .hit = { "00D{12:w}!{80:.}", "key=\"00D{12:w}!{80:.}\"" },
	  .miss = { "00D{12:w}!{79:.}", "q00D{12:w}!{80:.}" } },
	{ "secret.linkedin_secret", "LinkedIn client id or secret", "secret.id",
	  "linkedin",
	  "(?i:linkedin)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?"
	  "|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([A-Za-z0-9]{16}"
	  "|[a-z0-9]{14})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS, .entropy = 33,
	  .hit = { "linkedin_key = \"{16:w}\"", "LINKEDIN_TOKEN: {14:a}" },
	  .miss = { "linkedin_key = \"{15:w}\"", "value = \"{16:w}\"" } },
	{ "secret.facebook_token", "Facebook access token", "secret.id",
	  "EAA[A-Z][A-Za-z0-9]{8}", "EAA[A-Z][A-Za-z0-9]{80,400}",
	  .flags = ROW_SECRET, .hit = { "EAAM{80:w}", "key=\"EAAB{80:w}\"" },
	  .miss = { "EAAM{79:w}", "qEAAB{80:w}" } },
	{ "secret.facebook_secret", "Facebook app secret", "secret.id",
	  "facebook|fb[_-]sec|fb[_-]app",
	  "(?i:facebook|fb[_-]sec|fb[_-]app)[\\w .-]{0,40}[\"\\'`\\])"
	  "]{0,2}\\s{0,3}(?:=>?|:=?|\\|\\||>|,|\\(|\\?=)"
	  "[\\s\"\\'`(]{0,6}([0-9a-f]{32})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "facebook_key = \"{32:h}\"", "FACEBOOK_TOKEN: {32:h}" },
	  .miss = { "facebook_key = \"{31:h}\"", "value = \"{32:h}\"" } },
	{ "secret.instagram_token", "Instagram access token", "secret.id",
	  "IGQ[A-Za-z0-9]{4}", "IGQ[A-Za-z0-9_-]{100,400}", .flags = ROW_SECRET,
	  .hit = { "IGQ{100:b}", "key=\"IGQ{100:b}\"" },
	  .miss = { "IGQ{99:b}", "qIGQ{100:b}" } },
	{ "secret.twitter_bearer", "Twitter (X) bearer token", "secret.id",
	  "AAAAAAAAAAAAAAAAAAAAAA", "A{22}[A-Za-z0-9%]{60,120}",
	  .flags = ROW_SECRET | ROW_EXAMPLES_TOO,
	  .hit = { "AAAAAAAAAAAAAAAAAAAAAA{60:w}",
		   "key=\"AAAAAAAAAAAAAAAAAAAAAA{60:w}\"" },
	  .miss = { "AAAAAAAAAAAAAAAAAAAAAA{59:w}",
		    "qAAAAAAAAAAAAAAAAAAAAAA{60:w}" } },
	{ "secret.twitter_secret", "Twitter (X) API secret", "secret.id",
	  "twitter",
	  "(?i:twitter)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|"
	  ":=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([A-Za-z0-9]{45}|"
	  "[A-Za-z0-9]{50}|[A-Za-z0-9]{25}|[0-9]{15,25}"
	  "-[A-Za-z0-9]{20,45})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS, .entropy = 33,
	  .hit = { "twitter_key = \"{45:w}\"", "TWITTER_TOKEN: {15:d}-{20:w}" },
	  .miss = { "twitter_key = \"{44:w}\"", "value = \"{45:w}\"" } },
	{ "secret.adobe_secret", "Adobe client secret", "secret.id", "p8e-",
	  "p8e-[A-Za-z0-9]{32}", .flags = ROW_SECRET,
	  .hit = { "p8e-{32:w}", "key=\"p8e-{32:w}\"" },
	  .miss = { "p8e-{31:w}", "qp8e-{32:w}" } },
	{ "secret.adobe_client_id", "Adobe client id", "secret.id", "adobe",
	  "(?i:adobe)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|"
	  ":=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([0-9a-f]{32})(?"
	  "![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "adobe_key = \"{32:h}\"", "ADOBE_TOKEN: {32:h}" },
	  .miss = { "adobe_key = \"{31:h}\"", "value = \"{32:h}\"" } },
	{ "secret.okta_client_secret", "Okta client secret", "secret.id",
	  "okta[_-]client",
	  "(?i:okta[_-]client)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}"
	  "(?:=>?|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "([A-Za-z0-9_-]{40})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS, .entropy = 38,
	  .hit = { "okta_client_key = \"{40:b}\"",
		   "OKTA_CLIENT_TOKEN: {40:b}" },
	  .miss = { "okta_client_key = \"{39:b}\"", "value = \"{40:b}\"" } },
};

const struct family family_secrets_obs = {
	.name = "secrets_obs",
	.rows = rows,
	.count = ARRAY_LEN(rows),
};
