--- Whatever no table names: AI domains that an operator lists, and the paths of
-- known applications that have no shape of their own.
return {
  id = "generic",
  about = "Any AI service without a table",
  hosts = {},
  endpoints = {
    { "any", "*", "/**", like = "generic.any" },
  },
}
