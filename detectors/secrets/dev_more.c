/* dev_more.c - keys of developer tools and public APIs, second half.
 *
 * In examples {36:w} stands for 36 made-up characters of a class: see
 * spec/unit/example.h. So nothing here looks like a secret to a scanner.
 */
#include "base/slice.h"
#include "detectors/list.h"

static const struct row rows[] = {
	{ "secret.alchemy_key", "Alchemy API key", "secret.dev", "alchemy",
	  "(?i:alchemy)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|"
	  ":=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "([A-Za-z0-9_-]{32})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS, .entropy = 35,
	  .hit = { "alchemy_key = \"{32:b}\"", "ALCHEMY_TOKEN: {32:b}" },
	  .miss = { "alchemy_key = \"{31:b}\"", "value = \"{32:b}\"" } },
	{ "secret.infura_key", "Infura API key", "secret.dev", "infura",
	  "(?i:infura)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|"
	  ":=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([0-9a-f]{32})(?"
	  "![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "infura_key = \"{32:h}\"", "INFURA_TOKEN: {32:h}" },
	  .miss = { "infura_key = \"{31:h}\"", "value = \"{32:h}\"" } },
	{ "secret.etherscan_key", "Etherscan API key", "secret.dev",
	  "etherscan",
	  "(?i:etherscan)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>"
	  "?|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([A-Z0-9]{34})"
	  "(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "etherscan_key = \"{34:A}\"", "ETHERSCAN_TOKEN: {34:A}" },
	  .miss = { "etherscan_key = \"{33:A}\"", "value = \"{34:A}\"" } },
	{ "secret.posthog_key", "PostHog key", "secret.dev", "phx_|phc_",
	  "(?:phx_[A-Za-z0-9]{43}|phc_[A-Za-z0-9]{43})", .flags = ROW_SECRET,
	  .hit = { "phx_{43:w}", "key=\"phc_{43:w}\"" },
	  .miss = { "phx_{42:w}", "qphc_{43:w}" } },
	{ "secret.segment_token", "Segment public API token", "secret.dev",
	  "sgp_", "sgp_[A-Za-z0-9]{64}", .flags = ROW_SECRET,
	  .hit = { "sgp_{64:w}", "key=\"sgp_{64:w}\"" },
	  .miss = { "sgp_{63:w}", "qsgp_{64:w}" } },
	{ "secret.amplitude_key", "Amplitude API key", "secret.dev",
	  "amplitude",
	  "(?i:amplitude)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>"
	  "?|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([0-9a-f]{32})"
	  "(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "amplitude_key = \"{32:h}\"", "AMPLITUDE_TOKEN: {32:h}" },
	  .miss = { "amplitude_key = \"{31:h}\"", "value = \"{32:h}\"" } },
	{ "secret.mixpanel_secret", "Mixpanel secret", "secret.dev", "mixpanel",
	  "(?i:mixpanel)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?"
	  "|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([0-9a-f]{32})(?"
	  "![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "mixpanel_key = \"{32:h}\"", "MIXPANEL_TOKEN: {32:h}" },
	  .miss = { "mixpanel_key = \"{31:h}\"", "value = \"{32:h}\"" } },
	{ "secret.adafruit_key", "Adafruit IO key", "secret.dev", "aio_",
	  "aio_[A-Za-z0-9]{28}", .flags = ROW_SECRET,
	  .hit = { "aio_{28:w}", "key=\"aio_{28:w}\"" },
	  .miss = { "aio_{27:w}", "qaio_{28:w}" } },
	{ "secret.adafruit_key_old", "Adafruit IO key, old format",
	  "secret.dev", "adafruit",
	  "(?i:adafruit)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?"
	  "|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "([A-Za-z0-9_-]{32})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "adafruit_key = \"{32:b}\"", "ADAFRUIT_TOKEN: {32:b}" },
	  .miss = { "adafruit_key = \"{31:b}\"", "value = \"{32:b}\"" } },
	{ "secret.particle_token", "Particle access token", "secret.dev",
	  "particle\\.io|particle[_-]acc",
	  "(?i:particle\\.io|particle[_-]acc)[\\w .-]{0,40}"
	  "[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|:=?|\\|\\||>|,|\\(|\\?=)"
	  "[\\s\"\\'`(]{0,6}([0-9a-f]{40})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "particle.io_key = \"{40:h}\"",
		   "PARTICLE.IO_TOKEN: {40:h}" },
	  .miss = { "particle.io_key = \"{39:h}\"", "value = \"{40:h}\"" } },
	{ "secret.dependency_track_key", "Dependency-Track API key",
	  "secret.dev", "odt_",
	  "(?:odt_[A-Za-z0-9]{32}|odt_[A-Za-z0-9]{8}_[A-Za-z0-9]{32})",
	  .flags = ROW_SECRET,
	  .hit = { "odt_{32:w}", "key=\"odt_{8:w}_{32:w}\"" },
	  .miss = { "odt_{31:w}", "qodt_{8:w}_{32:w}" } },
	{ "secret.authress_key", "Authress service client key", "secret.dev",
	  "\\.acc_|\\.acc-",
	  "\\.acc[_-][a-z0-9-]{10,32}\\.[A-Za-z0-9+/_=-]{30,120}",
	  .flags = ROW_SECRET | ROW_INSIDE,
	  .hit = { "sc_{5:a}.{4:a}.acc_{10:a}.{30:/}",
		   "key=\"authress_{5:a}.{4:a}.acc_{10:a}.{30:/}\"" },
	  .miss = { ".acc_{5:a}.{10:w}", "sc_ab.cd" } },
	{ "secret.defined_networking_token", "Defined Networking token",
	  "secret.dev", "dnkey-", "dnkey-[A-Za-z0-9_=-]{26}-[A-Za-z0-9_=-]{52}",
	  .flags = ROW_SECRET,
	  .hit = { "dnkey-{26:=}-{52:=}", "key=\"dnkey-{26:=}-{52:=}\"" },
	  .miss = { "dnkey-{26:=}-{51:=}", "qdnkey-{26:=}-{52:=}" } },
	{ "secret.meraki_key", "Cisco Meraki API key", "secret.dev", "meraki",
	  "(?i:meraki)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|"
	  ":=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([0-9a-f]{40})(?"
	  "![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "meraki_key = \"{40:h}\"", "MERAKI_TOKEN: {40:h}" },
	  .miss = { "meraki_key = \"{39:h}\"", "value = \"{40:h}\"" } },
	{ "secret.intra42_secret", "Intra 42 client secret", "secret.dev",
	  "s-s4t2ud-|s-s4t2af-",
	  "(?:s-s4t2ud-[0-9a-f]{64}|s-s4t2af-[0-9a-f]{64})",
	  .flags = ROW_SECRET,
	  .hit = { "s-s4t2ud-{64:h}", "key=\"s-s4t2af-{64:h}\"" },
	  .miss = { "s-s4t2ud-{63:h}", "qs-s4t2af-{64:h}" } },
	{ "secret.openweather_key", "OpenWeather API key", "secret.dev",
	  "openweather",
	  "(?i:openweather)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?"
	  ":=>?|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "([0-9a-f]{32})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "openweather_key = \"{32:h}\"",
		   "OPENWEATHER_TOKEN: {32:h}" },
	  .miss = { "openweather_key = \"{31:h}\"", "value = \"{32:h}\"" } },
	{ "secret.here_key", "HERE API key", "secret.dev",
	  "here[_-]api|here_app",
	  "(?i:here[_-]api|here_app)[\\w .-]{0,40}[\"\\'`\\])]{0,2}"
	  "\\s{0,3}(?:=>?|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "([A-Za-z0-9_-]{43})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "here_api_key = \"{43:b}\"", "HERE_API_TOKEN: {43:b}" },
	  .miss = { "here_api_key = \"{42:b}\"", "value = \"{43:b}\"" } },
	{ "secret.tomtom_key", "TomTom API key", "secret.dev", "tomtom",
	  "(?i:tomtom)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|"
	  ":=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([A-Za-z0-9]{32})"
	  "(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS, .entropy = 35,
	  .hit = { "tomtom_key = \"{32:w}\"", "TOMTOM_TOKEN: {32:w}" },
	  .miss = { "tomtom_key = \"{31:w}\"", "value = \"{32:w}\"" } },
	{ "secret.calendly_token", "Calendly token", "secret.dev", "calendly",
	  "(?i:calendly)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?"
	  "|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "(eyJ[A-Za-z0-9_.-]{100,500})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "calendly_key = \"eyJ{100:.}\"",
		   "CALENDLY_TOKEN: eyJ{100:.}" },
	  .miss = { "calendly_key = \"eyJ{99:.}\"",
		    "value = \"eyJ{100:.}\"" } },
	{ "secret.typesense_key", "Typesense API key", "secret.dev",
	  "typesense",
	  "(?i:typesense)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>"
	  "?|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "([A-Za-z0-9]{32})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS, .entropy = 35,
	  .hit = { "typesense_key = \"{32:w}\"", "TYPESENSE_TOKEN: {32:w}" },
	  .miss = { "typesense_key = \"{31:w}\"", "value = \"{32:w}\"" } },
	{ "secret.meilisearch_key", "Meilisearch key", "secret.dev", "meili",
	  "(?i:meili)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|"
	  ":=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "([A-Za-z0-9]{40,64})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS, .entropy = 35,
	  .hit = { "meili_key = \"{40:w}\"", "MEILI_TOKEN: {40:w}" },
	  .miss = { "meili_key = \"{39:w}\"", "value = \"{40:w}\"" } },
	{ "secret.kickbox_key", "Kickbox API key", "secret.dev", "live_",
	  "live_[0-9a-f]{64}", .flags = ROW_SECRET,
	  .hit = { "live_{64:h}", "key=\"live_{64:h}\"" },
	  .miss = { "live_{63:h}", "qlive_{64:h}" } },
	{ "secret.squarespace_token", "Squarespace access token", "secret.dev",
	  "squarespace",
	  "(?i:squarespace)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?"
	  ":=>?|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "([0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})(?"
	  "![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "squarespace_key = \"{8:h}-{4:h}-{4:h}-{4:h}-{12:h}\"",
		   "SQUARESPACE_TOKEN: {8:h}-{4:h}-{4:h}-{4:h}-{12:h}" },
	  .miss = { "squarespace_key = \"{8:h}-{4:h}-{4:h}-{4:h}-{11:h}\"",
		    "value = \"{8:h}-{4:h}-{4:h}-{4:h}-{12:h}\"" } },
	{ "secret.flickr_token", "Flickr access token", "secret.dev", "flickr",
	  "(?i:flickr)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|"
	  ":=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([a-z0-9]{32})(?"
	  "![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS, .entropy = 30,
	  .hit = { "flickr_key = \"{32:a}\"", "FLICKR_TOKEN: {32:a}" },
	  .miss = { "flickr_key = \"{31:a}\"", "value = \"{32:a}\"" } },
	{ "secret.nytimes_token", "New York Times API key", "secret.dev",
	  "nytimes|new-york-times|newyorktimes",
	  "(?i:nytimes|new-york-times|newyorktimes)[\\w .-]{0,40}"
	  "[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|:=?|\\|\\||>|,|\\(|\\?=)"
	  "[\\s\"\\'`(]{0,6}([A-Za-z0-9_-]{32})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS, .entropy = 33,
	  .hit = { "nytimes_key = \"{32:b}\"", "NYTIMES_TOKEN: {32:b}" },
	  .miss = { "nytimes_key = \"{31:b}\"", "value = \"{32:b}\"" } },
	{ "secret.giphy_key", "Giphy API key", "secret.dev", "giphy",
	  "(?i:giphy)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|"
	  ":=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([A-Za-z0-9]{32})"
	  "(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS, .entropy = 35,
	  .hit = { "giphy_key = \"{32:w}\"", "GIPHY_TOKEN: {32:w}" },
	  .miss = { "giphy_key = \"{31:w}\"", "value = \"{32:w}\"" } },
	{ "secret.unsplash_key", "Unsplash access key", "secret.dev",
	  "unsplash",
	  "(?i:unsplash)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?"
	  "|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "([A-Za-z0-9_-]{43})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "unsplash_key = \"{43:b}\"", "UNSPLASH_TOKEN: {43:b}" },
	  .miss = { "unsplash_key = \"{42:b}\"", "value = \"{43:b}\"" } },
	{ "secret.etsy_token", "Etsy access token", "secret.dev", "etsy",
	  "(?i:etsy)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|:=?"
	  "|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([a-z0-9]{24})(?"
	  "![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS, .entropy = 30,
	  .hit = { "etsy_key = \"{24:a}\"", "ETSY_TOKEN: {24:a}" },
	  .miss = { "etsy_key = \"{23:a}\"", "value = \"{24:a}\"" } },
	{ "secret.lokalise_token", "Lokalise API token", "secret.dev",
	  "lokalise",
	  "(?i:lokalise)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?"
	  "|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([0-9a-f]{40})(?"
	  "![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "lokalise_key = \"{40:h}\"", "LOKALISE_TOKEN: {40:h}" },
	  .miss = { "lokalise_key = \"{39:h}\"", "value = \"{40:h}\"" } },
	{ "secret.pipedrive_token", "Pipedrive API token", "secret.dev",
	  "pipedrive",
	  "(?i:pipedrive)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>"
	  "?|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([0-9a-f]{40})"
	  "(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "pipedrive_key = \"{40:h}\"", "PIPEDRIVE_TOKEN: {40:h}" },
	  .miss = { "pipedrive_key = \"{39:h}\"", "value = \"{40:h}\"" } },
	{ "secret.snipcart_key", "Snipcart key", "secret.dev", "snipcart",
	  "(?i:snipcart)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?"
	  "|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([A-Za-z0-9]{75}"
	  ")(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "snipcart_key = \"{75:w}\"", "SNIPCART_TOKEN: {75:w}" },
	  .miss = { "snipcart_key = \"{74:w}\"", "value = \"{75:w}\"" } },
	{ "secret.livekit_secret", "LiveKit secret", "secret.dev", "livekit",
	  "(?i:livekit)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|"
	  ":=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "([A-Za-z0-9]{43,44})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "livekit_key = \"{43:w}\"", "LIVEKIT_TOKEN: {43:w}" },
	  .miss = { "livekit_key = \"{42:w}\"", "value = \"{43:w}\"" } },
	{ "secret.cursor_key", "Cursor API key", "secret.dev",
	  "key_[0-9a-f]{16}", "key_[0-9a-f]{64}", .flags = ROW_SECRET,
	  .hit = { "key_{64:h}", "key=\"key_{64:h}\"" },
	  .miss = { "key_{63:h}", "qkey_{64:h}" } },
	{ "secret.ably_key", "Ably API key", "secret.dev", "ably",
	  "(?i:ably)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|:=?"
	  "|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([A-Za-z0-9]{6}"
	  "\\.[A-Za-z0-9]{6}:[A-Za-z0-9_-]{43})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "ably_key = \"{6:w}.{6:w}:{43:b}\"",
		   "ABLY_TOKEN: {6:w}.{6:w}:{43:b}" },
	  .miss = { "ably_key = \"{6:w}.{6:w}:{42:b}\"",
		    "value = \"{6:w}.{6:w}:{43:b}\"" } },
	{ "secret.codeium_key", "Codeium (Windsurf) API key", "secret.dev",
	  "codeium|windsurf",
	  "(?i:codeium|windsurf)[\\w .-]{0,40}[\"\\'`\\])]{0,2}"
	  "\\s{0,3}(?:=>?|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "([0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})(?"
	  "![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "codeium_key = \"{8:h}-{4:h}-{4:h}-{4:h}-{12:h}\"",
		   "CODEIUM_TOKEN: {8:h}-{4:h}-{4:h}-{4:h}-{12:h}" },
	  .miss = { "codeium_key = \"{8:h}-{4:h}-{4:h}-{4:h}-{11:h}\"",
		    "value = \"{8:h}-{4:h}-{4:h}-{4:h}-{12:h}\"" } },
};

const struct family family_secrets_dev_more = {
	.name = "secrets_dev_more",
	.rows = rows,
	.count = ARRAY_LEN(rows),
};
