// A list that is asked again and again. What was not in it before is one event.
import { defineChannel, env } from "sluice";
import { z } from "zod";

const LIST = env("MY_CHANNEL_URL");
const EVERY_MS = Number(process.env["MY_CHANNEL_EVERY_MS"] ?? 30_000);
const builds = z.array(
  z.object({ number: z.number(), branch: z.string(), result: z.enum(["passed", "failed"]) }),
);

export default defineChannel({
  kind: "my-channel",
  instructions: "Builds that have ended. Look into those that failed.",
  attributes: { branch: "what was built", result: "passed or failed" },
  secrets: [LIST],
  observe: {
    everyMs: EVERY_MS,
    poll: async (live) => {
      const answer = await fetch(live.secret(LIST), { signal: live.signal });
      if (!answer.ok) throw new Error(`the list answered ${answer.status}`);
      return builds.parse(await answer.json());
    },
    key: ({ number }) => String(number),
    receive: ({ number, branch, result }) => ({
      text: `build ${number} of ${branch} ${result}`,
      meta: { branch, result },
      stateOf: `build/${branch}`,
      priority: result === "failed" ? "normal" : "low",
    }),
  },
});
