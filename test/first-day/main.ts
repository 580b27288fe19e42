/**
 * `node test/first-day/main.ts`: the first day, as a table: with umask 002 and 022, with the Node of this checkout and the system's own.
 *
 * Owns: the runs and the table. Never: a step (first-day.ts).
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { runFirstDay } from "./first-day.ts";

const nodes = [process.execPath, "/usr/bin/node"].filter((path) => existsSync(path));
for (const node of nodes)
  for (const umask of [0o002, 0o022]) {
    const version = spawnSync(node, ["--version"], { encoding: "utf8" }).stdout.trim();
    const { steps, tunnel } = await runFirstDay({ umask, node });
    const typed = steps.filter((step) => step.typed !== undefined).length;
    const seconds = steps.reduce((sum, { ms }) => sum + ms, 0) / 1_000;
    console.log(
      `Node ${version}, umask 0${umask.toString(8).padStart(2, "0")}: ${typed} commands, ${seconds.toFixed(1)} s, tunnel ${tunnel.state}`,
    );
    for (const { typed: line = "", what, ms } of steps)
      console.log(`  ${(ms / 1_000).toFixed(1).padStart(6)} s  ${line.padEnd(28)}${what}`);
  }
