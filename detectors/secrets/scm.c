/* scm.c - tokens of code hosts, package registries and build systems.
 *
 * In examples {36:w} stands for 36 made-up characters of a class: see
 * spec/unit/example.h. So nothing here looks like a secret to a scanner.
 */
#include "base/slice.h"
#include "detectors/check/check.h"
#include "detectors/list.h"

#include <ctype.h>
#include <string.h>

#include "base/hash.h"

/* The last six characters are the CRC-32 of what stands between the prefix and
 * them, in base 62. A token that fails may be a fake or of a newer kind, so it
 * counts for less and not for nothing. */
static int confirm_crc(struct sight *s)
{
	static const char base62[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz";
	const char *at = s->text + s->from + 4;
	uint32_t n = s->to - s->from - 10, crc = check_crc32(at, n);

	for (int i = 5; i >= 0; i--, crc /= 62)
		if (at[n + (uint32_t)i] != base62[crc % 62])
			return 85;
	return 100;
}

/* user:password in base64. */
static int confirm_basic(struct sight *s)
{
	unsigned char out[320];
	int len = hash_base64_decode(slice(s->text + s->from, s->to - s->from),
				     out, sizeof(out));

	for (int i = 0; i < len; i++)
		if (!isprint(out[i]))
			return 0;
	return len > 4 && memchr(out + 1, ':', (size_t)len - 2) ? 92 : 0;
}

static const struct row rows[] = {
	{ "secret.github_pat", "GitHub personal access token", "secret.scm",
	  "ghp_", "ghp_[A-Za-z0-9]{36}", .flags = ROW_SECRET,
	  .alias = "GITHUB_TOKEN github_token", .confirm = confirm_crc,
	  .hit = { "ghp_{36:w}", "key=\"ghp_{36:w}\"" },
	  .miss = { "ghp_{35:w}", "qghp_{36:w}" } },
	{ "secret.github_oauth", "GitHub OAuth, user, server or refresh token",
	  "secret.scm", "gho_|ghu_|ghs_|ghr_",
	  "(?:gho_[A-Za-z0-9]{36}|ghu_[A-Za-z0-9]{36}|"
	  "ghs_[A-Za-z0-9]{36}|ghr_[A-Za-z0-9]{36,76})",
	  .flags = ROW_SECRET, .confirm = confirm_crc,
	  .hit = { "gho_{36:w}", "key=\"ghr_{36:w}\"" },
	  .miss = { "gho_{35:w}", "qghr_{36:w}" } },
	{ "secret.github_fine_grained_pat",
	  "GitHub fine-grained personal access token", "secret.scm",
	  "github_pat_", "github_pat_[A-Za-z0-9_]{82}", .flags = ROW_SECRET,
	  .hit = { "github_pat_{22:w}_{59:w}",
		   "key=\"github_pat_{22:w}_{59:w}\"" },
	  .miss = { "github_pat_{22:w}_{58:w}", "qgithub_pat_{22:w}_{59:w}" } },
	{ "secret.gitlab_pat", "GitLab personal access token", "secret.scm",
	  "glpat-", "glpat-[A-Za-z0-9_.-]{20,300}", .flags = ROW_SECRET,
	  .alias = "GITLAB_TOKEN",
	  .hit = { "glpat-{20:.}", "key=\"glpat-{20:.}\"" },
	  .miss = { "glpat-{19:.}", "qglpat-{20:.}" } },
	{ "secret.gitlab_token",
	  "GitLab runner, deploy, feed, CI, agent, SCIM or other toke"
	  "n",
	  "secret.scm",
	  "glrt-|gldt-|glft-|glcbt-|glptt-|glimt-|glagent-|gloas-|"
	  "glsoat-|glffct-",
	  "(?:glrt-[A-Za-z0-9_.-]{20,50}|gldt-[A-Za-z0-9_-]{20,50}|"
	  "glft-[A-Za-z0-9_-]{20,50}|glcbt-[A-Za-z0-9_-]{20,60}|"
	  "glptt-[0-9a-f]{40}|glimt-[A-Za-z0-9_-]{25}|"
	  "glagent-[A-Za-z0-9_-]{50}|gloas-[A-Za-z0-9_-]{64}|"
	  "glsoat-[A-Za-z0-9_-]{20}|glffct-[A-Za-z0-9_-]{20})",
	  .flags = ROW_SECRET,
	  .hit = { "glrt-{20:.}", "key=\"glffct-{20:b}\"" },
	  .miss = { "glrt-{19:.}", "qglffct-{20:b}" } },
	{ "secret.gitlab_runner_registration",
	  "GitLab runner registration token", "secret.scm", "GR1348941",
	  "GR1348941[A-Za-z0-9_-]{20}", .flags = ROW_SECRET,
	  .hit = { "GR1348941{20:b}", "key=\"GR1348941{20:b}\"" },
	  .miss = { "GR1348941{19:b}", "qGR1348941{20:b}" } },
	{ "secret.gitlab_session", "GitLab session cookie", "secret.scm",
	  "_gitlab_session=", "_gitlab_session=([0-9a-z]{32})",
	  .flags = ROW_SECRET,
	  .hit = { "_gitlab_session={32:h}", "key=\"_gitlab_session={32:h}\"" },
	  .miss = { "_gitlab_session={31:h}", "gitlab_session={32:h}" } },
	{ "secret.bitbucket_app_password", "Bitbucket app password",
	  "secret.scm", "ATBB", "ATBB[A-Za-z0-9]{32}", .flags = ROW_SECRET,
	  .hit = { "ATBB{32:w}", "key=\"ATBB{32:w}\"" },
	  .miss = { "ATBB{31:w}", "qATBB{32:w}" } },
	{ "secret.bitbucket_secret", "Bitbucket client id or secret",
	  "secret.scm", "bitbucket",
	  "(?i:bitbucket)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>"
	  "?|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "([A-Za-z0-9_=-]{64}|[a-z0-9]{32})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS, .entropy = 35,
	  .hit = { "bitbucket_key = \"{64:=}\"", "BITBUCKET_TOKEN: {32:a}" },
	  .miss = { "bitbucket_key = \"{63:=}\"", "value = \"{64:=}\"" } },
	{ "secret.atlassian_api_token", "Atlassian API token", "secret.scm",
	  "ATATT3", "ATATT3[A-Za-z0-9_=-]{150,240}", .flags = ROW_SECRET,
	  .hit = { "ATATT3{150:=}", "key=\"ATATT3{150:=}\"" },
	  .miss = { "ATATT3{149:=}", "qATATT3{150:=}" } },
	{ "secret.atlassian_admin_token", "Atlassian admin token", "secret.scm",
	  "ATCTT3", "ATCTT3[A-Za-z0-9_=-]{150,240}", .flags = ROW_SECRET,
	  .hit = { "ATCTT3{150:=}", "key=\"ATCTT3{150:=}\"" },
	  .miss = { "ATCTT3{149:=}", "qATCTT3{150:=}" } },
	{ "secret.jira_pat", "Jira or Confluence personal access token",
	  "secret.scm", "jira|confluence|atlassian",
	  "(?i:jira|confluence|atlassian)[\\w .-]{0,40}[\"\\'`\\])"
	  "]{0,2}\\s{0,3}(?:=>?|:=?|\\|\\||>|,|\\(|\\?=)"
	  "[\\s\"\\'`(]{0,6}([A-Za-z0-9+/]{44}|[A-Za-z0-9]{24})(?"
	  "![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS, .entropy = 38,
	  .hit = { "jira_key = \"{44:/}\"", "JIRA_TOKEN: {24:w}" },
	  .miss = { "jira_key = \"{43:/}\"", "value = \"{44:/}\"" } },
	{ "secret.sourcegraph_token", "Sourcegraph access token", "secret.scm",
	  "sgp_|sgp_local_",
	  "(?:sgp_[0-9A-Fa-f]{16}_[0-9A-Fa-f]{40}|"
	  "sgp_local_[0-9A-Fa-f]{40}|sgp_[0-9A-Fa-f]{40})",
	  .flags = ROW_SECRET,
	  .hit = { "sgp_{16:x}_{40:x}", "key=\"sgp_{40:x}\"" },
	  .miss = { "sgp_{16:x}_{39:x}", "qsgp_{40:x}" } },
	{ "secret.gitter_token", "Gitter access token", "secret.scm", "gitter",
	  "(?i:gitter)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|"
	  ":=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "([A-Za-z0-9_-]{40})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "gitter_key = \"{40:b}\"", "GITTER_TOKEN: {40:b}" },
	  .miss = { "gitter_key = \"{39:b}\"", "value = \"{40:b}\"" } },
	{ "secret.npm_token", "npm access token", "secret.scm", "npm_",
	  "npm_[A-Za-z0-9]{36}", .flags = ROW_SECRET, .alias = "NPM_TOKEN",
	  .hit = { "npm_{36:w}", "key=\"npm_{36:w}\"" },
	  .miss = { "npm_{35:w}", "qnpm_{36:w}" } },
	{ "secret.npm_auth_token", "npm registry authToken", "secret.scm",
	  "_authToken=", "_authToken=([0-9A-Za-z_-]{36,80})",
	  .flags = ROW_SECRET,
	  .hit = { "_authToken={8:h}-{4:h}-{4:h}-{4:h}-{12:h}",
		   "key=\"_authToken={8:h}-{4:h}-{4:h}-{4:h}-{12:h}\"" },
	  .miss = { "_authToken=short", "authToken={uuid}" } },
	{ "secret.pypi_token", "PyPI upload token", "secret.scm", "pypi-Ag",
	  "(?:pypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,1000}|"
	  "pypi-AgENdGVzdC5weXBpLm9yZ[A-Za-z0-9_-]{50,1000})",
	  .flags = ROW_SECRET, .alias = "PYPI_TOKEN",
	  .hit = { "pypi-AgEIcHlwaS5vcmc{50:b}",
		   "key=\"pypi-AgENdGVzdC5weXBpLm9yZ{50:b}\"" },
	  .miss = { "pypi-AgEIcHlwaS5vcmc{49:b}",
		    "qpypi-AgENdGVzdC5weXBpLm9yZ{50:b}" } },
	{ "secret.rubygems_token", "RubyGems API key", "secret.scm",
	  "rubygems_", "rubygems_[0-9a-f]{48}", .flags = ROW_SECRET,
	  .hit = { "rubygems_{48:h}", "key=\"rubygems_{48:h}\"" },
	  .miss = { "rubygems_{47:h}", "qrubygems_{48:h}" } },
	{ "secret.nuget_key", "NuGet API key", "secret.scm", "oy2",
	  "oy2[a-z0-9]{43}", .flags = ROW_SECRET,
	  .hit = { "oy2{43:a}", "key=\"oy2{43:a}\"" },
	  .miss = { "oy2{42:a}", "qoy2{43:a}" } },
	{ "secret.crates_token", "crates.io token", "secret.scm",
	  "cio[A-Za-z0-9]{10}", "cio[A-Za-z0-9]{32}", .flags = ROW_SECRET,
	  .entropy = 35, .hit = { "cio{32:w}", "key=\"cio{32:w}\"" },
	  .miss = { "cio{31:w}", "qcio{32:w}" } },
	{ "secret.docker_pat", "Docker Hub access token", "secret.scm",
	  "dckr_pat_|dckr_oat_",
	  "(?:dckr_pat_[A-Za-z0-9_-]{27}|dckr_oat_[A-Za-z0-9_-]{32})",
	  .flags = ROW_SECRET,
	  .hit = { "dckr_pat_{27:b}", "key=\"dckr_oat_{32:b}\"" },
	  .miss = { "dckr_pat_{26:b}", "qdckr_oat_{32:b}" } },
	{ "secret.docker_auth", "Docker registry credentials in a config file",
	  "secret.scm", "\"auth\"",
	  "\"auth\"\\s{0,3}:\\s{0,3}\"([A-Za-z0-9+/]{16,400}={0,2})\"",
	  .flags = ROW_SECRET | ROW_INSIDE, .confirm = confirm_basic,
	  .hit = { "{\"auth\": \"YW5uOnRvcHNlY3JldA==\"}",
		   "\"auth\":\"am9lOmh1bnRlcjIyMjI=\"" },
	  .miss = { "\"auth\": \"{20:w}\"", "\"auth\": \"YW5u\"" } },
	{ "secret.clojars_token", "Clojars deploy token", "secret.scm",
	  "CLOJARS_", "CLOJARS_[a-z0-9]{60}", .flags = ROW_SECRET,
	  .hit = { "CLOJARS_{60:a}", "key=\"CLOJARS_{60:a}\"" },
	  .miss = { "CLOJARS_{59:a}", "qCLOJARS_{60:a}" } },
	{ "secret.artifactory_key", "JFrog Artifactory API key", "secret.scm",
	  "AKCp", "AKCp[A-Za-z0-9]{69}", .flags = ROW_SECRET,
	  .hit = { "AKCp{69:w}", "key=\"AKCp{69:w}\"" },
	  .miss = { "AKCp{68:w}", "qAKCp{69:w}" } },
	{ "secret.artifactory_secret", "JFrog key, beside its name",
	  "secret.scm", "artifactory|jfrog",
	  "(?i:artifactory|jfrog)[\\w .-]{0,40}[\"\\'`\\])]{0,2}"
	  "\\s{0,3}(?:=>?|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "([A-Za-z0-9]{64,73})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "artifactory_key = \"{64:w}\"",
		   "ARTIFACTORY_TOKEN: {64:w}" },
	  .miss = { "artifactory_key = \"{63:w}\"", "value = \"{64:w}\"" } },
	{ "secret.artifactory_reference", "JFrog Artifactory reference token",
	  "secret.scm", "cmVmd", "cmVmd[A-Za-z0-9]{59}", .flags = ROW_SECRET,
	  .hit = { "cmVmd{59:w}", "key=\"cmVmd{59:w}\"" },
	  .miss = { "cmVmd{58:w}", "qcmVmd{59:w}" } },
	{ "secret.nuget_clear_password", "NuGet clear-text password",
	  "secret.scm", "ClearTextPassword",
	  "ClearTextPassword\"\\s{1,3}value=\"([^\"]{8,200})\"",
	  .flags = ROW_SECRET,
	  .hit = { "<add key=\"ClearTextPassword\" value=\"h7Gq-2vLpz!\" />",
		   "ClearTextPassword\" value=\"{16:w}\"" },
	  .miss = { "<add key=\"ClearTextPassword\" value=\"short\" />",
		    "ClearTextPassword" } },
	{ "secret.packagecloud_token", "packagecloud API token", "secret.scm",
	  "packagecloud",
	  "(?i:packagecloud)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?"
	  ":=>?|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "([0-9a-f]{48})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "packagecloud_key = \"{48:h}\"",
		   "PACKAGECLOUD_TOKEN: {48:h}" },
	  .miss = { "packagecloud_key = \"{47:h}\"", "value = \"{48:h}\"" } },
	{ "secret.cloudsmith_key", "Cloudsmith API key", "secret.scm",
	  "cloudsmith",
	  "(?i:cloudsmith)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?"
	  ":=>?|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "([0-9a-f]{40})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "cloudsmith_key = \"{40:h}\"", "CLOUDSMITH_TOKEN: {40:h}" },
	  .miss = { "cloudsmith_key = \"{39:h}\"", "value = \"{40:h}\"" } },
	{ "secret.circleci_token", "CircleCI personal token", "secret.scm",
	  "CCIPAT_", "CCIPAT_[A-Za-z0-9]{22}_[0-9a-f]{40}", .flags = ROW_SECRET,
	  .hit = { "CCIPAT_{22:w}_{40:h}", "key=\"CCIPAT_{22:w}_{40:h}\"" },
	  .miss = { "CCIPAT_{22:w}_{39:h}", "qCCIPAT_{22:w}_{40:h}" } },
	{ "secret.circleci_token_old", "CircleCI token, old format",
	  "secret.scm", "circleci|circle[_-]token",
	  "(?i:circleci|circle[_-]token)[\\w .-]{0,40}[\"\\'`\\])"
	  "]{0,2}\\s{0,3}(?:=>?|:=?|\\|\\||>|,|\\(|\\?=)"
	  "[\\s\"\\'`(]{0,6}([0-9a-f]{40})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "circleci_key = \"{40:h}\"", "CIRCLECI_TOKEN: {40:h}" },
	  .miss = { "circleci_key = \"{39:h}\"", "value = \"{40:h}\"" } },
	{ "secret.buildkite_token", "Buildkite API token", "secret.scm",
	  "bkua_", "bkua_[0-9a-f]{40}", .flags = ROW_SECRET,
	  .hit = { "bkua_{40:h}", "key=\"bkua_{40:h}\"" },
	  .miss = { "bkua_{39:h}", "qbkua_{40:h}" } },
	{ "secret.travis_token", "Travis CI token", "secret.scm", "travis",
	  "(?i:travis)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|"
	  ":=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "([A-Za-z0-9_-]{22})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS, .entropy = 35,
	  .hit = { "travis_key = \"{22:b}\"", "TRAVIS_TOKEN: {22:b}" },
	  .miss = { "travis_key = \"{21:b}\"", "value = \"{22:b}\"" } },
	{ "secret.drone_token", "Drone CI token", "secret.scm",
	  "droneci|drone[_-]token",
	  "(?i:droneci|drone[_-]token)[\\w .-]{0,40}[\"\\'`\\])]{0,2}"
	  "\\s{0,3}(?:=>?|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "([A-Za-z0-9]{32})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS, .entropy = 35,
	  .hit = { "droneci_key = \"{32:w}\"", "DRONECI_TOKEN: {32:w}" },
	  .miss = { "droneci_key = \"{31:w}\"", "value = \"{32:w}\"" } },
	{ "secret.codecov_token", "Codecov token", "secret.scm", "codecov",
	  "(?i:codecov)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|"
	  ":=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([A-Za-z0-9]{32}|"
	  "[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})(?"
	  "![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS, .entropy = 30,
	  .hit = { "codecov_key = \"{32:w}\"",
		   "CODECOV_TOKEN: {8:h}-{4:h}-{4:h}-{4:h}-{12:h}" },
	  .miss = { "codecov_key = \"{31:w}\"", "value = \"{32:w}\"" } },
	{ "secret.codacy_token", "Codacy token", "secret.scm", "codacy",
	  "(?i:codacy)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|"
	  ":=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([A-Za-z0-9]{20}|"
	  "[0-9a-f]{32})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS, .entropy = 30,
	  .hit = { "codacy_key = \"{20:w}\"", "CODACY_TOKEN: {32:h}" },
	  .miss = { "codacy_key = \"{19:w}\"", "value = \"{20:w}\"" } },
	{ "secret.harness_token", "Harness token", "secret.scm",
	  "pat\\.[A-Za-z0-9_-]{22}\\.|sat\\.[A-Za-z0-9_-]{22}\\.",
	  "(?:pat\\.[A-Za-z0-9_-]{22}\\.[0-9a-f]{24}"
	  "\\.[A-Za-z0-9]{20}|sat\\.[A-Za-z0-9_-]{22}\\.[0-9a-f]{24}"
	  "\\.[A-Za-z0-9]{20})",
	  .flags = ROW_SECRET,
	  .hit = { "pat.{22:b}.{24:h}.{20:w}",
		   "key=\"sat.{22:b}.{24:h}.{20:w}\"" },
	  .miss = { "pat.{22:b}.{24:h}.{19:w}", "qsat.{22:b}.{24:h}.{20:w}" } },
	{ "secret.jenkins_token", "Jenkins API token", "secret.scm", "jenkins",
	  "(?i:jenkins)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|"
	  ":=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([0-9a-f]{32,34})"
	  "(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "jenkins_key = \"{32:h}\"", "JENKINS_TOKEN: {32:h}" },
	  .miss = { "jenkins_key = \"{31:h}\"", "value = \"{32:h}\"" } },
	{ "secret.teamcity_token", "TeamCity access token", "secret.scm",
	  "eyJ0eXAiOiAiVENWMiJ9\\.",
	  "eyJ0eXAiOiAiVENWMiJ9\\.[A-Za-z0-9_-]{20,60}"
	  "\\.[A-Za-z0-9_-]{20,120}",
	  .flags = ROW_SECRET,
	  .hit = { "eyJ0eXAiOiAiVENWMiJ9.{20:b}.{20:b}",
		   "key=\"eyJ0eXAiOiAiVENWMiJ9.{20:b}.{20:b}\"" },
	  .miss = { "eyJ0eXAiOiAiVENWMiJ9.{20:b}.{19:b}",
		    "qeyJ0eXAiOiAiVENWMiJ9.{20:b}.{20:b}" } },
	{ "secret.sonar_token", "SonarQube token", "secret.scm",
	  "squ_|sqp_|sqa_",
	  "(?:squ_[0-9a-f]{40}|sqp_[0-9a-f]{40}|sqa_[0-9a-f]{40})",
	  .flags = ROW_SECRET, .hit = { "squ_{40:h}", "key=\"sqa_{40:h}\"" },
	  .miss = { "squ_{39:h}", "qsqa_{40:h}" } },
	{ "secret.sonar_token_old", "SonarQube token, old format", "secret.scm",
	  "sonar",
	  "(?i:sonar)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|"
	  ":=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([0-9a-f]{40})(?"
	  "![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "sonar_key = \"{40:h}\"", "SONAR_TOKEN: {40:h}" },
	  .miss = { "sonar_key = \"{39:h}\"", "value = \"{40:h}\"" } },
	{ "secret.snyk_token", "Snyk API token", "secret.scm", "snyk",
	  "(?i:snyk)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|:=?"
	  "|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([0-9A-Fa-f]{8}(?"
	  ":-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "snyk_key = \"{8:h}-{4:h}-{4:h}-{4:h}-{12:h}\"",
		   "SNYK_TOKEN: {8:h}-{4:h}-{4:h}-{4:h}-{12:h}" },
	  .miss = { "snyk_key = \"{8:h}-{4:h}-{4:h}-{4:h}-{11:h}\"",
		    "value = \"{8:h}-{4:h}-{4:h}-{4:h}-{12:h}\"" } },
	{ "secret.stackhawk_key", "StackHawk API key", "secret.scm", "hawk\\.",
	  "hawk\\.[A-Za-z0-9_-]{20}\\.[A-Za-z0-9_-]{20}", .flags = ROW_SECRET,
	  .hit = { "hawk.{20:b}.{20:b}", "key=\"hawk.{20:b}.{20:b}\"" },
	  .miss = { "hawk.{20:b}.{19:b}", "qhawk.{20:b}.{20:b}" } },
	{ "secret.prefect_key", "Prefect API key", "secret.scm", "pnu_",
	  "pnu_[a-z0-9]{36}", .flags = ROW_SECRET,
	  .hit = { "pnu_{36:a}", "key=\"pnu_{36:a}\"" },
	  .miss = { "pnu_{35:a}", "qpnu_{36:a}" } },
	{ "secret.terraform_token", "Terraform Cloud API token", "secret.scm",
	  "\\.atlasv1\\.", "[A-Za-z0-9]{14}\\.atlasv1\\.[A-Za-z0-9_=-]{60,70}",
	  .flags = ROW_SECRET, .back = 14,
	  .hit = { "{14:w}.atlasv1.{60:=}", "key=\"{14:w}.atlasv1.{60:=}\"" },
	  .miss = { "{14:w}.atlasv1.{59:=}", "q{14:w}.atlasv1.{60:=}" } },
	{ "secret.pulumi_token", "Pulumi access token", "secret.scm", "pul-",
	  "pul-[0-9a-f]{40}", .flags = ROW_SECRET | ROW_TIGHT,
	  .hit = { "pul-{40:h}", "key=\"pul-{40:h}\"" },
	  .miss = { "pul-{39:h}", "qpul-{40:h}" } },
	{ "secret.infracost_key", "Infracost API key", "secret.scm", "ico-",
	  "ico-[A-Za-z0-9]{32}", .flags = ROW_SECRET | ROW_TIGHT,
	  .hit = { "ico-{32:w}", "key=\"ico-{32:w}\"" },
	  .miss = { "ico-{31:w}", "qico-{32:w}" } },
	{ "secret.octopus_key", "Octopus Deploy API key", "secret.scm", "API-",
	  "API-[A-Z0-9]{26}", .flags = ROW_SECRET,
	  .hit = { "API-{26:A}", "key=\"API-{26:A}\"" },
	  .miss = { "API-{25:A}", "qAPI-{26:A}" } },
	{ "secret.doppler_token", "Doppler token", "secret.scm",
	  "dp\\.pt\\.|dp\\.st\\.|dp\\.ct\\.|dp\\.sa\\.|dp\\.scim\\.|"
	  "dp\\.audit\\.",
	  "(?:dp\\.pt\\.[A-Za-z0-9]{40,44}|"
	  "dp\\.ct\\.[A-Za-z0-9]{40,44}|dp\\.sa\\.[A-Za-z0-9]{40,44}|"
	  "dp\\.scim\\.[A-Za-z0-9]{40,44}|"
	  "dp\\.audit\\.[A-Za-z0-9]{40,44}|"
	  "dp\\.st\\.[A-Za-z0-9]{40,44}|dp\\.st\\.[A-Za-z0-9_-]{2,35}"
	  "\\.[A-Za-z0-9]{40,44})",
	  .flags = ROW_SECRET,
	  .hit = { "dp.pt.{40:w}", "key=\"dp.st.{2:b}.{40:w}\"" },
	  .miss = { "dp.pt.{39:w}", "qdp.st.{2:b}.{40:w}" } },
	{ "secret.vault_token", "HashiCorp Vault token", "secret.scm",
	  "hvs\\.|hvb\\.|hvr\\.",
	  "(?:hvs\\.[A-Za-z0-9_-]{24,300}|hvb\\.[A-Za-z0-9_-]{24,300}"
	  "|hvr\\.[A-Za-z0-9_-]{24,300})",
	  .flags = ROW_SECRET, .alias = "VAULT_TOKEN",
	  .hit = { "hvs.{24:b}", "key=\"hvr.{24:b}\"" },
	  .miss = { "hvs.{23:b}", "qhvr.{24:b}" } },
	{ "secret.vault_token_old", "HashiCorp Vault token, old format",
	  "secret.scm", "vault",
	  "(?i:vault)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|"
	  ":=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "(s\\.[A-Za-z0-9]{24}|b\\.[A-Za-z0-9]{24}|"
	  "r\\.[A-Za-z0-9]{24})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "vault_key = \"s.{24:w}\"", "VAULT_TOKEN: r.{24:w}" },
	  .miss = { "vault_key = \"s.{23:w}\"", "value = \"s.{24:w}\"" } },
	{ "secret.onepassword_secret_key", "1Password secret key", "secret.scm",
	  "A3-[A-Z0-9]{6}-",
	  "A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})(?"
	  ":-[A-Z0-9]{5}){2,3}",
	  .flags = ROW_SECRET,
	  .hit = { "A3-{6:A}-{6:A}-{5:A}-{5:A}-{5:A}",
		   "key=\"A3-{6:A}-{6:A}-{5:A}-{5:A}-{5:A}\"" },
	  .miss = { "A3-{6:A}-{6:A}-{5:A}-{5:A}-{4:A}",
		    "qA3-{6:A}-{6:A}-{5:A}-{5:A}-{5:A}" } },
	{ "secret.onepassword_service_token", "1Password service account token",
	  "secret.scm", "ops_eyJ", "ops_eyJ[A-Za-z0-9+/]{250,2000}",
	  .flags = ROW_SECRET,
	  .hit = { "ops_eyJ{250:/}", "key=\"ops_eyJ{250:/}\"" },
	  .miss = { "ops_eyJ{249:/}", "qops_eyJ{250:/}" } },
	{ "secret.kubernetes_bootstrap_token", "Kubernetes bootstrap token",
	  "secret.scm", "kubeadm|bootstrap[_-]token|--token",
	  "(?i:kubeadm|bootstrap[_-]token|--token)[\\w .-]{0,40}"
	  "[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|:=?|\\|\\||>|,|\\(|\\?=)"
	  "[\\s\"\\'`(]{0,6}([a-z0-9]{6}\\.[a-z0-9]{16})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "kubeadm_key = \"{6:a}.{16:a}\"",
		   "KUBEADM_TOKEN: {6:a}.{16:a}" },
	  .miss = { "kubeadm_key = \"{6:a}.{15:a}\"",
		    "value = \"{6:a}.{16:a}\"" } },
	{ "secret.openshift_token", "OpenShift user token", "secret.scm",
	  "sha256~", "sha256~[A-Za-z0-9_-]{43}", .flags = ROW_SECRET,
	  .hit = { "sha256~{43:b}", "key=\"sha256~{43:b}\"" },
	  .miss = { "sha256~{42:b}", "qsha256~{43:b}" } },
	{ "secret.launchdarkly_key", "LaunchDarkly access token or SDK key",
	  "secret.scm", "sdk-|mob-|api-",
	  "(?:sdk-[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}"
	  "-[0-9A-Fa-f]{12}|mob-[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}"
	  "-[0-9A-Fa-f]{12}|api-[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}"
	  "-[0-9A-Fa-f]{12})",
	  .flags = ROW_SECRET,
	  .hit = { "sdk-{8:h}-{4:h}-{4:h}-{4:h}-{12:h}",
		   "key=\"api-{8:h}-{4:h}-{4:h}-{4:h}-{12:h}\"" },
	  .miss = { "sdk-{8:h}-{4:h}-{4:h}-{4:h}-{11:h}",
		    "qapi-{8:h}-{4:h}-{4:h}-{4:h}-{12:h}" } },
	{ "secret.launchdarkly_token_old", "LaunchDarkly token, old format",
	  "secret.scm", "launchdarkly",
	  "(?i:launchdarkly)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?"
	  ":=>?|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "([A-Za-z0-9_=-]{40})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "launchdarkly_key = \"{40:=}\"",
		   "LAUNCHDARKLY_TOKEN: {40:=}" },
	  .miss = { "launchdarkly_key = \"{39:=}\"", "value = \"{40:=}\"" } },
	{ "secret.puppet_token", "Puppet Enterprise token", "secret.scm",
	  "puppet",
	  "(?i:puppet)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|"
	  ":=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "([A-Za-z0-9_-]{43,44})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "puppet_key = \"{43:b}\"", "PUPPET_TOKEN: {43:b}" },
	  .miss = { "puppet_key = \"{42:b}\"", "value = \"{43:b}\"" } },
};

const struct family family_secrets_scm = {
	.name = "secrets_scm",
	.rows = rows,
	.count = ARRAY_LEN(rows),
};
