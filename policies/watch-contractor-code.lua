return Policy "watch-contractor-code" {
  about = "Counts how often contractors paste code. Stops nothing.",
  Where = anywhere { groups = "contractors" },
  When  = any_of { input:has(source_code), upload:has(source_code) },
  Then  = log,
}
