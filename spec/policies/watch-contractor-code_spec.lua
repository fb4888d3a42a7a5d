local code = "import os\nfrom sys import argv\n\n\ndef main(args):\n"
  .. "    total = 0\n    for name in args:\n"
  .. "        total += os.path.getsize(name)\n    return total\n\n\n"
  .. "if __name__ == \"__main__\":\n    print(main(argv[1:]))\n"

examples "watch-contractor-code" {
  { "a contractor pastes code", "log", groups = "contractors", input = code },
  { "a contractor uploads code", "log", groups = { "staff", "contractors" },
    upload = code },
  { "an employee pastes code", "allow", groups = "staff", input = code },
  { "a contractor talks", "allow", groups = "contractors", input = "hello" },
}
