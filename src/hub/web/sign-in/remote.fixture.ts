/**
 * The page with a way in from elsewhere, over a real port, with a clock that tests move.
 *
 * Owns: asking as a tunnel does: plain HTTP to the port, with the tunnel's Host. Never: stands in for a part under test.
 */
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { toHome } from "../../../local/home.ts";
import type { StatusView } from "../../../api/wire/wire.ts";
import type { Logger } from "../../../sdk/log.ts";
import { Database } from "../../../store/file/database.ts";
import { makeFile } from "../../../store/sample.fixture.ts";
import { noteAccess } from "../../../store/access/access.ts";
import { listAudit } from "../../../store/access/audit.ts";
import { openHome } from "../../process/home.ts";
import type { Derive } from "./passphrase.ts";
import { WebDoor } from "../door.ts";
import type { PagePrompts } from "../prompts-page.ts";
import type { RemoteOptions } from "./remote.ts";
import { Web, type WebOptions } from "../web.ts";

export const ORIGIN = "https://sluice.example.org";
export const HOST = "sluice.example.org";
export const PASSPHRASE = "lantern gravel mustard eleven";

const SILENT: Logger = { debug() {}, info() {}, warn() {}, error() {} };
/** Where prompts are not what a test is about. */
export const NO_PROMPTS: PagePrompts = {
  list: () => [],
  find: () => undefined,
  decide: async () => ({ kind: "unknown" }),
  holds: {
    stop: async () => ({ denied: 0, isReached: false }),
    denyAll: async () => ({ denied: 0, until: 0 }),
    resume: async () => false,
    read: () => undefined,
  },
  watch: () => () => undefined,
};

/**
 * In a moment and not in a third of a second of work, so that tries at once overlap as they would. What a try costs, and that the page
 * takes it, are claims of the tests of passphrases.
 */
const deriveCheaply: Derive = async (plain, salt) => {
  await sleep(5);
  return createHash("sha256").update(salt).update(plain).digest();
};

export type Asked = {
  method?: string;
  body?: unknown;
  headers?: Record<string, string | readonly string[]>;
};
export type Answer = {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
};

/** `derive` undefined: as the product does it. */
export async function openRemoteStage(
  given: Partial<Omit<WebOptions, "door">> & { derive?: Derive | undefined } = {},
) {
  const { derive, ...options } = { derive: deriveCheaply, ...given };
  const folder = mkdtempSync(join(tmpdir(), "sluice-remote-"));
  const home = openHome({ SLUICE_HOME: toHome(join(folder, "home")).path });
  const db = options.db ?? new Database(makeFile(home.database));
  let now = Date.now();
  const clock = options.clock ?? { now: () => now, after: () => () => undefined };
  const told: string[] = [];
  const shared: Omit<RemoteOptions, "derive"> = {
    db,
    clock,
    log: SILENT,
    home,
    note: (actor, action, detail) => noteAccess(db, { at: clock.now(), actor, action, detail }),
    notifyOwner: (text) => told.push(text),
    ...options,
  };
  const build = (): Web =>
    new Web({
      ...shared,
      door: new WebDoor({ ...shared, derive, env: { SLUICE_WEB_PORT: "0" } }),
      take: async () => ({ kind: "dropped", reason: "paused" }),
      findKind: () => "chat",
      addChannel: async () => undefined,
      countListening: () => 0,
      // The routes under test only hand it on.
      describeStatus: () => ({ hub: null }) as unknown as StatusView,
      prompts: NO_PROMPTS,
      away: {
        isAway: false,
        set: async (mode) => ({ mode, isAway: false }),
        watch: () => () => {},
      },
      delivery: { explain: () => "waits" },
      ...options,
    });
  let web = build();
  await web.open();
  const send = (host: string, path: string, { method = "GET", body, headers = {} }: Asked = {}) =>
    new Promise<Answer>((resolve, reject) => {
      const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
      const asked = request(
        {
          host: "127.0.0.1",
          port: web.view.port,
          path,
          method,
          agent: false,
          headers: {
            host,
            ...(bytes === undefined
              ? {}
              : { "content-type": "application/json", "content-length": String(bytes.length) }),
            ...headers,
          },
        },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on("data", (chunk: Buffer) => chunks.push(chunk));
          answer.on("end", () =>
            resolve({
              status: answer.statusCode ?? 0,
              headers: answer.headers,
              text: Buffer.concat(chunks).toString(),
            }),
          );
        },
      );
      asked.once("error", reject);
      asked.end(bytes);
    });
  return {
    db,
    home,
    told,
    get web() {
      return web;
    },
    get local() {
      return `127.0.0.1:${web.view.port}`;
    },
    now: () => clock.now(),
    move: (byMs: number) => (now += byMs),
    /** As the tunnel would. */
    ask: (path: string, asked: Asked = {}) => send(HOST, path, asked),
    send,
    signIn: (passphrase: string, headers: Asked["headers"] = {}) =>
      send(HOST, "/v1/sign-in/passphrase", { method: "POST", body: { passphrase }, headers }),
    audit: () =>
      listAudit(db, 1_000).map(({ actor, action, detail }) => `${actor} ${action} ${detail}`),
    /** The hub ends, and another one begins with the same home. */
    async restart() {
      await web.close();
      web = build();
      await web.open();
    },
    async [Symbol.asyncDispose]() {
      await web.close();
      if (options.db === undefined) db.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type RemoteStage = Awaited<ReturnType<typeof openRemoteStage>>;

/** What a browser sends after it signed in with the right passphrase. */
export async function signInThere(stage: RemoteStage): Promise<Record<string, string>> {
  const answer = await stage.signIn(PASSPHRASE, { "user-agent": "A phone" });
  if (answer.status !== 200) throw new Error(`not signed in: ${answer.status} ${answer.text}`);
  const [cookie = ""] = [answer.headers["set-cookie"] ?? []].flat();
  const { key } = JSON.parse(answer.text) as { key: string };
  return { cookie: cookie.split(";", 1)[0] ?? "", "x-sluice-key": key };
}
