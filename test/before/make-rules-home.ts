/**
 * Makes `rules-home.br` anew: `node test/before/make-rules-home.ts <commit>`, in a clone with the history and on a machine with terminals.
 *
 * The commit is one whose rules for approvals reached further than ours, and whose database has a step less.
 * Owns: what is done in that home, by that version's own command line. Never: runs in a test.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { typeCommand } from "../e2e/people.ts";
import { openRig } from "../e2e/rig.ts";
import { buildProgram } from "./make-program.ts";
import { pack } from "./packed.ts";

const RULES = [
  ["allow", "Bash", "--command", "npm run *"],
  ["allow", "Bash", "--command", "npm test > test.log"],
  ["allow", "Read", "--path", "../other/**"],
  ["allow", "Bash", "--path", "/srv/app/**"],
  ["allow", "mcp__github__get_*", "--path", "/srv/app/**"],
  ["allow", "Read", "--command", "cat *"],
  ["allow", "AskUserQuestion"],
  ["allow", "PowerShell"],
  ["deny", "*", "--path", "/srv/keys/**"],
  ["ask", "Bash", "--command", "git push*"],
];

const [commit = ""] = process.argv.slice(2);
const scratch = mkdtempSync(join(tmpdir(), "sluice-before-"));
try {
  const cli = join(buildProgram(commit, scratch), "bin/sluice.js");
  await using rig = openRig({ env: { SLUICE_CLI: cli } });
  await rig.startHub(cli);
  await rig.runBy(cli, "add", "webhook", "--name", "deploys", "--ttl", "0");
  await rig.runBy(cli, "emit", "deploys", "disk of db-1 is 95 % full");
  for (const rule of RULES) await typeCommand(rig, "rule", "add", ...rule);
  await rig.runBy(cli, "down");
  for (const left of ["log", "cache", "hub.lock", "hub.pid", "hub.sock"])
    rmSync(join(rig.home, left), { recursive: true, force: true });
  const bytes = pack(rig.home, join(import.meta.dirname, "rules-home.br"), commit);
  process.stdout.write(`rules-home.br: ${bytes} bytes\n`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
