--- DeepSeek: the API in both dialects, and the web chat.
return {
  id = "deepseek",
  about = "DeepSeek API and chat",
  hosts = { "api.deepseek.com", "chat.deepseek.com" },
  endpoints = {
    { "chat.completions", "POST", "/chat/completions", like = "openai.chat" },
    { "chat.completions", "POST", "/v1/chat/completions",
      like = "openai.chat" },
    { "chat.completions", "POST", "/beta/chat/completions",
      like = "openai.chat" },
    { "completions", "POST", "/beta/completions",
      like = "openai.completions" },
    { "completions", "POST", "/completions", like = "openai.completions" },
    { "messages", "POST", "/anthropic/v1/messages",
      like = "anthropic.messages" },
    { "web.completion", "POST", "/api/v0/chat/completion",
      like = "web.deepseek" },
  },
}
