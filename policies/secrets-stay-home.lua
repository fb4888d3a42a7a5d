return Policy "secrets-stay-home" {
  about = "Credentials are shown to no assistant, in no part of a request.",
  Where = anywhere,
  When  = any_of { input:has(secrets), upload:has(secrets) },
  Then  = block "This text holds a credential. Remove it and send again.",
  severity = high,
  alert = true,
  tags  = { "owasp:llm02" },
}
