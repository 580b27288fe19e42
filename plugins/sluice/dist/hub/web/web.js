import { SluiceError } from "../../sdk/errors.js";
import { CHAT_CHANNEL } from "../settings/channel-name.js";
import { readHistoryDays } from "../settings/config.js";
import { createWebApp } from "./app.js";
import { readAssets } from "./assets.js";
import { ChatFiles } from "./chat/chat-files.js";
import { keepTidy } from "./chat/chat-tidy.js";
import { ChatPage } from "./chat/chat-page.js";
import { WebPush } from "./push/push.js";
import { SignIn } from "./sign-in/sign-in.js";
/** Another hub than the one that "sluice open" asks. */
const DEMO_RENEWAL = "press Enter in the terminal in which the demo runs for a new one";
export class Web {
    #options;
    #listener;
    #remote;
    #signIn;
    #push;
    #files;
    /** What is typed there is what the channel `chat` receives. */
    page;
    #opening;
    #stopTidying;
    constructor(options) {
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
    get view() {
        return this.#options.door.view;
    }
    /** Opens the port where the page has been opened before (PAGE-1). */
    async open() {
        if (this.#options.findKind(CHAT_CHANNEL) === "chat")
            await this.#listen();
    }
    /**
     * A launch link; the first one also makes the channel and opens the port. `mayAllow`: a person at a terminal asked for it, so what
     * sessions ask may be allowed in that browser. @throws SluiceError.
     */
    async newLink({ mayAllow = false } = {}) {
        await this.#openPort();
        const { token, expiresAt } = this.#signIn.newLink({ mayAllow });
        return { url: `${this.#listener.url}/#open=${token}`, mayAllow, expiresAt };
    }
    /** Phones and desktops that want prompts pushed. */
    get notifier() {
        return this.#push;
    }
    describeRemote() {
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
    async setPassphrase(passphrase, actor) {
        await this.#remote.setPassphrase(passphrase, actor);
        await this.#signIn.endRemote();
        return this.describeRemote();
    }
    /** Lets the page be opened at `origin` too, or at no other place where there is none. @throws SluiceError. */
    async setRemote(origin, actor) {
        if (origin === undefined) {
            await this.#remote.turnOff(actor);
            await this.#signIn.endRemote();
            return this.describeRemote();
        }
        const before = this.#remote.origin?.origin;
        const { origin: after } = await this.#remote.turnOn(origin, actor);
        if (before !== after)
            await this.#signIn.endRemote();
        await this.#openPort();
        return this.describeRemote();
    }
    listSessions() {
        return this.#signIn.list();
    }
    async endSessions(id) {
        const { db, note } = this.#options;
        const ended = await this.#signIn.end(id);
        if (ended > 0)
            await db.write(() => note("cli", "sign-out", id === undefined ? "all browsers" : `browser ${id}`));
        return ended;
    }
    async close() {
        this.#push.close();
        this.page.close();
        this.#stopTidying?.();
        await this.#listener.close();
    }
    /** Opens the port; the first time it also makes the channel. @throws SluiceError. */
    async #openPort() {
        const kind = this.#options.findKind(CHAT_CHANNEL);
        if (kind !== undefined && kind !== "chat") {
            throw new SluiceError("conflict", `the page's channel is called "${CHAT_CHANNEL}", and a ${kind} channel has that name; "sluice remove ${CHAT_CHANNEL}" and add it under another one`);
        }
        if (kind === undefined)
            await this.#options.addChannel("chat");
        await this.#listen();
        const { state, reason } = this.#listener.view;
        if (state !== "up")
            throw new SluiceError("port_taken", `the page is down: ${reason ?? state}`);
    }
    #listen() {
        this.#stopTidying ??= keepTidy({
            ...this.#options,
            files: this.#files,
            historyDays: () => readHistoryDays(this.#options.home.config),
        });
        const { db, clock, countListening, describeStatus, isDemo, readAfterMs, prompts, away, delivery, note, notifyOwner, } = this.#options;
        this.#opening ??= this.#open(createWebApp({
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
        }));
        return this.#opening;
    }
    async #open(app) {
        await this.#listener.open(app);
        const origin = this.#remote.origin?.origin;
        if (origin === undefined || !this.#listener.hasMoved)
            return;
        this.#options.notifyOwner(`Sluice: another program has the port that your tunnel from ${origin} leads to; the page is at ${this.#listener.url} now. Type no passphrase there until the tunnel leads to it.`);
    }
}
