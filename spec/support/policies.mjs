// policies.mjs - the policies that the end-to-end tests write and load.

export const MASK_PII = `return Policy "mask-pii" {
  about = "Personal data is masked before it leaves.",
  Where = anywhere,
  When  = input:has(pii),
  Then  = mask,
}
`;

export const BLOCK_SECRETS = `return Policy "block-secrets" {
  about = "Secrets do not leave.",
  Where = anywhere,
  When  = input:has(secrets),
  Then  = block "secrets stay in the company",
}
`;

export const MASK_REPLIES = `return Policy "mask-replies" {
  about = "Personal data in buffered answers is masked.",
  Where = anywhere,
  When  = output:has(pii),
  Then  = mask,
}
`;

export const BLOCK_REPLIES = `return Policy "block-replies" {
  about = "Secrets in answers do not reach the device.",
  Where = anywhere,
  When  = output:has(secrets),
  Then  = block "the answer held a secret",
}
`;

export const LOG_ALL = `return Policy "log-all" {
  about = "Everything is recorded.",
  Where = anywhere,
  Then  = log,
}
`;

// The usual set: what most tests run under.
export const USUAL = { "mask-pii": MASK_PII, "block-secrets": BLOCK_SECRETS,
  "log-all": LOG_ALL };

// Synthetic values that the shipped detectors know, and their placeholders.
export const EMAIL = "ana.lopez@example.com";
export const CARD = "4111 1111 1111 1111";
export const IBAN = "DE89370400440532013000";
// Nobody's key: of the right shape, and put together here so that no scanner of
// repositories takes it for a real one.
export const SECRET = "AKIA" + "QX7ZM2VNT4KDPR5W";
