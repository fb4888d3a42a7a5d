return Policy "watch-contractor-code" {
  about = "Counts how often contractors paste code. Stops nothing.",
  Where = anywhere { groups = "contractors" },
  When  = any_of { input:has(code_lines), upload:has(code_lines) },
  Then  = log,
}
