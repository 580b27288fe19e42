import { join } from "node:path";
import { expect, test } from "vitest";
import { measureWebhook } from "./webhook.ts";

/** It may only fall. */
const MAX_FILES_TO_COMMIT = 12;

test(`one webhook enters at most ${MAX_FILES_TO_COMMIT} files from socket to COMMIT`, async () => {
  const { toCommit } = await measureWebhook(join(import.meta.dirname, "../.."));
  expect(toCommit.length, toCommit.join("\n")).toBeLessThanOrEqual(MAX_FILES_TO_COMMIT);
});
