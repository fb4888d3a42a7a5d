return Policy "injection-strict" {
  about = "What a tool or a document brings in gives the assistant no orders.",
  Where = anywhere,
  When  = any_of {
    input:tool_result():has(hidden_orders),
    input:document():has(hidden_orders),
    upload:has(hidden_orders),
  },
  Then  = block "A document or a tool tries to give the assistant orders.",
  severity = high,
  tags  = { "owasp:llm01" },
}
