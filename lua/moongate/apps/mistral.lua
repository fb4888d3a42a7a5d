--- Mistral: the API, Codestral, Le Chat.
return {
  id = "mistral",
  about = "Mistral API, Codestral, Le Chat",
  hosts = { "api.mistral.ai", "chat.mistral.ai", "codestral.mistral.ai" },
  leave = { "auth.mistral.ai" },
  endpoints = {
    { "chat.completions", "POST", "/v1/chat/completions",
      like = "openai.chat" },
    { "fim.completions", "POST", "/v1/fim/completions",
      like = "openai.completions" },
    { "agents.completions", "POST", "/v1/agents/completions",
      like = "openai.chat" },
    { "embeddings", "POST", "/v1/embeddings", like = "openai.embeddings" },
    { "moderations", "POST", "/v1/moderations", like = "openai.moderations" },
    { "ocr", "POST", "/v1/ocr", like = "web.ocr" },
    { "conversations", "POST", "/v1/conversations",
      like = "web.conversations" },
    { "conversations", "POST", "/v1/conversations/*",
      like = "web.conversations" },
  },
}
