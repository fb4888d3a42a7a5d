return Policy "no-code-to-deepseek" {
  about = "Source code does not go to DeepSeek.",
  Where = anywhere { applications = "deepseek" },
  When  = any_of { input:has(source_code), upload:has(source_code) },
  Then  = block "Code stays out of DeepSeek. Use the house assistant.",
  severity = medium,
}
