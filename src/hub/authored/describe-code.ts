/**
 * Has an author's file say what it is, in a process that gets nothing and begins nothing.
 *
 * Owns: that process. Never: what is done with what it says.
 */
import type { Logger } from "../../sdk/log.ts";
import { Child, type ChildReady } from "./child.ts";

const NO_LOG: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** @throws SluiceError `bad_config`: one line with the place and the fix. */
export async function describeCode(
  entry: string,
  folder: string,
  reads: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<ChildReady> {
  const child = new Child({
    start: { mode: "describe", entry, name: "new", settings: {}, secrets: {} },
    folder,
    reads,
    env,
    log: NO_LOG,
    hooks: { take: async () => [], report() {}, leftBehind() {}, undelivered: async () => {} },
  });
  try {
    return await child.ready;
  } finally {
    await child.close();
  }
}
