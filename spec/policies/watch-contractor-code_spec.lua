local code = "def f(x):\n    return x\n\nclass A:\n    pass\n\ndef g(y):\n"

examples "watch-contractor-code" {
  { "a contractor pastes code", "log", groups = "contractors", input = code },
  { "a contractor uploads code", "log", groups = { "staff", "contractors" },
    upload = code },
  { "an employee pastes code", "allow", groups = "staff", input = code },
  { "a contractor talks", "allow", groups = "contractors", input = "hello" },
}
