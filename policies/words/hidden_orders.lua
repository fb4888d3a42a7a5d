-- What a text says that wants to be obeyed instead of read. For what comes from
-- tools and documents: there no honest author speaks so to an assistant.
return Word "hidden_orders" (regex {
  [[(?i)\b(?:ignore|disregard|forget|override) (?:all |any |every |the |your )*(?:previous|prior|earlier|above|preceding) (?:instructions?|prompts?|rules|directions|messages?)]],
  [[(?i)\bdo not (?:tell|inform|mention (?:this|it) to|reveal (?:this|it) to) the user\b]],
  [[(?i)\byou are now (?:in )?(?:developer|debug|unrestricted|jailbreak|god) mode\b]],
  [[(?i)\b(?:reveal|print|repeat|output) (?:your|the) (?:system|hidden|initial) (?:prompt|instructions)\b]],
  [[(?i)\bnew (?:system )?instructions?:]],
  [[(?i)<\|?(?:im_start|system|endoftext)\|?>]],
  name = "hidden_orders",
})
