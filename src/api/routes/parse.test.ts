import { Hono } from "hono";
import { expect, test } from "vitest";
import { answerFault } from "./parse.ts";

test("a hub whose files were taken away by an update says so, and what to do", async () => {
  const gone = "./taken-away-by-an-update.ts";
  const app = new Hono()
    .get("/", async (c) => c.json((await import(gone)) as object))
    .onError((thrown, context) => answerFault(thrown, context));
  const answer = await app.request("/");
  expect([answer.status, await answer.json()]).toMatchObject([
    500,
    {
      error: { code: "internal", message: expect.stringMatching(/^the files of this hub .* gone/) },
    },
  ]);
});
