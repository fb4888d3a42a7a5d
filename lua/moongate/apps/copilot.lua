--- GitHub Copilot and Microsoft Copilot.
return {
  id = "copilot",
  about = "GitHub Copilot, Microsoft Copilot",
  hosts = {
    "copilot.microsoft.com", "api.githubcopilot.com", "*.githubcopilot.com",
    "copilot-proxy.githubusercontent.com",
    "origin-tracker.githubusercontent.com", "uploads.github.com",
    "substrate.office.com", "m365.cloud.microsoft",
  },
  leave = { "copilot-telemetry.githubusercontent.com" },
  endpoints = {
    { "chat.completions", "POST", "/chat/completions", like = "openai.chat" },
    { "chat.completions", "POST", "/v1/chat/completions",
      like = "openai.chat" },
    { "responses", "POST", "/responses", like = "openai.responses" },
    { "responses", "POST", "/v1/responses", like = "openai.responses" },
    { "messages", "POST", "/v1/messages", like = "anthropic.messages" },
    { "embeddings", "POST", "/embeddings", like = "openai.embeddings" },
    { "ghost", "POST", "/v1/engines/*/completions",
      like = "openai.completions" },
    { "mcp", "POST", "/mcp/**", like = "generic.rpc" },
    { "mcp", "POST", "/mcp", like = "generic.rpc" },
    { "threads", "POST", "/github/chat/threads/*/messages",
      like = "web.github" },
  },
}
