/* msg.c - tokens of messaging, mail and telephony.
 *
 * In examples {36:w} stands for 36 made-up characters of a class: see
 * spec/unit/example.h. So nothing here looks like a secret to a scanner.
 */
#include "base/slice.h"
#include "detectors/list.h"

#include <ctype.h>
#include <string.h>

/* Names of places begin so too; a token has numbers in it. */
static int confirm_slack(struct sight *s)
{
	uint32_t digits = 0;

	for (uint32_t i = s->from; i < s->to; i++)
		digits += isdigit((unsigned char)s->text[i]) != 0;
	return digits >= 6 ? 95 : 0;
}

/* The whole URL is the secret: takes in what stands before the anchor. */
static int confirm_webhook(struct sight *s)
{
	uint32_t from = s->from;

	while (from > 0 && s->from - from < 100 && s->text[from - 1] &&
	       (isalnum((unsigned char)s->text[from - 1]) ||
		strchr(".-:/", s->text[from - 1])))
		from--;
	if (s->len - from > 4 && !memcmp(s->text + from, "http", 4))
		s->from = from;
	return 95;
}

static const struct row rows[] = {
	{ "secret.slack_token", "Slack bot, user, app or configuration token",
	  "secret.msg",
	  "xoxb-|xoxp-|xoxa-|xoxr-|xoxo-|xoxs-|xoxe-|xoxe\\.xox|"
	  "xapp-[0-9]-|xoxc-|xoxd-",
	  "(?:xox[bparosecd](?:-[0-9]{1,2})?-[0-9A-Za-z%/+_-]{10,250}"
	  "|xoxe\\.xox[bp]-[0-9]-[A-Za-z0-9]{100,200}|"
	  "xapp-[0-9]-[A-Z0-9]{8,14}-[0-9]{10,14}-[0-9a-z]{40,80})",
	  .flags = ROW_SECRET, .alias = "SLACK_TOKEN", .confirm = confirm_slack,
	  .hit = { "xoxb-{10:d}-{10:d}-{18:w}",
		   "key=\"xoxp-{10:d}-{10:d}-{10:d}-{28:w}\"" },
	  .miss = { "xoxb-REPLACE-WITH-YOUR-TOKEN", "xoxo-indieweb-1" } },
	{ "secret.slack_webhook", "Slack incoming webhook", "secret.msg",
	  "hooks\\.slack\\.com/",
	  "hooks\\.slack(?:-gov)?\\.com/(?:services|workflows|"
	  "triggers)/[A-Za-z0-9+/]{40,90}",
	  .flags = ROW_SECRET, .alias = "SLACK_WEBHOOK",
	  .confirm = confirm_webhook,
	  .hit = { "hooks.slack.com/services/T{8:A}/B{8:A}/{20:w}",
		   "key=\"hooks.slack.com/workflows/T{8:A}/A{8:A}/{17:d}"
		   "/{20:w}\"" },
	  .miss = { "hooks.slack.com/services/T/B/x",
		    "hooks.slack.com/services" } },
	{ "secret.discord_bot_token", "Discord bot token", "secret.msg",
	  "\\.[A-Za-z0-9_-]{6}\\.[A-Za-z0-9_-]{27}",
	  "[MNO][A-Za-z0-9_-]{23}\\.[A-Za-z0-9_-]{6}"
	  "\\.[A-Za-z0-9_-]{27,38}",
	  .flags = ROW_SECRET, .back = 24,
	  .hit = { "MTA{21:w}.{6:w}.{27:w}", "Bot NzI{21:w}.{6:w}.{27:w}" },
	  .miss = { "MTA{22:w}.{5:w}.{27:w}", "{24:d}.{6:w}.{27:w}" } },
	{ "secret.discord_bot_token", "Discord bot token", "secret.msg",
	  "\\.[A-Za-z0-9_-]{6}\\.[A-Za-z0-9_-]{27}",
	  "[MNO][A-Za-z0-9_-]{25}\\.[A-Za-z0-9_-]{6}"
	  "\\.[A-Za-z0-9_-]{27,38}",
	  .flags = ROW_SECRET, .back = 26,
	  .hit = { "MTA{23:w}.{6:w}.{38:w}", "Bot NzI{23:w}.{6:w}.{27:w}" },
	  .miss = { "MTA{23:w}.{5:w}.{27:w}", "{26:d}.{6:w}.{27:w}" } },
	{ "secret.discord_webhook", "Discord webhook", "secret.msg",
	  "/api/webhooks/", "/api/webhooks/[0-9]{17,20}/[A-Za-z0-9_-]{60,80}",
	  .flags = ROW_SECRET | ROW_INSIDE, .confirm = confirm_webhook,
	  .hit = { "discord.com/api/webhooks/{18:d}/{60:b}",
		   "key=\"discordapp.com/api/webhooks/{18:d}/{60:b}\"" },
	  .miss = { "/api/webhooks/12/ab", "discord.com/api/{18:d}" } },
	{ "secret.discord_client_secret", "Discord client id or secret",
	  "secret.msg", "discord",
	  "(?i:discord)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|"
	  ":=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "([A-Za-z0-9_-]{32}|[0-9a-f]{64}|[0-9]{18,19})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS, .entropy = 26,
	  .hit = { "discord_key = \"{32:b}\"", "DISCORD_TOKEN: {18:d}" },
	  .miss = { "discord_key = \"{31:b}\"", "value = \"{32:b}\"" } },
	{ "secret.teams_webhook", "Microsoft Teams webhook", "secret.msg",
	  "webhook\\.office\\.com/webhookb2/",
	  "webhook\\.office\\.com/webhookb2/[0-9a-f-]{36}"
	  "@[0-9a-f-]{36}/IncomingWebhook/[0-9a-z]{32}/[0-9a-f-]{36}",
	  .flags = ROW_SECRET, .confirm = confirm_webhook,
	  .hit = { "webhook.office.com/webhookb2/{8:h}-{4:h}-{4:h}-{4:h}"
		   "-{12:h}@{8:h}-{4:h}-{4:h}-{4:h}-{12:h}"
		   "/IncomingWebhook/{32:h}/{8:h}-{4:h}-{4:h}-{4:h}-{12:h}",
		   "key=\"webhook.office.com/webhookb2/{8:h}-{4:h}-{4:h}-{4:h}"
		   "-{12:h}@{8:h}-{4:h}-{4:h}-{4:h}-{12:h}"
		   "/IncomingWebhook/{32:h}/{8:h}-{4:h}-{4:h}-{4:h}-{12:h}\"" },
	  .miss = { "webhook.office.com/webhookb2/{8:h}-{4:h}-{4:h}-{4:h}"
		    "-{12:h}@{8:h}-{4:h}-{4:h}-{4:h}-{12:h}"
		    "/IncomingWebhook/{32:h}/{8:h}-{4:h}-{4:h}-{4:h}-{11:h}",
		    "qwebhook.office.com/webhookb2/{8:h}-{4:h}-{4:h}-{4:h}"
		    "-{12:h}@{8:h}-{4:h}-{4:h}-{4:h}-{12:h}"
		    "/IncomingWebhook/{32:h}/"
		    "{8:h}-{4:h}-{4:h}-{4:h}-{12:h}" } },
	{ "secret.telegram_bot_token", "Telegram bot token", "secret.msg",
	  "[0-9]:A[A-Za-z0-9_-]{34}", "[0-9]{8}:A[A-Za-z0-9_-]{34}",
	  .flags = ROW_SECRET | ROW_INSIDE, .alias = "TELEGRAM_BOT_TOKEN",
	  .back = 7, .hit = { "{8:d}:AA{33:w}", "bot{10:d}:AA{33:w}/getMe" },
	  .miss = { "{8:d}:AA{32:w}", "12:AA{33:w}" } },
	{ "secret.twilio_api_key", "Twilio API key", "secret.msg",
	  "SK[0-9a-f]{8}", "SK[0-9a-f]{32}", .flags = ROW_SECRET,
	  .alias = "TWILIO_API_KEY", .hit = { "SK{32:h}", "key=\"SK{32:h}\"" },
	  .miss = { "SK{31:h}", "qSK{32:h}" } },
	{ "secret.twilio_account_sid", "Twilio account SID", "secret.msg",
	  "AC[0-9a-f]{8}", "AC[0-9a-f]{32}", .flags = ROW_SECRET, .tier = 2,
	  .score = 70, .hit = { "AC{32:h}", "key=\"AC{32:h}\"" },
	  .miss = { "AC{31:h}", "qAC{32:h}" } },
	{ "secret.twilio_auth_token", "Twilio auth token", "secret.msg",
	  "twilio",
	  "(?i:twilio)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|"
	  ":=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([0-9a-f]{32})(?"
	  "![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "twilio_key = \"{32:h}\"", "TWILIO_TOKEN: {32:h}" },
	  .miss = { "twilio_key = \"{31:h}\"", "value = \"{32:h}\"" } },
	{ "secret.sendgrid_api_key", "SendGrid API key", "secret.msg", "SG\\.",
	  "SG\\.[A-Za-z0-9_-]{22}\\.[A-Za-z0-9_-]{43}", .flags = ROW_SECRET,
	  .alias = "SENDGRID_API_KEY",
	  .hit = { "SG.{22:b}.{43:b}", "key=\"SG.{22:b}.{43:b}\"" },
	  .miss = { "SG.{22:b}.{42:b}", "qSG.{22:b}.{43:b}" } },
	{ "secret.mailgun_key", "Mailgun API or signing key", "secret.msg",
	  "key-|pubkey-", "(?:key-[0-9a-f]{32}|pubkey-[0-9a-f]{32})",
	  .flags = ROW_SECRET, .hit = { "key-{32:h}", "key=\"pubkey-{32:h}\"" },
	  .miss = { "key-{31:h}", "qpubkey-{32:h}" } },
	{ "secret.mailgun_signing_key", "Mailgun webhook signing key",
	  "secret.msg", "[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}",
	  "[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}", .flags = ROW_SECRET,
	  .back = 24,
	  .hit = { "{32:h}-{8:h}-{8:h}", "key=\"{32:h}-{8:h}-{8:h}\"" },
	  .miss = { "{32:h}-{8:h}-{7:h}", "q{32:h}-{8:h}-{8:h}" } },
	{ "secret.mailchimp_key", "Mailchimp API key", "secret.msg", "-us[0-9]",
	  "[0-9a-f]{32}-us[0-9]{1,2}", .flags = ROW_SECRET, .back = 32,
	  .hit = { "{32:h}-us{1:d}", "key=\"{32:h}-us{1:d}\"" },
	  .miss = { "{31:h}-us1", "q{32:h}-us1" } },
	{ "secret.brevo_key", "Brevo (Sendinblue) API key", "secret.msg",
	  "xkeysib-", "xkeysib-[0-9a-f]{64}-[A-Za-z0-9]{16}",
	  .flags = ROW_SECRET,
	  .hit = { "xkeysib-{64:h}-{16:w}", "key=\"xkeysib-{64:h}-{16:w}\"" },
	  .miss = { "xkeysib-{64:h}-{15:w}", "qxkeysib-{64:h}-{16:w}" } },
	{ "secret.resend_key", "Resend API key", "secret.msg", "re_",
	  "re_[A-Za-z0-9]{8}_[A-Za-z0-9]{24}", .flags = ROW_SECRET,
	  .hit = { "re_{8:w}_{24:w}", "key=\"re_{8:w}_{24:w}\"" },
	  .miss = { "re_{8:w}_{23:w}", "qre_{8:w}_{24:w}" } },
	{ "secret.postmark_token", "Postmark server token", "secret.msg",
	  "postmark",
	  "(?i:postmark)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?"
	  "|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([0-9A-Fa-f]{8}"
	  "(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "postmark_key = \"{8:h}-{4:h}-{4:h}-{4:h}-{12:h}\"",
		   "POSTMARK_TOKEN: {8:h}-{4:h}-{4:h}-{4:h}-{12:h}" },
	  .miss = { "postmark_key = \"{8:h}-{4:h}-{4:h}-{4:h}-{11:h}\"",
		    "value = \"{8:h}-{4:h}-{4:h}-{4:h}-{12:h}\"" } },
	{ "secret.sparkpost_key", "SparkPost API key", "secret.msg",
	  "sparkpost",
	  "(?i:sparkpost)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>"
	  "?|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([0-9a-f]{40})"
	  "(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "sparkpost_key = \"{40:h}\"", "SPARKPOST_TOKEN: {40:h}" },
	  .miss = { "sparkpost_key = \"{39:h}\"", "value = \"{40:h}\"" } },
	{ "secret.mailjet_secret", "Mailjet secret", "secret.msg", "mailjet",
	  "(?i:mailjet)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|"
	  ":=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([0-9a-f]{32})(?"
	  "![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "mailjet_key = \"{32:h}\"", "MAILJET_TOKEN: {32:h}" },
	  .miss = { "mailjet_key = \"{31:h}\"", "value = \"{32:h}\"" } },
	{ "secret.messagebird_token", "MessageBird API token", "secret.msg",
	  "messagebird|message[_-]bird",
	  "(?i:messagebird|message[_-]bird)[\\w .-]{0,40}[\"\\'`\\])"
	  "]{0,2}\\s{0,3}(?:=>?|:=?|\\|\\||>|,|\\(|\\?=)"
	  "[\\s\"\\'`(]{0,6}([A-Za-z0-9]{25}|[0-9A-Fa-f]{8}(?"
	  ":-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "messagebird_key = \"{25:w}\"",
		   "MESSAGEBIRD_TOKEN: {8:h}-{4:h}-{4:h}-{4:h}-{12:h}" },
	  .miss = { "messagebird_key = \"{24:w}\"", "value = \"{25:w}\"" } },
	{ "secret.vonage_secret", "Vonage (Nexmo) secret", "secret.msg",
	  "nexmo|vonage",
	  "(?i:nexmo|vonage)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?"
	  ":=>?|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "([A-Za-z0-9]{16})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS, .entropy = 33,
	  .hit = { "nexmo_key = \"{16:w}\"", "NEXMO_TOKEN: {16:w}" },
	  .miss = { "nexmo_key = \"{15:w}\"", "value = \"{16:w}\"" } },
	{ "secret.plivo_token", "Plivo auth token", "secret.msg", "plivo",
	  "(?i:plivo)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|"
	  ":=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([A-Za-z0-9]{40})"
	  "(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "plivo_key = \"{40:w}\"", "PLIVO_TOKEN: {40:w}" },
	  .miss = { "plivo_key = \"{39:w}\"", "value = \"{40:w}\"" } },
	{ "secret.mattermost_token", "Mattermost access token", "secret.msg",
	  "mattermost",
	  "(?i:mattermost)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?"
	  ":=>?|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "([a-z0-9]{26})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "mattermost_key = \"{26:a}\"", "MATTERMOST_TOKEN: {26:a}" },
	  .miss = { "mattermost_key = \"{25:a}\"", "value = \"{26:a}\"" } },
	{ "secret.zapier_webhook", "Zapier webhook", "secret.msg",
	  "hooks\\.zapier\\.com/hooks/catch/",
	  "hooks\\.zapier\\.com/hooks/catch/[0-9]{6,9}/[a-z0-9]{6,9}",
	  .flags = ROW_SECRET,
	  .hit = { "hooks.zapier.com/hooks/catch/{6:d}/{6:a}",
		   "key=\"hooks.zapier.com/hooks/catch/{6:d}/{6:a}\"" },
	  .miss = { "hooks.zapier.com/hooks/catch/{6:d}/{5:a}",
		    "qhooks.zapier.com/hooks/catch/{6:d}/{6:a}" } },
	{ "secret.intercom_token", "Intercom API token", "secret.msg",
	  "intercom",
	  "(?i:intercom)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?"
	  "|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "([A-Za-z0-9_=-]{60})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS, .entropy = 40,
	  .hit = { "intercom_key = \"{60:=}\"", "INTERCOM_TOKEN: {60:=}" },
	  .miss = { "intercom_key = \"{59:=}\"", "value = \"{60:=}\"" } },
	{ "secret.zendesk_token", "Zendesk secret key", "secret.msg", "zendesk",
	  "(?i:zendesk)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|"
	  ":=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([A-Za-z0-9]{40})"
	  "(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "zendesk_key = \"{40:w}\"", "ZENDESK_TOKEN: {40:w}" },
	  .miss = { "zendesk_key = \"{39:w}\"", "value = \"{40:w}\"" } },
	{ "secret.freshdesk_key", "Freshdesk API key", "secret.msg",
	  "freshdesk",
	  "(?i:freshdesk)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>"
	  "?|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "([A-Za-z0-9]{20})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS, .entropy = 33,
	  .hit = { "freshdesk_key = \"{20:w}\"", "FRESHDESK_TOKEN: {20:w}" },
	  .miss = { "freshdesk_key = \"{19:w}\"", "value = \"{20:w}\"" } },
	{ "secret.sendbird_token", "Sendbird access token or id", "secret.msg",
	  "sendbird",
	  "(?i:sendbird)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?"
	  "|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([0-9a-f]{40}|"
	  "[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})(?"
	  "![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "sendbird_key = \"{40:h}\"",
		   "SENDBIRD_TOKEN: {8:h}-{4:h}-{4:h}-{4:h}-{12:h}" },
	  .miss = { "sendbird_key = \"{39:h}\"", "value = \"{40:h}\"" } },
	{ "secret.twitch_token", "Twitch API token", "secret.msg", "twitch",
	  "(?i:twitch)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|"
	  ":=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([a-z0-9]{30})(?"
	  "![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "twitch_key = \"{30:a}\"", "TWITCH_TOKEN: {30:a}" },
	  .miss = { "twitch_key = \"{29:a}\"", "value = \"{30:a}\"" } },
	{ "secret.twitch_stream_key", "Twitch stream key", "secret.msg",
	  "live_", "live_[0-9]{8,10}_[A-Za-z0-9]{30}", .flags = ROW_SECRET,
	  .hit = { "live_{8:d}_{30:w}", "key=\"live_{8:d}_{30:w}\"" },
	  .miss = { "live_{8:d}_{29:w}", "qlive_{8:d}_{30:w}" } },
	{ "secret.pubnub_key", "PubNub key", "secret.msg",
	  "pub-c-|sub-c-|sec-c-",
	  "(?:pub-c-[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}"
	  "-[0-9A-Fa-f]{12}|sub-c-[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4})"
	  "{3}-[0-9A-Fa-f]{12}|sec-c-[A-Za-z0-9]{48})",
	  .flags = ROW_SECRET,
	  .hit = { "pub-c-{8:h}-{4:h}-{4:h}-{4:h}-{12:h}",
		   "key=\"sec-c-{48:w}\"" },
	  .miss = { "pub-c-{8:h}-{4:h}-{4:h}-{4:h}-{11:h}", "qsec-c-{48:w}" } },
	{ "secret.beamer_key", "Beamer API token", "secret.msg", "beamer",
	  "(?i:beamer)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|"
	  ":=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "(b_[A-Za-z0-9_=-]{44})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "beamer_key = \"b_{44:=}\"", "BEAMER_TOKEN: b_{44:=}" },
	  .miss = { "beamer_key = \"b_{43:=}\"", "value = \"b_{44:=}\"" } },
	{ "secret.freshbooks_token", "FreshBooks token", "secret.msg",
	  "freshbooks",
	  "(?i:freshbooks)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?"
	  ":=>?|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "([a-z0-9]{64})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "freshbooks_key = \"{64:a}\"", "FRESHBOOKS_TOKEN: {64:a}" },
	  .miss = { "freshbooks_key = \"{63:a}\"", "value = \"{64:a}\"" } },
	{ "secret.courier_key", "Courier API key", "secret.msg",
	  "pk_prod_|dk_prod_", "(?:pk_prod_[A-Z0-9]{28}|dk_prod_[A-Z0-9]{28})",
	  .flags = ROW_SECRET,
	  .hit = { "pk_prod_{28:A}", "key=\"dk_prod_{28:A}\"" },
	  .miss = { "pk_prod_{27:A}", "qdk_prod_{28:A}" } },
};

const struct family family_secrets_msg = {
	.name = "secrets_msg",
	.rows = rows,
	.count = ARRAY_LEN(rows),
};
