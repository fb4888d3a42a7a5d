--- Cursor. Its Connect and gRPC bodies are binary: their hosts are covered, so
-- that they are seen, attributed and refused by policy; what no reader opens is
-- reported as unread.
return {
  id = "cursor",
  about = "Cursor editor and agents",
  hosts = {
    "api2.cursor.sh", "api.cursor.com", "api.cursor.sh", "api3.cursor.sh",
    "api4.cursor.sh", "api5.cursor.sh", "*.api5.cursor.sh",
    "repo42.cursor.sh", "*.gcpp.cursor.sh", "*.cursorapi.com",
  },
  -- The vendor asks that these are not inspected.
  leave = {
    "marketplace.cursorapi.com", "authenticate.cursor.sh",
    "authenticator.cursor.sh", ".cursor-cdn.com",
  },
  block = {
    -- Connect reads `code` and `message` at the top.
    body = [[{"code":"permission_denied","message":"@MESSAGE@",]]
      .. [["error":{"message":"@MESSAGE@","type":"blocked",]]
      .. [["param":null,"code":@STATUS@,"status":"PERMISSION_DENIED"}}]],
  },
  endpoints = {
    { "chat.completions", "POST", "/v1/chat/completions",
      like = "openai.chat" },
    { "agents", "*", "/v0/**", like = "generic.any" },
  },
}
