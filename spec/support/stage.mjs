// stage.mjs - what nearly every test file needs: providers, the product, one
// integration; started before the first test and ended after the last.

import { after, before, beforeEach } from "node:test";
import path from "node:path";
import { ROOT, startMoongate } from "./moongate.mjs";
import { USUAL } from "./policies.mjs";
import { startProvider } from "./provider.mjs";

export const PROVIDER_DIR = path.join(ROOT, "build/e2e/provider");

export const OPENAI = "https://api.openai.com/v1/chat/completions";
export const ANTHROPIC = "https://api.anthropic.com/v1/messages";
export const GEMINI =
  "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash";

// Call at the top of a file: const stage = useStage({ policies, settings });
// its fields are there once tests run. `ready(stage)` is called just before.
export function useStage(options = {}) {
  const stage = {};
  before(async () => {
    stage.provider = await startProvider({ dir: PROVIDER_DIR,
      ...options.provider });
    stage.gate = await startMoongate({ policies: USUAL, ...options,
      provider: stage.provider });
    stage.device = await stage.gate.integration(options.integration ?? "laptops",
      ...(options.flags ?? []));
    await options.ready?.(stage);
  });
  beforeEach(() => stage.provider.reset());
  after(async () => {
    await stage.gate?.stop();
    await stage.provider?.stop();
  });
  return stage;
}

// A chat request as the OpenAI API takes it.
export const chat = (content, more = {}) => ({ model: "gpt-4o-mini",
  messages: [{ role: "user", content }], ...more });

// The text that the model said back, in OpenAI's shape.
export const said = (json) => json.choices[0].message.content;
