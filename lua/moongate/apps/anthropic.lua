--- Anthropic: the API, Claude in the browser and on the desktop, Claude Code.
return {
  id = "anthropic",
  about = "Anthropic API, Claude, Claude Code",
  hosts = {
    "api.anthropic.com", "claude.ai", "claude.com", "platform.claude.com",
    "mcp-proxy.anthropic.com", "a-api.anthropic.com",
  },
  leave = { "downloads.claude.ai", "statsig.anthropic.com" },
  endpoints = {
    { "messages", "POST", "/v1/messages", like = "anthropic.messages" },
    { "messages.count_tokens", "POST", "/v1/messages/count_tokens",
      like = "anthropic.count_tokens" },
    { "messages.batches", "POST", "/v1/messages/batches",
      like = "anthropic.batches" },
    { "messages.batches.results", "GET", "/v1/messages/batches/*/results",
      like = "anthropic.batches" },
    { "complete", "POST", "/v1/complete", like = "anthropic.web" },
    { "claude.completion", "POST",
      "/api/organizations/*/chat_conversations/*/completion",
      like = "anthropic.web" },
    { "claude.retry", "POST",
      "/api/organizations/*/chat_conversations/*/retry_completion",
      like = "anthropic.web" },
  },
}
