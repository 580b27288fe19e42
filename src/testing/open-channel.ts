/**
 * A channel's file in a reference session: run alone, as a client spawns it, in a home of its own that goes with it.
 *
 * Owns: that process, its folder and its address. Never: knows a channel.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { ReferenceSession } from "../host/session.ts";
import { openSession } from "../host/session.ts";
import type { SessionOptions } from "../host/session-options.ts";
import { readChannelTexts } from "./golden.ts";

/** The same place in `src` and in `dist`. */
const CLI = join(import.meta.dirname, "../../bin/sluice.js");
const PATIENCE_MS = 60_000;

export type OpenChannelOptions = Omit<SessionOptions, "command" | "args" | "connect" | "env"> & {
  /** What the channel's file names by `env(...)`. Of this process's own environment it gets PATH alone. */
  env?: Readonly<Record<string, string>>;
};

export type OpenedChannel = AsyncDisposable & {
  readonly session: ReferenceSession;
  /** The address of a path of its listener, such as `/in/deploys`, once it listens. @throws Error after `timeoutMs`, a minute, with what the channel wrote. */
  url(path: string, timeoutMs?: number): Promise<string>;
  /** The events that the model has read, each as its `<channel>` block, once there are so many. @throws Error after a minute. */
  reads(count?: number): Promise<string[]>;
  /** Looks again and again until there is something. @throws Error after a minute, with what the channel wrote to stderr. */
  until<T>(look: () => T | undefined): Promise<T>;
  close(): Promise<void>;
};

/** Runs `sluice serve <path>`, a file or a folder with one, in a reference session. @throws SluiceError `unsupported` where it does not start. */
export async function openChannel(
  path: string,
  { env = {}, ...options }: OpenChannelOptions = {},
): Promise<OpenedChannel> {
  const home = mkdtempSync(join(tmpdir(), "sluice-channel-"));
  const forget = (): void => rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  let session: ReferenceSession;
  try {
    session = await openSession({
      ...options,
      command: process.execPath,
      args: [CLI, "serve", resolve(path)],
      env: {
        PATH: process.env["PATH"] ?? "",
        HOME: home,
        SLUICE_HOME: join(home, "sluice"),
        // Any that is free: several tests run side by side.
        SLUICE_PORT: "0",
        ...env,
      },
    });
  } catch (thrown) {
    forget();
    throw thrown;
  }
  const close = async (): Promise<void> => {
    await session.close();
    forget();
  };
  const until = async <T>(look: () => T | undefined, timeoutMs = PATIENCE_MS): Promise<T> => {
    const end = Date.now() + timeoutMs;
    for (let found = look(); ; found = look()) {
      if (found !== undefined) return found;
      if (Date.now() > end) throw new Error(`it did not come about. ${session.stderr}`);
      await new Promise((done) => setTimeout(done, 10));
    }
  };
  return {
    session,
    async url(at, timeoutMs) {
      const find = (): string | undefined =>
        /http:\/\/127\.0\.0\.1:\d+(?=\/(?:in|out)\/)/.exec(session.stderr)?.[0];
      return `${await until(find, timeoutMs)}${at}`;
    },
    async reads(count = 1) {
      for (let turns = 1; ; turns++) {
        const texts = await readChannelTexts(session, turns, PATIENCE_MS);
        const found = texts.flatMap((text) => text.match(/<channel [\s\S]*?<\/channel>/g) ?? []);
        if (found.length >= count) return found;
        // Several events may come as one turn, and one turn may hold none.
        turns = Math.max(turns, texts.length);
      }
    },
    until,
    close,
    [Symbol.asyncDispose]: close,
  };
}
