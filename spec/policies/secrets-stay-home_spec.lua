examples "secrets-stay-home" {
  { "a key pasted into OpenAI", "block", application = "openai",
    input = "use AKIA" .. "QX7ZM2VNT4KDPR5W please" },
  { "a key inside an upload", "block", application = "anthropic",
    upload = "aws = AKIA" .. "QX7ZM2VNT4KDPR5W" },
  { "a key that a tool read", "block",
    tool_result = "AWS_ACCESS_KEY_ID=AKIA" .. "QX7ZM2VNT4KDPR5W" },
  { "talk about keys", "allow",
    input = "How do I rotate an AWS access key without downtime?" },
  { "a question about passwords", "allow",
    input = "What makes a good password policy?" },
  { "plain talk", "allow", input = "Write a poem about the moon." },
}
