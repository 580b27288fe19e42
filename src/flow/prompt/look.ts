/**
 * All that is looked up about a call before it is written down: whether it is known to be harmless, and where its paths lead.
 *
 * Owns: doing that outside of the transaction, since a disk may be slow. Never: decides.
 */
import type { PromptRule } from "../../store/prompts/prompt-rules.ts";
import { type Assessment, assessCall, type CallScene } from "./risk/assess.ts";
import type { Disk } from "./risk/disk.ts";
import { listLookups, type RealPath } from "./rules/rule-reach.ts";

export type LookOptions = {
  disk: Disk;
  readRules: () => readonly PromptRule[];
  /** The owner's list of commands that one tap allows. */
  readProjectCommands: () => readonly string[];
};

export type CallLook = { assessment: Assessment; places: ReadonlyMap<string, RealPath> };

/** Never rejects: what cannot be looked at is not known. */
export async function lookAtCall(
  { disk, readRules, readProjectCommands }: LookOptions,
  call: Omit<CallScene, "disk" | "projectCommands">,
): Promise<CallLook> {
  const rules = readRules();
  const patterns = rules.flatMap(({ path }) => path ?? []);
  const [assessment, places] = await Promise.all([
    assessCall({ ...call, disk, projectCommands: readProjectCommands() }),
    lookUp(disk, rules.length === 0 ? [] : listLookups(call, patterns)),
  ]);
  return { assessment, places };
}

async function lookUp(disk: Disk, paths: readonly string[]): Promise<Map<string, RealPath>> {
  const found = await Promise.all(
    paths.map(async (path): Promise<[string, RealPath][]> => {
      try {
        const real = await disk.readRealPath(path);
        const facts = real === undefined ? undefined : await disk.readFacts(real);
        return real === undefined ? [] : [[path, { real, isFolder: facts?.isFolder === true }]];
      } catch {
        // Not to be looked at, so not known: rules go by its name.
        return [];
      }
    }),
  );
  return new Map(found.flat());
}
