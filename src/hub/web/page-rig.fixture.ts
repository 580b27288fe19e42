/**
 * What the tests of the page start from: the browser's side over a real port, signed in, with a clock that they move.
 *
 * Owns: the set-up. Never: asserts anything.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toHome } from "../../local/home.ts";
import type { StatusView } from "../../api/wire/wire.ts";
import { accept } from "../../flow/intake/accept.ts";
import type { Access } from "../../flow/intake/gate.ts";
import type { Logger } from "../../sdk/log.ts";
import { Database } from "../../store/file/database.ts";
import { makeFile } from "../../store/sample.fixture.ts";
import { InboxLimit } from "../../store/events/add-event.ts";
import { CHAT_CHANNEL } from "../settings/channel-name.ts";
import { createWebApp, type WebApp } from "./app.ts";
import { ChatFiles } from "./chat/chat-files.ts";
import { ChatPage, PAGE_RULES } from "./chat/chat-page.ts";
import { WebDoor } from "./door.ts";
import { WebListener } from "./listener.ts";
import type { PageAwaySwitch } from "./prompts-page.ts";
import { WebPush } from "./push/push.ts";
import { NO_PROMPTS } from "./sign-in/remote.fixture.ts";
import { SignIn } from "./sign-in/sign-in.ts";
import { Web } from "./web.ts";

const log: Logger = { debug() {}, info() {}, warn() {}, error() {} };

const NEVER_AWAY: PageAwaySwitch = {
  isAway: false,
  set: async (mode) => ({ mode, isAway: mode === "on" }),
  watch: () => () => undefined,
};

/** The browser's side over a real port, with a clock that tests move. */
export async function openStage() {
  const folder = mkdtempSync(join(tmpdir(), "sluice-web-"));
  const home = toHome(folder);
  const db = new Database(makeFile(home.database));
  let now = Date.now();
  const clock = { now: () => now, after: () => () => undefined };
  const limit = new InboxLimit(db, clock);
  const access = { paused: false, allowUnsigned: false };
  const take = (arrival: Parameters<typeof accept>[0]) =>
    accept(arrival, now, {
      db,
      clock,
      limit,
      assign: () => ({ watchers: "" }),
      pressing: () => {},
      access: { get: (name) => (name === CHAT_CHANNEL ? { ...access, chat: PAGE_RULES } : access) },
    });
  const shared = {
    db,
    clock,
    countListening: () => 0,
    // The routes under test only hand it on.
    describeStatus: () => ({ hub: null }) as unknown as StatusView,
    // Nobody asks anything here; prompts-page.test.ts has real ones.
    prompts: NO_PROMPTS,
    away: NEVER_AWAY,
    delivery: { explain: () => "waits" },
    note: () => undefined,
    notifyOwner: () => undefined,
  };
  const env = { SLUICE_WEB_PORT: "0" };
  const web = new Web({
    ...shared,
    log,
    home,
    door: new WebDoor({ ...shared, log, home, env }),
    take,
    findKind: () => "chat",
    addChannel: async () => undefined,
  });
  const signIn = new SignIn(db, clock);
  const files = new ChatFiles(db, clock, home);
  const page = new ChatPage({ db, clock, files, take });
  const listener = new WebListener(env, log);
  const app: WebApp = createWebApp({
    ...shared,
    signIn,
    remote: { origin: undefined, check: async () => undefined },
    push: new WebPush({ ...shared, log, home, readOrigin: () => undefined }),
    page,
    files,
    assets: new Map(),
    port: () => listener.view.port,
  });
  await listener.open(app);
  const { session, cookie, key } = await signIn.redeem(signIn.newLink().token, "a test");
  const credentials = { cookie: `sluice_${listener.view.port}=${cookie}`, "x-sluice-key": key };
  const ask = (
    path: string,
    {
      method = "GET",
      body,
      headers = credentials as Record<string, string>,
    }: { method?: string; body?: unknown; headers?: Record<string, string> } = {},
  ) =>
    fetch(`${listener.url}${path}`, {
      method,
      headers: { ...(method === "GET" ? {} : { "content-type": "application/json" }), ...headers },
      ...(method === "GET" ? {} : { body: JSON.stringify(body ?? {}) }),
    });
  return {
    app,
    take,
    access: (channel: string, rules: Access): Access =>
      channel === CHAT_CHANNEL ? { ...rules, chat: PAGE_RULES } : rules,
    clock,
    log,
    db,
    page,
    files,
    signIn,
    session,
    credentials,
    ask,
    home,
    listener,
    move: (byMs: number) => (now += byMs),
    async [Symbol.asyncDispose]() {
      await listener.close();
      page.close();
      await web.close();
      db.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
