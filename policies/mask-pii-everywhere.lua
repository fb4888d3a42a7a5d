return Policy "mask-pii-everywhere" {
  about = "Personal data is masked before it leaves the company.",
  Where = anywhere,
  When  = input:has(pii),
  Then  = mask { style = token },
  tags  = { "owasp:llm02" },
}
