/**
 * Test fixture: a person who answers a prompt, as a process of its own in a terminal of its own.
 *
 * `answer.fixture.ts RESULT REF VERDICT [CODE]`: gives the verdict over the hub's socket and writes its outcome to RESULT.
 */
import { renameSync, writeFileSync } from "node:fs";
import { openClient, read } from "../../src/api/client.ts";
import { locateSocket } from "../../src/api/home.ts";
import { readCallerFacts } from "../../src/cli/access-terminal.ts";

const [, , result = "", ref = "", verdict = "", typedCode] = process.argv;
const client = openClient(() => locateSocket(process.env));
const outcome = await read(
  client.api.prompts[":ref"].verdict.$post({
    param: { ref },
    json: {
      verdict: JSON.parse(verdict),
      caller: readCallerFacts(),
      ...(typedCode === undefined ? {} : { typedCode }),
    },
  }),
);
writeFileSync(`${result}.part`, JSON.stringify(outcome));
renameSync(`${result}.part`, result);
client.close();
