/**
 * `sluice doctor`: names the gate that stops delivery.
 *
 * Owns: the order of the checks, and how they are shown. Never: what is in order (check-hub.ts, check-claude.ts); changes nothing.
 */
import { realpathSync } from "node:fs";
import { attempt, type Check } from "./check.ts";
import { checkClaudeSide } from "./check-claude.ts";
import { checkHubSide, readStatus } from "./check-hub.ts";
import { defineCommand, JSON_ARG } from "./command.ts";
import { EXIT_FAILED, toUsageFault } from "./exit.ts";
import { paint, printJson, printLine, toLine, toWidth } from "./print.ts";

export const doctor = defineCommand({
  meta: {
    name: "doctor",
    description:
      "Looks at everything that an event passes on its way into a session, and says what to do where something is wrong. Changes nothing. Exits 1 when a check fails.",
  },
  args: {
    probe: {
      type: "boolean",
      description: "Send a test event through every hop (not in this version)",
    },
    json: JSON_ARG,
  },
  examples: ["sluice doctor", "sluice doctor --json"],
  async run({ args }) {
    if (args.probe === true) {
      throw toUsageFault(
        'doctor --probe is not in this version; "sluice emit" sends an event and "sluice trace" follows it',
      );
    }
    const checks = await examine();
    if (args.json === true) printJson(checks);
    else for (const line of renderChecks(checks)) printLine(line);
    if (checks.some((check) => !check.ok)) process.exitCode = EXIT_FAILED;
  },
});

async function examine(): Promise<Check[]> {
  const { env } = process;
  let status: Awaited<ReturnType<typeof readStatus>>;
  const answered = await attempt("hub", async () => {
    status = await readStatus(env);
    return [];
  });
  return [
    ...(await checkHubSide(env, status)),
    ...answered,
    ...(await checkClaudeSide(env, realpathSync(process.cwd()), status)),
  ];
}

export function renderChecks(checks: readonly Check[]): string[] {
  const width = Math.max(...checks.map(({ check }) => toWidth(toLine(check))));
  const lines = checks.flatMap(({ check, ok, detail, fix }) => {
    const name = toLine(check);
    const mark = ok ? paint("green", "ok") : paint("red", "!!");
    const line = `${mark}  ${name}${" ".repeat(width - toWidth(name))}  ${toLine(detail)}`;
    return fix === undefined ? [line] : [line, `${" ".repeat(width + 6)}fix: ${toLine(fix)}`];
  });
  const failed = checks.filter(({ ok }) => !ok).length;
  return [
    ...lines,
    "",
    failed === 0 ? "Nothing stops delivery." : `${failed} of ${checks.length} checks failed.`,
  ];
}
