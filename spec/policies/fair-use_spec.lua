examples "fair-use" {
  { "the first prompt", "allow", user = "ann", input = "hello" },
  { "the three hundredth", "allow", user = "ann", input = "hello",
    times = 300, time = 1800000000 },
  { "the one after it", "block", user = "ann", input = "hello", times = 301,
    time = 1800000000 },
}
