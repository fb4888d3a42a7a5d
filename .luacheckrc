std = "luajit"
max_line_length = 80
exclude_files = { "build*/" }
files["spec"].std = "luajit+busted"
files["spec"].read_globals = { "examples" }
files["spec/policies"].std = "none"
files["spec/policies"].read_globals = { "examples" }

-- Policies see the vocabulary and nothing else; spec/lua/words_spec.lua keeps
-- this list equal to what the program knows.
files["policies"].std = "none"
files["policies"].read_globals = {
  "GiB", "KiB", "MiB", "Policy", "Word", "all_of", "always", "any_of",
  "anywhere", "api", "application", "appsec", "assurance", "attr", "block",
  "browser", "buffer", "critical", "day", "device", "endpoint", "engine", "entity",
  "everyone", "gateway", "hash", "hidden_text", "high", "host", "hour",
  "injection", "inline", "input", "integration", "keep_last4", "keep_length",
  "keywords", "language", "limit", "log", "low", "mask", "medium", "minute",
  "model", "mtls", "network", "none", "none_of", "observe", "output", "pii",
  "placeholder", "rate", "regex", "requests", "route", "second", "secrets",
  "size", "source_code", "time", "token", "tokens", "tools", "topic",
  "toxicity", "upload", "urls", "user", "window",
}
