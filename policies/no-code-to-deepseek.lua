return Policy "no-code-to-deepseek" {
  about = "Source code does not go to DeepSeek.",
  Where = anywhere { applications = "deepseek" },
  When  = any_of { input:has(code_lines), upload:has(code_lines) },
  Then  = block "Code stays out of DeepSeek. Use the house assistant.",
  severity = medium,
}
