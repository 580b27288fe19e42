/**
 * A channel of one file with a real process, in a home of its own.
 *
 * Owns: that. Never: asserts anything.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { ChannelContext, ConnectionState } from "../../sdk/channel.ts";
import { systemClock } from "../../sdk/clock.ts";
import type { AuthorArrival } from "../../author/port.ts";
import { toHome } from "../../local/home.ts";
import { AuthoredChannel, type AuthoredOptions } from "./authored-channel.ts";
import { describeCode } from "./describe-code.ts";
import { keepCode, openKeptCode, openNewCode, toDigest } from "./kept-code.ts";

export const SECRET = "canary-5b1a77e0c4";

export async function openScene(code: string, more: Partial<AuthoredOptions> = {}) {
  const path = mkdtempSync(join(tmpdir(), "sluice-authored-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  const home = toHome(path);
  const folder = ".new-0123456789abcdef";
  const files = join(path, "code", folder, "files");
  mkdirSync(files, { recursive: true });
  const entry = join(files, "a.mjs");
  writeFileSync(entry, code);
  const { outline } = await describeCode(entry, files, [files], process.env);
  const manifest = { entry: "a.mjs", from: "/a.mjs", root: "/", local: [], packages: [], outline };
  writeFileSync(join(path, "code", folder, "manifest.json"), JSON.stringify(manifest));
  const digest = await toDigest(join(path, "code", folder));
  keepCode(home, "mine", await openNewCode(home, folder, digest));
  const states: ConnectionState[] = [];
  const taken: AuthorArrival[] = [];
  const abort = new AbortController();
  const channel = new AuthoredChannel({
    name: "mine",
    readCode: () => openKeptCode(home, "mine", digest),
    secrets: { TOKEN: SECRET },
    env: { ...process.env, OTHER_TOKEN: "canary" },
    take: async (arrivals) => {
      taken.push(...arrivals);
      return arrivals.map(() => ({ kind: "stored", id: "evt_1" }));
    },
    readCursor: () => undefined,
    noteProcess: () => undefined,
    backoff: () => 10,
    chat: outline.chat,
    ...more,
  });
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const open = (context: Partial<ChannelContext> = {}) =>
    channel.open({
      name: "mine",
      secret: undefined as never,
      settings: {},
      cursor: undefined,
      take: async () => undefined,
      report: (state) => void states.push(state),
      clock: systemClock,
      log,
      signal: abort.signal,
      ...context,
    });
  onTestFinished(async () => {
    abort.abort();
    await channel.close();
  });
  return { channel, open, states, taken };
}

export const define = (more: string): string =>
  `import { defineChannel } from "sluice";\nexport default defineChannel({ kind: "mine", ${more} });`;
