--- Perplexity: the API and the web app.
return {
  id = "perplexity",
  about = "Perplexity API and search",
  hosts = { "api.perplexity.ai", "www.perplexity.ai", "perplexity.ai" },
  endpoints = {
    { "chat.completions", "POST", "/chat/completions", like = "openai.chat" },
    { "chat.completions", "POST", "/v1/chat/completions",
      like = "openai.chat" },
    { "async.chat.completions", "POST", "/async/chat/completions",
      like = "web.async_chat" },
    { "responses", "POST", "/v1/responses", like = "openai.responses" },
    { "search", "POST", "/search", like = "generic.any" },
    { "web.ask", "POST", "/rest/sse/perplexity_ask",
      like = "web.perplexity" },
  },
}
