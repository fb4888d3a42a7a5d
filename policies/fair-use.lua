return Policy "fair-use" {
  about = "Nobody sends more than three hundred prompts a minute.",
  Where = anywhere,
  When  = always,
  Then  = limit { 300, per = minute, by = user },
}
