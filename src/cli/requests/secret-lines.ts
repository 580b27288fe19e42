/**
 * Several secrets of one channel by stdin, a line each.
 *
 * Owns: which line is which. Pure. Never: reads, or looks at what a secret is.
 */
import { toUsageFault } from "../exit.ts";
import type { GivenSecrets } from "../read-input.ts";

/** In the order in which `add` asks for them. A key that has lines of its own is one secret, of a kind that has one. @throws SluiceError `bad_input`. */
export function spreadLines(
  kind: string,
  given: GivenSecrets,
  more: readonly { name: string }[],
): GivenSecrets {
  const [secret = "", ...others] = given.secret?.split(/\r?\n/).map((line) => line.trim()) ?? [];
  if (others.length === 0 || more.length === 0) return given;
  const lines = others.filter((line) => line !== "");
  if (lines.length > more.length)
    throw toUsageFault(
      `--secret-stdin: ${kind} takes ${more.length + 1} secrets, a line each, and there are ${lines.length + 1}`,
    );
  const named = lines.map((line, index): [string, string] => [more[index]?.name ?? "", line]);
  return { secret, secrets: { ...given.secrets, ...Object.fromEntries(named) } };
}
