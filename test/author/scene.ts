/**
 * A channel's file run alone by the reference session, as a client spawns it.
 *
 * Owns: that scene. Never: the behaviour under test.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { CODE_CACHE, SLUICE } from "../../src/cli/run-cli.fixture.ts";
import { openSession, type ReferenceSession } from "../../src/host/session.ts";
import type { SessionOptions } from "../../src/host/session-options.ts";

export type AloneScene = {
  session: ReferenceSession;
  home: string;
  /** Of a webhook, once the server has said it. */
  url(path: string): Promise<string>;
  post(path: string, body: string | object, headers?: Record<string, string>): Promise<Response>;
  /** The texts of the channel that the model read, once there are so many. */
  reads(count: number): Promise<string[]>;
  stream(path: string): Promise<Stream>;
  close(): Promise<void>;
};

export type Stream = { messages: Record<string, unknown>[]; end(): void };

export type AloneSceneOptions = Partial<SessionOptions> & {
  home?: string;
  env?: Record<string, string>;
};

export function makeFolder(prefix = "sluice-author-"): string {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a channel's file into a folder of its own: nothing beside it, no package. */
export function writeChannel(text: string, name = "channel.ts"): string {
  const path = join(makeFolder(), name);
  writeFileSync(path, text);
  return path;
}

/** `sluice serve <file>`. */
export async function openAlone(
  file: string,
  options: AloneSceneOptions = {},
): Promise<AloneScene> {
  const { home = makeFolder(), env = {}, ...rest } = options;
  const session = await openSession({
    command: process.execPath,
    args: [SLUICE, "serve", file],
    env: {
      PATH: process.env["PATH"] ?? "",
      NODE_COMPILE_CACHE: CODE_CACHE,
      HOME: home,
      SLUICE_HOME: join(home, "sluice"),
      SLUICE_PORT: "0",
      ...env,
    },
    ...rest,
  });
  const close = (): Promise<void> => session.close();
  onTestFinished(close);
  const base = async (): Promise<string> =>
    until(
      () => /http:\/\/127\.0\.0\.1:\d+/.exec(session.stderr)?.[0],
      () => session.stderr,
    );
  const url = async (path: string): Promise<string> => `${await base()}${path}`;
  return {
    session,
    home: join(home, "sluice"),
    url,
    close,
    async post(path, body, headers = {}) {
      const isText = typeof body === "string";
      return fetch(await url(path), {
        method: "POST",
        body: isText ? body : JSON.stringify(body),
        headers: { ...(isText ? {} : { "content-type": "application/json" }), ...headers },
      });
    },
    reads: (count) =>
      until(
        () => {
          const texts = session.reads
            .filter(({ how }) => how === "channel")
            .map(({ text }) => text);
          const found = texts.flatMap((text) => text.match(/<channel [\s\S]*?<\/channel>/g) ?? []);
          return found.length >= count ? found : undefined;
        },
        () => `${session.stderr}\n${JSON.stringify(session.reads)}`,
      ),
    async stream(path) {
      const name = path.split("/").at(-1) ?? "";
      const address = await url(path);
      const token = readFileSync(join(home, "sluice/alone", name, "listen-token"), "utf8").trim();
      return openStream(address, token);
    },
  };
}

async function openStream(address: string, token: string): Promise<Stream> {
  const end = new AbortController();
  onTestFinished(() => end.abort());
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(address, { headers, signal: end.signal });
  if (answer.status !== 200 || answer.body === null) throw new Error(`stream: ${answer.status}`);
  const messages: Record<string, unknown>[] = [];
  const { body } = answer;
  void (async () => {
    let rest = "";
    try {
      for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
        const lines = (rest + chunk).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines)
          if (line.startsWith("data: ")) messages.push(JSON.parse(line.slice(6)));
      }
    } catch {
      // The test has ended it.
    }
  })();
  return { messages, end: () => end.abort() };
}

/** What `look` finds, with all the time that a busy machine needs. */
export async function until<T>(
  look: () => T | undefined | Promise<T | undefined>,
  tell: () => string = () => "",
): Promise<T> {
  const end = Date.now() + 60_000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`it did not come about: ${tell()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
