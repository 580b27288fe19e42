/**
 * The browser's side of the hub, put together: port, sign-in, page.
 *
 * Owns: when it opens, and the one channel on it. Never: the work of its parts.
 *
 * PAGE-1 Nothing listens until the page was opened once: its channel in the configuration says so.
 */
import type { Home } from "../../local/home.ts";
import type { RemoteView } from "../../api/wire/web-remote-wire.ts";
import type { WebLinkView, WebSessionView } from "../../api/wire/web-wire.ts";
import type { HubView, StatusView } from "../../api/wire/wire.ts";
import type { Accepted } from "../../flow/intake/accept.ts";
import type { Notifier } from "../../flow/prompt/notify/notifier.ts";
import type { Clock } from "../../sdk/clock.ts";
import { SluiceError } from "../../sdk/errors.ts";
import type { Arrival } from "../../sdk/event.ts";
import type { Logger } from "../../sdk/log.ts";
import type { Database } from "../../store/file/database.ts";
import { CHAT_CHANNEL } from "../settings/channel-name.ts";
import { readHistoryDays } from "../settings/config.ts";
import { createWebApp, type WebApp } from "./app.ts";
import { readAssets } from "./assets.ts";
import { ChatFiles } from "./chat/chat-files.ts";
import { keepTidy } from "./chat/chat-tidy.ts";
import { ChatPage } from "./chat/chat-page.ts";
import type { WebDoor } from "./door.ts";
import type { PageAwaySwitch, PagePrompts } from "./prompts-page.ts";
import { WebPush } from "./push/push.ts";
import type { PushNetwork } from "./push/push-send.ts";
import { SignIn } from "./sign-in/sign-in.ts";
import type { TimelineOptions } from "./timeline-page.ts";

export type WebOptions = {
  db: Database;
  clock: Clock;
  log: Logger;
  home: Home;
  door: WebDoor;
  take: (arrival: Arrival) => Promise<Accepted>;
  /** The kind of a configured channel; undefined where there is none of that name. */
  findKind: (channel: string) => string | undefined;
  addChannel: (kind: string) => Promise<unknown>;
  countListening: () => number;
  describeStatus: () => StatusView;
  prompts: PagePrompts;
  away: PageAwaySwitch;
  readAfterMs?: (() => number) | undefined;
  delivery: TimelineOptions["delivery"];
  /** Puts a line into the audit; inside `db.write`. */
  note: (actor: string, action: string, detail: string) => void;
  /** Carries a line to the owners. Must not throw. */
  notifyOwner: (text: string) => void;
  /** Its page says what it is, and that nothing is kept. */
  isDemo?: boolean | undefined;
  /** For tests: a push service of their own. */
  pushNetwork?: PushNetwork | undefined;
};

/** Another hub than the one that "sluice open" asks. */
const DEMO_RENEWAL = "press Enter in the terminal in which the demo runs for a new one";

export class Web {
  readonly #options: WebOptions;
  readonly #listener: WebDoor["listener"];
  readonly #remote: WebDoor["remote"];
  readonly #signIn: SignIn;
  readonly #push: WebPush;
  readonly #files: ChatFiles;
  /** What is typed there is what the channel `chat` receives. */
  readonly page: ChatPage;
  #opening: Promise<void> | undefined;
  #stopTidying: (() => void) | undefined;

  constructor(options: WebOptions) {
    const { db, clock, home, door, take } = options;
    this.#options = options;
    this.#remote = door.remote;
    this.#listener = door.listener;
    this.#push = new WebPush({
      ...options,
      readOrigin: () => this.#remote.origin?.origin,
      network: options.pushNetwork,
    });
    this.#signIn =
      options.isDemo === true ? new SignIn(db, clock, DEMO_RENEWAL) : new SignIn(db, clock);
    this.#files = new ChatFiles(db, clock, home);
    this.page = new ChatPage({ db, clock, files: this.#files, take });
  }

  get view(): HubView["web"] {
    return this.#options.door.view;
  }

  /** Opens the port where the page has been opened before (PAGE-1). */
  async open(): Promise<void> {
    if (this.#options.findKind(CHAT_CHANNEL) === "chat") await this.#listen();
  }

  /**
   * A launch link; the first one also makes the channel and opens the port. `mayAllow`: a person at a terminal asked for it, so what
   * sessions ask may be allowed in that browser. @throws SluiceError.
   */
  async newLink({ mayAllow = false }: { mayAllow?: boolean } = {}): Promise<WebLinkView> {
    await this.#openPort();
    const { token, expiresAt } = this.#signIn.newLink({ mayAllow });
    return { url: `${this.#listener.url}/#open=${token}`, mayAllow, expiresAt };
  }

  /** Phones and desktops that want prompts pushed. */
  get notifier(): Notifier {
    return this.#push;
  }

  describeRemote(): RemoteView {
    const { origin, hasPassphrase, lockedUntil } = this.#remote;
    const { state } = this.#listener.view;
    return {
      origin: origin?.origin,
      hasPassphrase,
      lockedUntil,
      ...(state === "up" ? { target: this.#listener.url } : {}),
    };
  }

  /** Who came in with the old one is signed out. @throws SluiceError. */
  async setPassphrase(passphrase: string, actor: string): Promise<RemoteView> {
    await this.#remote.setPassphrase(passphrase, actor);
    await this.#signIn.endRemote();
    return this.describeRemote();
  }

  /** Lets the page be opened at `origin` too, or at no other place where there is none. @throws SluiceError. */
  async setRemote(origin: string | undefined, actor: string): Promise<RemoteView> {
    if (origin === undefined) {
      await this.#remote.turnOff(actor);
      await this.#signIn.endRemote();
      return this.describeRemote();
    }
    const before = this.#remote.origin?.origin;
    const { origin: after } = await this.#remote.turnOn(origin, actor);
    if (before !== after) await this.#signIn.endRemote();
    await this.#openPort();
    return this.describeRemote();
  }

  listSessions(): WebSessionView[] {
    return this.#signIn.list();
  }

  async endSessions(id?: string): Promise<number> {
    const { db, note } = this.#options;
    const ended = await this.#signIn.end(id);
    if (ended > 0)
      await db.write(() =>
        note("cli", "sign-out", id === undefined ? "all browsers" : `browser ${id}`),
      );
    return ended;
  }

  async close(): Promise<void> {
    this.#push.close();
    this.page.close();
    this.#stopTidying?.();
    await this.#listener.close();
  }

  /** Opens the port; the first time it also makes the channel. @throws SluiceError. */
  async #openPort(): Promise<void> {
    const kind = this.#options.findKind(CHAT_CHANNEL);
    if (kind !== undefined && kind !== "chat") {
      throw new SluiceError(
        "conflict",
        `the page's channel is called "${CHAT_CHANNEL}", and a ${kind} channel has that name; "sluice remove ${CHAT_CHANNEL}" and add it under another one`,
      );
    }
    if (kind === undefined) await this.#options.addChannel("chat");
    await this.#listen();
    const { state, reason } = this.#listener.view;
    if (state !== "up") throw new SluiceError("port_taken", `the page is down: ${reason ?? state}`);
  }

  #listen(): Promise<void> {
    this.#stopTidying ??= keepTidy({
      ...this.#options,
      files: this.#files,
      historyDays: () => readHistoryDays(this.#options.home.config),
    });
    const {
      db,
      clock,
      countListening,
      describeStatus,
      isDemo,
      readAfterMs,
      prompts,
      away,
      delivery,
      note,
      notifyOwner,
    } = this.#options;
    this.#opening ??= this.#open(
      createWebApp({
        db,
        signIn: this.#signIn,
        remote: this.#remote,
        push: this.#push,
        note,
        notifyOwner,
        page: this.page,
        files: this.#files,
        assets: readAssets(),
        port: () => this.#listener.view.port,
        countListening,
        describeStatus,
        isDemo,
        readAfterMs,
        clock,
        prompts,
        away,
        delivery,
      }),
    );
    return this.#opening;
  }

  async #open(app: WebApp): Promise<void> {
    await this.#listener.open(app);
    const origin = this.#remote.origin?.origin;
    if (origin === undefined || !this.#listener.hasMoved) return;
    this.#options.notifyOwner(
      `Sluice: another program has the port that your tunnel from ${origin} leads to; the page is at ${this.#listener.url} now. Type no passphrase there until the tunnel leads to it.`,
    );
  }
}
