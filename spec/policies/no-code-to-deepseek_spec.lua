examples "no-code-to-deepseek" {
  { "C pasted into DeepSeek", "block", application = "deepseek",
    input = "#include <stdio.h>\nint main(void)\n{\n"
      .. "  printf(\"hi\");\n  return 0;\n}\n" },
  { "Python in a file for DeepSeek", "block", application = "deepseek",
    upload = "import os\nfrom sys import argv\n\n\ndef main(args):\n"
      .. "    total = 0\n    for name in args:\n"
      .. "        total += os.path.getsize(name)\n    return total\n\n\n"
      .. "if __name__ == \"__main__\":\n    print(main(argv[1:]))\n" },
  { "JavaScript", "block", application = "deepseek",
    input = "const a = 1;\nfunction f(x) { return x; }\nlet b = f(a);\n" },
  { "SQL", "block", application = "deepseek",
    input = "select id from users where x;\ninsert into a values (1);\n"
      .. "update users set x = 1;" },
  { "code pasted elsewhere", "allow", application = "openai",
    input = "#include <stdio.h>\nint main(void)\n{\n  return 0;\n}\n" },
  { "one command in a question", "allow", application = "deepseek",
    input = "What does\nprintf(\"hi\");\nprint?" },
  { "prose about imports", "allow", application = "deepseek",
    input = "We import goods from Peru. The class was cancelled.\n"
      .. "Let me know if for some reason you return late.\n"
      .. "Import duties rise. Select what you like from the menu." },
}
