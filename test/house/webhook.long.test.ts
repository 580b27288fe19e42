import { join } from "node:path";
import { expect, test } from "vitest";
import { measureWebhook } from "./webhook.ts";

/** They may only fall. */
const MAX_FILES_TO_COMMIT = 12;
const MAX_FILES_TO_MODEL = 48;

test(`one webhook enters at most ${MAX_FILES_TO_COMMIT} files from socket to COMMIT, ${MAX_FILES_TO_MODEL} to the model`, async () => {
  const { toCommit, toModel } = await measureWebhook(join(import.meta.dirname, "../.."));
  expect(toCommit.length, toCommit.join("\n")).toBeLessThanOrEqual(MAX_FILES_TO_COMMIT);
  expect(toModel.length, toModel.join("\n")).toBeLessThanOrEqual(MAX_FILES_TO_MODEL);
});
