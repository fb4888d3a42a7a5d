/* ai.c - keys of AI services.
 *
 * In examples {36:w} stands for 36 made-up characters of a class: see
 * spec/unit/example.h. So nothing here looks like a secret to a scanner.
 */
#include "base/slice.h"
#include "detectors/list.h"

static const struct row rows[] = {
	{ "secret.openai_api_key", "OpenAI API key", "secret.ai",
	  "sk-proj-|sk-svcacct-|sk-admin-",
	  "(?:sk-proj-[A-Za-z0-9_-]{40,200}|"
	  "sk-svcacct-[A-Za-z0-9_-]{40,200}|"
	  "sk-admin-[A-Za-z0-9_-]{40,200})",
	  .flags = ROW_SECRET, .alias = "OPENAI_API_KEY",
	  .hit = { "sk-proj-{40:b}", "key=\"sk-admin-{40:b}\"" },
	  .miss = { "sk-proj-{39:b}", "qsk-admin-{40:b}" } },
	{ "secret.openai_api_key", "OpenAI API key, old format", "secret.ai",
	  "T3BlbkFJ", "sk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}",
	  .flags = ROW_SECRET, .back = 23,
	  .hit = { "sk-{20:w}T3BlbkFJ{20:w}",
		   "key=\"sk-{20:w}T3BlbkFJ{20:w}\"" },
	  .miss = { "sk-{20:w}T3BlbkFJ{19:w}", "qsk-{20:w}T3BlbkFJ{20:w}" } },
	{ "secret.anthropic_api_key", "Anthropic API key", "secret.ai",
	  "sk-ant-",
	  "(?:sk-ant-api[0-9]{2}-[A-Za-z0-9_-]{80,120}|"
	  "sk-ant-admin[0-9]{2}-[A-Za-z0-9_-]{80,120}|"
	  "sk-ant-oat[0-9]{2}-[A-Za-z0-9_-]{80,120}|"
	  "sk-ant-sid[0-9]{2}-[A-Za-z0-9_-]{80,120})",
	  .flags = ROW_SECRET, .alias = "ANTHROPIC_API_KEY",
	  .hit = { "sk-ant-api{2:d}-{80:b}", "key=\"sk-ant-sid{2:d}-{80:b}\"" },
	  .miss = { "sk-ant-api{2:d}-{79:b}", "qsk-ant-sid{2:d}-{80:b}" } },
	{ "secret.huggingface_token", "Hugging Face access token", "secret.ai",
	  "hf_|api_org_", "(?:hf_[A-Za-z]{34}|api_org_[A-Za-z]{34})",
	  .flags = ROW_SECRET, .alias = "HUGGINGFACE_TOKEN",
	  .hit = { "hf_{34:l}", "key=\"api_org_{34:l}\"" },
	  .miss = { "hf_{33:l}", "qapi_org_{34:l}" } },
	{ "secret.groq_api_key", "Groq API key", "secret.ai", "gsk_",
	  "gsk_[A-Za-z0-9]{48,56}", .flags = ROW_SECRET,
	  .hit = { "gsk_{48:w}", "key=\"gsk_{48:w}\"" },
	  .miss = { "gsk_{47:w}", "qgsk_{48:w}" } },
	{ "secret.perplexity_api_key", "Perplexity API key", "secret.ai",
	  "pplx-", "pplx-[A-Za-z0-9]{48,56}", .flags = ROW_SECRET,
	  .hit = { "pplx-{48:w}", "key=\"pplx-{48:w}\"" },
	  .miss = { "pplx-{47:w}", "qpplx-{48:w}" } },
	{ "secret.xai_api_key", "xAI API key", "secret.ai", "xai-",
	  "xai-[A-Za-z0-9]{80}", .flags = ROW_SECRET,
	  .hit = { "xai-{80:w}", "key=\"xai-{80:w}\"" },
	  .miss = { "xai-{79:w}", "qxai-{80:w}" } },
	{ "secret.openrouter_api_key", "OpenRouter API key", "secret.ai",
	  "sk-or-v1-", "sk-or-v1-[0-9a-f]{64}", .flags = ROW_SECRET,
	  .hit = { "sk-or-v1-{64:h}", "key=\"sk-or-v1-{64:h}\"" },
	  .miss = { "sk-or-v1-{63:h}", "qsk-or-v1-{64:h}" } },
	{ "secret.replicate_token", "Replicate API token", "secret.ai", "r8_",
	  "r8_[A-Za-z0-9]{37}", .flags = ROW_SECRET,
	  .hit = { "r8_{37:w}", "key=\"r8_{37:w}\"" },
	  .miss = { "r8_{36:w}", "qr8_{37:w}" } },
	{ "secret.nvidia_api_key", "NVIDIA NGC or NIM API key", "secret.ai",
	  "nvapi-", "nvapi-[A-Za-z0-9_-]{60,70}", .flags = ROW_SECRET,
	  .hit = { "nvapi-{60:b}", "key=\"nvapi-{60:b}\"" },
	  .miss = { "nvapi-{59:b}", "qnvapi-{60:b}" } },
	{ "secret.pinecone_api_key", "Pinecone API key", "secret.ai", "pcsk_",
	  "pcsk_[A-Za-z0-9_-]{50,80}", .flags = ROW_SECRET,
	  .hit = { "pcsk_{50:b}", "key=\"pcsk_{50:b}\"" },
	  .miss = { "pcsk_{49:b}", "qpcsk_{50:b}" } },
	{ "secret.langsmith_key", "LangSmith API key", "secret.ai",
	  "lsv2_pt_|lsv2_sk_",
	  "(?:lsv2_pt_[0-9a-f]{32}_[0-9a-f]{10}|lsv2_sk_[0-9a-f]{32}"
	  "_[0-9a-f]{10})",
	  .flags = ROW_SECRET,
	  .hit = { "lsv2_pt_{32:h}_{10:h}", "key=\"lsv2_sk_{32:h}_{10:h}\"" },
	  .miss = { "lsv2_pt_{32:h}_{9:h}", "qlsv2_sk_{32:h}_{10:h}" } },
	{ "secret.langfuse_key", "Langfuse secret key", "secret.ai", "sk-lf-",
	  "sk-lf-[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}",
	  .flags = ROW_SECRET,
	  .hit = { "sk-lf-{8:h}-{4:h}-{4:h}-{4:h}-{12:h}",
		   "key=\"sk-lf-{8:h}-{4:h}-{4:h}-{4:h}-{12:h}\"" },
	  .miss = { "sk-lf-{8:h}-{4:h}-{4:h}-{4:h}-{11:h}",
		    "qsk-lf-{8:h}-{4:h}-{4:h}-{4:h}-{12:h}" } },
	{ "secret.jina_api_key", "Jina API key", "secret.ai", "jina_",
	  "jina_[A-Za-z0-9_-]{60}", .flags = ROW_SECRET,
	  .hit = { "jina_{60:b}", "key=\"jina_{60:b}\"" },
	  .miss = { "jina_{59:b}", "qjina_{60:b}" } },
	{ "secret.tavily_api_key", "Tavily API key", "secret.ai",
	  "tvly-|tvly-dev-|tvly-prod-",
	  "(?:tvly-[A-Za-z0-9]{32}|tvly-dev-[A-Za-z0-9]{32}|"
	  "tvly-prod-[A-Za-z0-9]{32})",
	  .flags = ROW_SECRET,
	  .hit = { "tvly-{32:w}", "key=\"tvly-prod-{32:w}\"" },
	  .miss = { "tvly-{31:w}", "qtvly-prod-{32:w}" } },
	{ "secret.firecrawl_api_key", "Firecrawl API key", "secret.ai", "fc-",
	  "fc-[0-9a-f]{32}", .flags = ROW_SECRET | ROW_TIGHT,
	  .hit = { "fc-{32:h}", "key=\"fc-{32:h}\"" },
	  .miss = { "fc-{31:h}", "qfc-{32:h}" } },
	{ "secret.together_api_key", "Together AI API key", "secret.ai",
	  "tgp_v1_", "tgp_v1_[A-Za-z0-9_-]{43}", .flags = ROW_SECRET,
	  .hit = { "tgp_v1_{43:b}", "key=\"tgp_v1_{43:b}\"" },
	  .miss = { "tgp_v1_{42:b}", "qtgp_v1_{43:b}" } },
	{ "secret.fireworks_api_key", "Fireworks AI API key", "secret.ai",
	  "fw_", "fw_[A-Za-z0-9]{24}", .flags = ROW_SECRET,
	  .hit = { "fw_{24:w}", "key=\"fw_{24:w}\"" },
	  .miss = { "fw_{23:w}", "qfw_{24:w}" } },
	{ "secret.cerebras_api_key", "Cerebras API key", "secret.ai", "csk-",
	  "csk-[a-z0-9]{48}", .flags = ROW_SECRET,
	  .hit = { "csk-{48:a}", "key=\"csk-{48:a}\"" },
	  .miss = { "csk-{47:a}", "qcsk-{48:a}" } },
	{ "secret.cohere_api_key", "Cohere API key", "secret.ai",
	  "cohere|co_api_key",
	  "(?i:cohere|co_api_key)[\\w .-]{0,40}[\"\\'`\\])]{0,2}"
	  "\\s{0,3}(?:=>?|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "([A-Za-z0-9]{40})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS, .entropy = 35,
	  .hit = { "cohere_key = \"{40:w}\"", "COHERE_TOKEN: {40:w}" },
	  .miss = { "cohere_key = \"{39:w}\"", "value = \"{40:w}\"" } },
	{ "secret.mistral_api_key", "Mistral API key", "secret.ai", "mistral",
	  "(?i:mistral)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|"
	  ":=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([A-Za-z0-9]{32})"
	  "(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS, .entropy = 35,
	  .hit = { "mistral_key = \"{32:w}\"", "MISTRAL_TOKEN: {32:w}" },
	  .miss = { "mistral_key = \"{31:w}\"", "value = \"{32:w}\"" } },
	{ "secret.deepseek_api_key", "DeepSeek API key", "secret.ai",
	  "deepseek",
	  "(?i:deepseek)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?"
	  "|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}(sk-[0-9a-f]{32}"
	  ")(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "deepseek_key = \"sk-{32:h}\"",
		   "DEEPSEEK_TOKEN: sk-{32:h}" },
	  .miss = { "deepseek_key = \"sk-{31:h}\"", "value = \"sk-{32:h}\"" } },
	{ "secret.elevenlabs_api_key", "ElevenLabs API key", "secret.ai",
	  "elevenlabs|xi[_-]api",
	  "(?i:elevenlabs|xi[_-]api)[\\w .-]{0,40}[\"\\'`\\])]{0,2}"
	  "\\s{0,3}(?:=>?|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "(sk_[0-9a-f]{48})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "elevenlabs_key = \"sk_{48:h}\"",
		   "ELEVENLABS_TOKEN: sk_{48:h}" },
	  .miss = { "elevenlabs_key = \"sk_{47:h}\"",
		    "value = \"sk_{48:h}\"" } },
	{ "secret.assemblyai_api_key", "AssemblyAI API key", "secret.ai",
	  "assemblyai",
	  "(?i:assemblyai)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?"
	  ":=>?|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "([0-9a-f]{32})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "assemblyai_key = \"{32:h}\"", "ASSEMBLYAI_TOKEN: {32:h}" },
	  .miss = { "assemblyai_key = \"{31:h}\"", "value = \"{32:h}\"" } },
	{ "secret.deepgram_api_key", "Deepgram API key", "secret.ai",
	  "deepgram",
	  "(?i:deepgram)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?"
	  "|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([0-9a-f]{40})(?"
	  "![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "deepgram_key = \"{40:h}\"", "DEEPGRAM_TOKEN: {40:h}" },
	  .miss = { "deepgram_key = \"{39:h}\"", "value = \"{40:h}\"" } },
	{ "secret.wandb_api_key", "Weights and Biases API key", "secret.ai",
	  "wandb",
	  "(?i:wandb)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|"
	  ":=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([0-9a-f]{40})(?"
	  "![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "wandb_key = \"{40:h}\"", "WANDB_TOKEN: {40:h}" },
	  .miss = { "wandb_key = \"{39:h}\"", "value = \"{40:h}\"" } },
	{ "secret.clarifai_api_key", "Clarifai API key", "secret.ai",
	  "clarifai",
	  "(?i:clarifai)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?"
	  "|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([0-9a-f]{32})(?"
	  "![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "clarifai_key = \"{32:h}\"", "CLARIFAI_TOKEN: {32:h}" },
	  .miss = { "clarifai_key = \"{31:h}\"", "value = \"{32:h}\"" } },
	{ "secret.privateai_api_key", "Private AI API key", "secret.ai",
	  "private[_-]ai",
	  "(?i:private[_-]ai)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}"
	  "(?:=>?|:=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "([A-Za-z0-9]{32})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS, .entropy = 35,
	  .hit = { "private_ai_key = \"{32:w}\"", "PRIVATE_AI_TOKEN: {32:w}" },
	  .miss = { "private_ai_key = \"{31:w}\"", "value = \"{32:w}\"" } },
	{ "secret.kagi_api_key", "Kagi API key", "secret.ai", "kagi",
	  "(?i:kagi)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|:=?"
	  "|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}([A-Za-z0-9_-]{11}"
	  "\\.[A-Za-z0-9_-]{22,90})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "kagi_key = \"{11:b}.{22:b}\"",
		   "KAGI_TOKEN: {11:b}.{22:b}" },
	  .miss = { "kagi_key = \"{11:b}.{21:b}\"",
		    "value = \"{11:b}.{22:b}\"" } },
	{ "secret.llamacloud_api_key", "LlamaCloud API key", "secret.ai",
	  "llx-", "llx-[A-Za-z0-9_-]{48}", .flags = ROW_SECRET,
	  .hit = { "llx-{48:b}", "key=\"llx-{48:b}\"" },
	  .miss = { "llx-{47:b}", "qllx-{48:b}" } },
	{ "secret.voyage_api_key", "Voyage AI API key", "secret.ai", "voyage",
	  "(?i:voyage)[\\w .-]{0,40}[\"\\'`\\])]{0,2}\\s{0,3}(?:=>?|"
	  ":=?|\\|\\||>|,|\\(|\\?=)[\\s\"\\'`(]{0,6}"
	  "(pa-[A-Za-z0-9_-]{40,48})(?![\\w+/-])",
	  .flags = ROW_SECRET | ROW_CASELESS,
	  .hit = { "voyage_key = \"pa-{40:b}\"", "VOYAGE_TOKEN: pa-{40:b}" },
	  .miss = { "voyage_key = \"pa-{39:b}\"", "value = \"pa-{40:b}\"" } },
};

const struct family family_secrets_ai = {
	.name = "secrets_ai",
	.rows = rows,
	.count = ARRAY_LEN(rows),
};
