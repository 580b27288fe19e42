/**
 * Keeps a shim small once it has started.
 *
 * Owns: which of V8's compilers run. Never: changes what code does.
 *
 * A shim lives as long as its session and answers some calls a minute. Optimised code saves it nothing that a user could notice, and the
 * optimising compilers keep 40 MiB of what they used. Set on the command line they would also slow the start, which a user does notice.
 */
import { setFlagsFromString } from "node:v8";

const FLAGS = ["--no-opt", "--no-maglev", "--no-sparkplug", "--optimize-for-size"] as const;

/** From here on nothing more is optimised; what is optimised already stays. Of a flag that it does not know V8 says so on stderr, and goes on. */
export function staySmall(): void {
  for (const one of FLAGS) setFlagsFromString(one);
}
