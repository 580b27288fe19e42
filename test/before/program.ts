/**
 * The version of Sluice before what comes in and what goes out part company, as its users have it.
 *
 * Owns: putting it in place. Never: starts it. It runs on the libraries of this tree; its shim and bell have theirs inside.
 */
import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { unpack } from "./packed.ts";
import { ROOT } from "../e2e/rig.ts";

/** Absolute paths, and the parsed hooks.json of its plugin. */
export type Program = { cli: string; shim: string; bell: string; hooks: unknown };

export function unpackProgram(folder: string): Program {
  unpack(join(import.meta.dirname, "program.br"), folder);
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  return {
    cli: join(folder, "bin/sluice.js"),
    shim: join(folder, "dist/client/shim.js"),
    bell: join(folder, "dist/client/bell.js"),
    hooks: JSON.parse(readFileSync(join(folder, "plugin/hooks/hooks.json"), "utf8")),
  };
}
