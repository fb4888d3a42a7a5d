/* pay.c - keys of payment, trade and shipping services.
 *
 * In examples {36:w} stands for 36 made-up characters of a class: see
 * spec/unit/example.h. So nothing here looks like a secret to a scanner.
 */
#include "base/slice.h"
#include "detectors/list.h"

static const struct row rows[] = {
	{ "secret.stripe_secret_key", "Stripe secret or restricted key",
	  "secret.pay", "sk_live_|sk_test_|rk_live_|rk_test_|sk_prod_|rk_prod_",
	  "(?:sk_live_[A-Za-z0-9]{10,120}|sk_test_[A-Za-z0-9]{10,120}"
	  "|rk_live_[A-Za-z0-9]{10,120}|rk_test_[A-Za-z0-9]{10,120}|"
	  "sk_prod_[A-Za-z0-9]{10,120}|rk_prod_[A-Za-z0-9]{10,120})",
	  .flags = ROW_SECRET, .alias = "stripe_key STRIPE_SECRET_KEY",
	  .hit = { "sk_live_{10:w}", "key=\"rk_prod_{10:w}\"" },
	  .miss = { "sk_live_{9:w}", "qrk_prod_{10:w}" } },
	{ "secret.stripe_webhook_secret", "Stripe webhook secret", "secret.pay",
	  "whsec_", "whsec_[A-Za-z0-9+/]{32,64}", .flags = ROW_SECRET,
	  .hit = { "whsec_{32:/}", "key=\"whsec_{32:/}\"" },
	  .miss = { "whsec_{31:/}", "qwhsec_{32:/}" } },
	{ "secret.square_token", "Square access token", "secret.pay",
	  "sq0atp-|EAAA[A-Za-z0-9_-]{8}",
	  "(?:sq0atp-[A-Za-z0-9_-]{22,60}|EAAA[A-Za-z0-9_-]{56,60})",
	  .flags = ROW_SECRET, .hit = { "sq0atp-{22:b}", "key=\"EAAA{56:b}\"" },
	  .miss = { "sq0atp-{21:b}", "qEAAA{56:b}" } },
	{ "secret.square_secret", "Square OAuth secret", "secret.pay",
	  "sq0csp-", "sq0csp-[A-Za-z0-9_-]{43}", .flags = ROW_SECRET,
	  .hit = { "sq0csp-{43:b}", "key=\"sq0csp-{43:b}\"" },
	  .miss = { "sq0csp-{42:b}", "qsq0csp-{43:b}" } },
	{ "secret.braintree_token", "PayPal Braintree access token",
	  "secret.pay", "access_token\\$production\\$",
	  "access_token\\$production\\$[a-z0-9]{16}\\$[0-9a-f]{32}",
	  .flags = ROW_SECRET,
	  .hit = { "access_token$production${16:a}${32:h}",
		   "key=\"access_token$production${16:a}${32:h}\"" },
	  .miss = { "access_token$production${16:a}${31:h}",
		    "qaccess_token$production${16:a}${32:h}" } },
	{ "secret.razorpay_key", "Razorpay key", "secret.pay",
	  "rzp_live_|rzp_test_",
	  "(?:rzp_live_[A-Za-z0-9]{14}|rzp_test_[A-Za-z0-9]{14})",
	  .flags = ROW_SECRET,
	  .hit = { "rzp_live_{14:w}", "key=\"rzp_test_{14:w}\"" },
	  .miss = { "rzp_live_{13:w}", "qrzp_test_{14:w}" } },
	{ "secret.flutterwave_key", "Flutterwave key", "secret.pay",
	  "FLWSECK|FLWPUBK",
	  "FLW(?:SECK|PUBK)(?:_TEST)?-(?:[0-9a-hA-H]{32}|[0-9a-f]{12}"
	  ")(?:-X)?",
	  .flags = ROW_SECRET,
	  .hit = { "FLWSECK_TEST-{32:h}-X", "key=\"FLWPUBK_TEST-{32:h}-X\"" },
	  .miss = { "FLWSECK_TEST-{11:h}", "qFLWPUBK_TEST-{32:h}-X" } },
	{ "secret.plaid_token", "Plaid access token", "secret.pay",
	  "access-production-|access-development-|access-sandbox-",
	  "(?:access-production-[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}"
	  "-[0-9A-Fa-f]{12}|access-development-[0-9A-Fa-f]{8}(?"
	  ":-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|"
	  "access-sandbox-[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}"
	  "-[0-9A-Fa-f]{12})",
	  .flags = ROW_SECRET,
	  .hit = { "access-production-{8:h}-{4:h}-{4:h}-{4:h}-{12:h}",
		   "key=\"access-sandbox-{8:h}-{4:h}-{4:h}-{4:h}-{12:h}\"" },
	  .miss = { "access-production-{8:h}-{4:h}-{4:h}-{4:h}-{11:h}",
		    "qaccess-sandbox-{8:h}-{4:h}-{4:h}-{4:h}-{12:h}" } },
	{ "secret.plaid_secret", "Plaid client id or secret", "secret.pay",
	  "plaid",
	  "(?i:plaid)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|"
	  ":=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([a-z0-9]{30}|"
	  "[A-Za-z0-9]{24})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS, .entropy = 33,
	  .hit = { "plaid_key = \"{30:a}\"", "PLAID_TOKEN: {24:w}" },
	  .miss = { "plaid_key = \"{29:a}\"", "value = \"{30:a}\"" } },
	{ "secret.gocardless_token", "GoCardless token", "secret.pay",
	  "gocardless",
	  "(?i:gocardless)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?"
	  ":=>?|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "(live_[A-Za-z0-9_=-]{40})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "gocardless_key = \"live_{40:=}\"",
		   "GOCARDLESS_TOKEN: live_{40:=}" },
	  .miss = { "gocardless_key = \"live_{39:=}\"",
		    "value = \"live_{40:=}\"" } },
	{ "secret.shopify_token", "Shopify access token or secret",
	  "secret.pay", "shpat_|shpca_|shppa_|shpss_",
	  "(?:shpat_[0-9A-Fa-f]{32}|shpca_[0-9A-Fa-f]{32}|"
	  "shppa_[0-9A-Fa-f]{32}|shpss_[0-9A-Fa-f]{32})",
	  .flags = ROW_SECRET, .alias = "SHOPIFY_TOKEN",
	  .hit = { "shpat_{32:x}", "key=\"shpss_{32:x}\"" },
	  .miss = { "shpat_{31:x}", "qshpss_{32:x}" } },
	{ "secret.coinbase_token", "Coinbase access token", "secret.pay",
	  "coinbase",
	  "(?i:coinbase)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?"
	  "|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "([A-Za-z0-9_-]{64})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS, .entropy = 40,
	  .hit = { "coinbase_key = \"{64:b}\"", "COINBASE_TOKEN: {64:b}" },
	  .miss = { "coinbase_key = \"{63:b}\"", "value = \"{64:b}\"" } },
	{ "secret.kraken_token", "Kraken access token", "secret.pay", "kraken",
	  "(?i:kraken)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|"
	  ":=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "([A-Za-z0-9/=_+-]{80,90})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "kraken_key = \"{80:k}\"", "KRAKEN_TOKEN: {80:k}" },
	  .miss = { "kraken_key = \"{79:k}\"", "value = \"{80:k}\"" } },
	{ "secret.lob_key", "Lob API key", "secret.pay",
	  "live_|test_|live_pub_|test_pub_",
	  "(?:live_[0-9a-f]{35}|test_[0-9a-f]{35}|"
	  "live_pub_[0-9a-f]{31}|test_pub_[0-9a-f]{31})",
	  .flags = ROW_SECRET,
	  .hit = { "live_{35:h}", "key=\"test_pub_{31:h}\"" },
	  .miss = { "live_{34:h}", "qtest_pub_{31:h}" } },
	{ "secret.shippo_token", "Shippo API token", "secret.pay",
	  "shippo_live_|shippo_test_",
	  "(?:shippo_live_[0-9a-f]{40}|shippo_test_[0-9a-f]{40})",
	  .flags = ROW_SECRET,
	  .hit = { "shippo_live_{40:h}", "key=\"shippo_test_{40:h}\"" },
	  .miss = { "shippo_live_{39:h}", "qshippo_test_{40:h}" } },
	{ "secret.easypost_key", "EasyPost API key", "secret.pay", "EZAK|EZTK",
	  "(?:EZAK[A-Za-z0-9]{54}|EZTK[A-Za-z0-9]{54})", .flags = ROW_SECRET,
	  .hit = { "EZAK{54:w}", "key=\"EZTK{54:w}\"" },
	  .miss = { "EZAK{53:w}", "qEZTK{54:w}" } },
	{ "secret.duffel_token", "Duffel API token", "secret.pay",
	  "duffel_live_|duffel_test_",
	  "(?:duffel_live_[A-Za-z0-9_=-]{43}|"
	  "duffel_test_[A-Za-z0-9_=-]{43})",
	  .flags = ROW_SECRET,
	  .hit = { "duffel_live_{43:=}", "key=\"duffel_test_{43:=}\"" },
	  .miss = { "duffel_live_{42:=}", "qduffel_test_{43:=}" } },
	{ "secret.finicity_secret", "Finicity client secret", "secret.pay",
	  "finicity",
	  "(?i:finicity)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?"
	  "|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([A-Za-z0-9]{20}"
	  "|[0-9a-f]{32})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "finicity_key = \"{20:w}\"", "FINICITY_TOKEN: {32:h}" },
	  .miss = { "finicity_key = \"{19:w}\"", "value = \"{20:w}\"" } },
	{ "secret.finnhub_token", "Finnhub access token", "secret.pay",
	  "finnhub",
	  "(?i:finnhub)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|"
	  ":=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([a-z0-9]{20})(?"
	  "![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "finnhub_key = \"{20:a}\"", "FINNHUB_TOKEN: {20:a}" },
	  .miss = { "finnhub_key = \"{19:a}\"", "value = \"{20:a}\"" } },
	{ "secret.settlemint_token", "SettleMint token", "secret.pay",
	  "sm_aat_|sm_pat_|sm_sat_",
	  "(?:sm_aat_[A-Za-z0-9]{16}|sm_pat_[A-Za-z0-9]{16}|"
	  "sm_sat_[A-Za-z0-9]{16})",
	  .flags = ROW_SECRET,
	  .hit = { "sm_aat_{16:w}", "key=\"sm_sat_{16:w}\"" },
	  .miss = { "sm_aat_{15:w}", "qsm_sat_{16:w}" } },
	{ "secret.adyen_key", "Adyen API key", "secret.pay",
	  "AQE[A-Za-z0-9]{8}", "AQE[A-Za-z0-9+/]{100,260}", .flags = ROW_SECRET,
	  .hit = { "AQE{100:/}", "key=\"AQE{100:/}\"" },
	  .miss = { "AQE{99:/}", "qAQE{100:/}" } },
	{ "secret.dwolla_secret", "Dwolla secret", "secret.pay", "dwolla",
	  "(?i:dwolla)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|"
	  ":=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([A-Za-z0-9]{50})"
	  "(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "dwolla_key = \"{50:w}\"", "DWOLLA_TOKEN: {50:w}" },
	  .miss = { "dwolla_key = \"{49:w}\"", "value = \"{50:w}\"" } },
	{ "secret.kucoin_key", "KuCoin key or secret", "secret.pay", "kucoin",
	  "(?i:kucoin)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|"
	  ":=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([0-9a-f]{24}|"
	  "[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})(?"
	  "![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "kucoin_key = \"{24:h}\"",
		   "KUCOIN_TOKEN: {8:h}-{4:h}-{4:h}-{4:h}-{12:h}" },
	  .miss = { "kucoin_key = \"{23:h}\"", "value = \"{24:h}\"" } },
	{ "secret.bittrex_key", "Bittrex key", "secret.pay", "bittrex",
	  "(?i:bittrex)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|"
	  ":=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([a-z0-9]{32})(?"
	  "![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "bittrex_key = \"{32:a}\"", "BITTREX_TOKEN: {32:a}" },
	  .miss = { "bittrex_key = \"{31:a}\"", "value = \"{32:a}\"" } },
	{ "secret.freemius_secret", "Freemius secret key", "secret.pay",
	  "secret_key",
	  "(?i:secret_key)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?"
	  ":=>?|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "(sk_[A-Za-z0-9_-]{29})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "\"secret_key\" => \"sk_{29:w}\"", "secret_key: sk_{29:w}" },
	  .miss = { "secret_key => \"sk_{20:b}\"", "key: sk_{29:b}" } },
};

const struct family family_secrets_pay = {
	.name = "secrets_pay",
	.rows = rows,
	.count = ARRAY_LEN(rows),
};
