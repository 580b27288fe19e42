// Approvals that fail closed, by the real client's own calls: what hides, and what is not known, takes more than a tap.
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";

import type { Verdict } from "../../src/sdk/prompt.ts";
import { answer, untilAsked } from "../e2e/people.ts";
import { script, useTool } from "./script.ts";
import { sessionTest } from "./sluice-test.ts";

const ALLOW: Verdict = { kind: "allow" };
const mark = (word: string): string => ["-----", word, " PRIVATE", " KEY-----"].join("");
const HIDING = [
  ["in a key that has no end", `: ${mark("BEGIN")}\nscripts/wipeeverything`],
  ["in a key", `: ${mark("BEGIN")}\nscripts/wipeeverything\n${mark("END")}`],
  ["behind a token", "deploy --token abcdefgh12345678 ; scripts/wipeeverything"],
] as const;

for (const [where, command] of HIDING)
  sessionTest(
    `manual mode: a script that hides ${where} is not run by one tap`,
    {
      mode: "manual",
      script: script({
        when: "please work",
        answer: () => useTool("Bash", { command, description: "work" }),
      }),
    },
    async ({ client, home, sluice }) => {
      const wiped = join(home.project, "wiped");
      mkdirSync(join(home.project, "scripts"));
      writeFileSync(join(home.project, "scripts/wipeeverything"), `#!/bin/sh\ntouch '${wiped}'\n`);
      chmodSync(join(home.project, "scripts/wipeeverything"), 0o755);
      await client.submit("please work");
      await client.waitForScreen(/do you want to proceed/i);
      const { id, arguments: shown, risk } = await untilAsked(sluice.place);
      // What would run is shown, or it is said that something is hidden.
      expect(shown.includes("scripts/wipeeverything") || /hidden/.test(risk.reasons.join())).toBe(
        true,
      );
      expect(await answer(sluice.place, id, ALLOW)).toMatchObject({ kind: "needs-code" });
      expect(existsSync(wiped)).toBe(false);
      expect(await answer(sluice.place, id, { kind: "deny" })).toMatchObject({ kind: "done" });
      await client.waitForIdle();
      expect(existsSync(wiped)).toBe(false);
    },
  );
