/**
 * One cause is one failure: what fails only because something before it does is told as its consequence.
 *
 * Owns: which failure follows from which. Pure. Never: looks at anything.
 */
import { type Check, warn } from "./check.ts";

/** `follows`: whether a failure disappears with this cause. In doubt it does not: one that is hidden is not mended. */
type Rule = { cause: string; follows: (failure: Check, cause: Check) => boolean };

const isNamed =
  (name: RegExp) =>
  ({ check }: Check): boolean =>
    name.test(check);

/** In the order of the way that an event goes. */
const RULES: readonly Rule[] = [
  {
    cause: "home",
    follows: ({ check, detail }, home) => check === "hub" || detail === home.detail,
  },
  { cause: "config", follows: isNamed(/^(?:hub|ingress)$/) },
  { cause: "inbox", follows: isNamed(/^hub$/) },
  { cause: "hub", follows: isNamed(/^(?:access|rules|agents|mcp events|probe)/) },
  {
    cause: "ingress",
    follows: ({ check, detail }) =>
      check.startsWith("probe") ||
      (check.startsWith("channel ") && detail.includes("ingress is down")),
  },
  {
    cause: "second poller",
    follows: ({ check, detail }) =>
      check.startsWith("channel ") && detail.includes("another program polls this bot"),
  },
  {
    cause: "client",
    // One that is not found here says nothing of a session that runs.
    follows: ({ check }, { detail }) =>
      check.startsWith("session ") && detail.includes("runs no monitors"),
  },
  { cause: "policy", follows: isNamed(/^(?:session |probe)/) },
  { cause: "hooks", follows: isNamed(/^(?:session |probe)/) },
  { cause: "marketplace", follows: isNamed(/^(?:plugin$|client )/) },
  { cause: "plugin", follows: isNamed(/^client /) },
];

export function foldCauses(checks: readonly Check[]): Check[] {
  const failed = new Map(checks.flatMap((one) => (one.ok ? [] : [[one.check, one] as const])));
  return checks.map((one) => {
    if (one.ok) return one;
    const rule = RULES.find(({ cause, follows }) => {
      const found = cause === one.check ? undefined : failed.get(cause);
      return found !== undefined && follows(one, found);
    });
    return rule === undefined ? one : warn(one.check, `${one.detail} (because of: ${rule.cause})`);
  });
}
