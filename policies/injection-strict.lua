return Policy "injection-strict" {
  about = "What a tool or a document brings in gives the assistant no orders.",
  Where = anywhere,
  When  = any_of {
    input:tool_result():has(injection.strict),
    input:document():has(injection.strict),
    upload:has(injection.strict),
  },
  Then  = block "A document or a tool tries to give the assistant orders.",
  severity = high,
  tags  = { "owasp:llm01" },
}
