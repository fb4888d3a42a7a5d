--- Groq: fast inference behind the OpenAI API.
return {
  id = "groq",
  about = "Groq API and console",
  hosts = { "api.groq.com", "console.groq.com", "groq.com" },
  endpoints = {
    { "chat.completions", "POST", "/openai/v1/chat/completions",
      like = "openai.chat" },
    { "responses", "POST", "/openai/v1/responses",
      like = "openai.responses" },
    { "embeddings", "POST", "/openai/v1/embeddings",
      like = "openai.embeddings" },
    { "audio.transcriptions", "POST", "/openai/v1/audio/transcriptions",
      like = "openai.transcriptions" },
    { "audio.speech", "POST", "/openai/v1/audio/speech",
      like = "openai.speech" },
  },
}
