/**
 * Puts other code in the place of what an author's channel runs.
 *
 * Owns: the order of that, and the way back. Never: what the code may do (authored/), or the list of channels (channels.ts).
 *
 * REPLACE-1 A hub that is killed on the way starts again with the old code or with the new one, each with all that it needs.
 */
import type { Home } from "../../local/home.ts";
import { SluiceError } from "../../sdk/errors.ts";
import { keepCode, type KeptCode, removeCode } from "../authored/kept-code.ts";
import type { Connections } from "./connections.ts";
import type { ChannelConfig } from "../settings/config.ts";
import { type ChannelSecrets, readSecrets, writeSecrets } from "./secrets.ts";

/** Until then it has said what is wrong with it. */
const START_MS = 15_000;

/** What the configuration says of an author's channel beside its code. */
export type CodeFacts = Partial<Pick<ChannelConfig, "scheme" | "twoWay" | "allowUnsigned">>;

export type ReplaceSteps = {
  facts: CodeFacts;
  /** It receives, or has a stream: senders are to find ingress. */
  needsPort: boolean;
  toSecrets(kept: ChannelSecrets): ChannelSecrets;
};

type Needs = {
  home: Home;
  connections: Pick<Connections, "opened" | "state">;
  config: ChannelConfig;
  /** The port that is frozen with the change, where none is yet. */
  freezePort(): Promise<number | undefined>;
  change(change: CodeFacts & Pick<ChannelConfig, "code">, port?: number): Promise<void>;
  /** Why it does not open. */
  reason(): string | undefined;
};

/** @throws SluiceError `bad_config`: then what ran before runs on. */
export async function replaceCode(
  code: KeptCode,
  { facts, needsPort, toSecrets }: ReplaceSteps,
  { home, connections, config, freezePort, change, reason }: Needs,
): Promise<void> {
  const { name, scheme, twoWay, allowUnsigned } = config;
  const before = readSecrets(home, name) ?? { keys: [] };
  const secrets = toSecrets(before);
  const port = needsPort ? await freezePort() : undefined;
  keepCode(home, name, code);
  // REPLACE-1: those of both, until it is known which code runs.
  const named = { ...before.named, ...secrets.named };
  writeSecrets(home, name, { ...before, ...secrets, named });
  await change({ ...facts, code: { digest: code.digest, from: code.manifest.from } }, port);
  await connections.opened(name, START_MS);
  const why = reason() ?? (config.paused ? undefined : toReason(connections.state(name)));
  if (why === undefined) {
    writeSecrets(home, name, secrets);
    return removeCode(home, name, code.digest);
  }
  await change({ scheme, twoWay, allowUnsigned, code: config.code });
  writeSecrets(home, name, before);
  if (config.code !== undefined) await removeCode(home, name, config.code.digest);
  throw new SluiceError("bad_config", `the new code does not run (${why}); the old one does`);
}

/** What is wrong with a connection that is not up. */
function toReason(state: ReturnType<Connections["state"]>): string | undefined {
  return state !== undefined && "reason" in state ? state.reason : undefined;
}
