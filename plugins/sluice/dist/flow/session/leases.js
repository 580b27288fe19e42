import { changeClient, changeLabel, changeProject, losePlugin, noteBell, noteConnected, noteDisconnected, openAttachment, recall, } from "./attachment.js";
import { toAttachmentId } from "./client.js";
import { chooseLane, WITHOUT_PLUGIN } from "../lanes/choose-lane.js";
export const GRACE_MS = 5_000;
const LOOK_MS = 250;
export class Leases {
    #options;
    #connections = new Map();
    /** Bells by attachment id: a bell may come before its shim, and stays when the shim dies. */
    #bells = new Map();
    constructor(options) {
        this.#options = options;
    }
    *[Symbol.iterator]() {
        for (const connection of this.#connections.values())
            yield connection.attachment;
    }
    find(id) {
        return this.#connections.get(id)?.attachment;
    }
    /**
     * Registers a shim, or a session that a host has found: that one comes with its lane. Call `detach` when the connection is gone, `end`
     * when the session itself is known to be.
     */
    attach(client, remembered, link, lane = chooseLane(client)) {
        const { clock, events } = this.#options;
        const id = toAttachmentId(client);
        const now = clock.now();
        let connection = this.#connections.get(id);
        if (connection === undefined) {
            connection = {
                attachment: this.#open(client, lane, remembered, now),
                links: new Set(),
                cancelGrace: undefined,
            };
            this.#connections.set(id, connection);
            // Offers of an earlier life of the hub: committed, but perhaps not pushed any more.
            events.cut(connection.attachment);
        }
        else if (client.plugin && !connection.attachment.client.plugin) {
            // LEASE-2: hooks and bell belong to the plugin's shim, so its word on the client counts.
            changeClient(connection.attachment, client, lane);
            recall(connection.attachment, remembered, now);
        }
        connection.cancelGrace?.();
        connection.cancelGrace = undefined;
        connection.links.add(link);
        noteConnected(connection.attachment);
        events.changed();
        const held = connection;
        return {
            attachment: connection.attachment,
            detach: () => this.#detach(id, held, link),
            end: (reason) => {
                held.links.delete(link);
                held.cancelGrace?.();
                if (this.#connections.get(id) === held)
                    this.#drop(id, held, reason);
            },
        };
    }
    /** Registers a bell. Call the returned function when its connection is gone. */
    openBell(id, ring) {
        this.#bells.set(id, ring);
        this.#noteBell(id);
        return () => {
            if (this.#bells.get(id) !== ring)
                return;
            this.#bells.delete(id);
            this.#noteBell(id);
        };
    }
    /** What a project is on changes with a checkout, and with it what its session is called. */
    lookAtProject(attachment) {
        const found = (project) => this.#noteProject(attachment, project);
        found(this.#options.readProject(attachment.client.cwd, found));
    }
    ring(id, line) {
        this.#bells.get(id)?.(line);
    }
    /** Sends to the shim that holds the lease. */
    push(id, message) {
        const links = [...(this.#connections.get(id)?.links ?? [])];
        (links.find((link) => link.plugin) ?? links[0])?.push(message);
    }
    /** Cancels every timer; nothing is given back: another hub life will find the leases as they are. */
    close() {
        for (const connection of this.#connections.values())
            connection.cancelGrace?.();
    }
    #open(client, lane, remembered, now) {
        const found = (project) => this.#noteProject(attachment, project);
        const project = this.#options.readProject(client.cwd, found);
        const attachment = openAttachment(client, lane, project, now);
        // The bell usually comes first: a shim waits before it attaches.
        noteBell(attachment, this.#bells.has(attachment.id));
        recall(attachment, remembered, now);
        changeLabel(attachment, this.#options.readLabel?.(attachment.session));
        return attachment;
    }
    #noteProject(attachment, project) {
        const { repository, remotes = [], branch } = project;
        const isSame = attachment.repository === repository &&
            attachment.branch === branch &&
            attachment.remotes.join(" ") === remotes.join(" ");
        if (isSame)
            return;
        changeProject(attachment, project);
        this.#options.events.changed();
    }
    #noteBell(id) {
        const attachment = this.find(id);
        if (attachment === undefined)
            return;
        noteBell(attachment, this.#bells.has(id));
        this.#options.events.changed();
    }
    #detach(id, connection, link) {
        const { isAlive } = this.#options;
        connection.links.delete(link);
        if (this.#connections.get(id) !== connection)
            return;
        if (connection.links.size > 0) {
            const isLed = [...connection.links].some((one) => one.plugin);
            if (link.plugin && !isLed)
                this.#demote(connection.attachment);
            return;
        }
        noteDisconnected(connection.attachment);
        const { pid, startTime } = connection.attachment.client;
        if (!isAlive(pid, startTime))
            return this.#drop(id, connection, "the client ended");
        this.#options.events.cut(connection.attachment);
        this.#wait(id, connection, GRACE_MS);
    }
    /** The grace, with looks at the client in between: one that is just ending still stands among the processes when its shim leaves. */
    #wait(id, connection, leftMs) {
        const { clock, isAlive } = this.#options;
        const { pid, startTime } = connection.attachment.client;
        const stepMs = Math.min(LOOK_MS, leftMs);
        connection.cancelGrace = clock.after(stepMs, () => {
            const alive = isAlive(pid, startTime);
            if (alive && leftMs > stepMs)
                return this.#wait(id, connection, leftMs - stepMs);
            this.#drop(id, connection, alive ? "the connection to the session was lost" : "the client ended");
            if (alive) {
                this.ring(id, "Sluice: this session is no longer connected; the user can reconnect it with /mcp (sluice, Reconnect). Its events wait safely.");
            }
        });
    }
    /** LEASE-2: the hooks went with the plugin's shim; who is left only pulls. */
    #demote(attachment) {
        losePlugin(attachment, WITHOUT_PLUGIN);
        this.#options.events.lost(attachment, "the plugin's shim is gone");
    }
    #drop(id, connection, reason) {
        this.#connections.delete(id);
        this.#options.log.info({ attachment: id, reason }, "lease lost");
        this.#options.events.lost(connection.attachment, reason);
    }
}
