// Registers a test that needs the real client, or skips it and says why.
// Owns nothing but the registration: what happens inside is with-client.ts.
import { test } from "vitest";

import { findClaude } from "./available.ts";
import type { Client } from "./client.ts";
import { withClient, withStage } from "./with-client.ts";
import type { ClientOptions, Stage, StageOptions } from "./with-client.ts";

// A client takes two seconds to start and a loaded machine three times that.
const timeoutMs = 120_000;

let hasSaidWhy = false;

/** A test with an interactive session, idle at its first prompt. */
export function clientTest(
  claim: string,
  options: Omit<ClientOptions, "name">,
  body: (stage: Stage & { client: Client }) => Promise<void>,
): void {
  register(claim, () => withClient({ ...options, name: claim }, body));
}

/** A test that runs the client headless only, or starts its sessions itself. */
export function stageTest(
  claim: string,
  options: Omit<StageOptions, "name">,
  body: (stage: Stage) => Promise<void>,
): void {
  register(claim, () => withStage({ ...options, name: claim }, body));
}

function register(claim: string, run: () => Promise<void>): void {
  test(claim, { timeout: timeoutMs }, async ({ skip }) => {
    const found = findClaude();
    if (found.kind === "missing") {
      // The reporter counts what is skipped and keeps the reason to itself.
      if (!hasSaidWhy) console.warn(`real-client tests are skipped: ${found.reason}`);
      hasSaidWhy = true;
      skip(found.reason);
    }
    await run();
  });
}
