/**
 * Leases: which clients are connected, by which shim and which bell.
 *
 * Owns: the attachments in memory, their connections, the grace after a loss. Never: decides who gets an event.
 *
 * LEASE-1 An attachment lives while a shim of its client is connected, and for a short grace after: a shim may reconnect. A client
 *    process that has ended gets no grace.
 * LEASE-2 The plugin's shim holds the lease; another shim of the same client only serves pull.
 */
import type { Logger } from "../../sdk/log.ts";
import type { Clock } from "../../sdk/clock.ts";
import {
  type Attachment,
  changeClient,
  changeLabel,
  changeProject,
  losePlugin,
  noteBell,
  noteConnected,
  noteDisconnected,
  openAttachment,
  recall,
} from "./attachment.ts";
import type { Project } from "../lanes/contract.ts";
import { type ClientFacts, type Remembered, toAttachmentId } from "./client.ts";
import { chooseLane, WITHOUT_PLUGIN } from "../lanes/choose-lane.ts";
import type { Lane } from "../lanes/lane.ts";

export const GRACE_MS = 5_000;
const LOOK_MS = 250;

/** What goes to a shim over its lease. */
export type LeaseMessage =
  /** `screen`: lines about it for the person; the model does not read them. */
  | {
      kind: "channel";
      content: string;
      meta: Record<string, string>;
      screen?: readonly string[];
    }
  /** The answer to a permission request that the client has relayed. */
  | { kind: "verdict"; requestId: string; behavior: "allow" | "deny" }
  /** The answers to a host's questions, in their order. */
  | { kind: "answers"; requestId: string; answers: readonly string[] }
  /** The model is told to stop at its next hook. */
  | { kind: "stop"; reason: string };

/** One shim's connection. */
export type ShimLink = { plugin: boolean; push: (message: LeaseMessage) => void };

export type LeaseEvents = {
  /** Something about an attachment changed: look whether something can be delivered. */
  changed(): void;
  /** An attachment is gone for good: its events go back. */
  lost(attachment: Attachment, reason: string): void;
  /** What was pushed to it and not yet seen may not have arrived. */
  cut(attachment: Attachment): void;
};

export type LeaseOptions = {
  clock: Clock;
  log: Logger;
  isAlive: (pid: number, startTime: string) => boolean;
  /** What is known now; `found` is called later where there is more to know. */
  readProject: (folder: string, found: (project: Project) => void) => Project;
  /** What the user calls a session, where they gave it a name. */
  readLabel?: (session: string) => string | undefined;
  events: LeaseEvents;
};

type Connection = {
  attachment: Attachment;
  links: Set<ShimLink>;
  cancelGrace: (() => void) | undefined;
};

export class Leases {
  readonly #options: LeaseOptions;
  readonly #connections = new Map<string, Connection>();
  /** Bells by attachment id: a bell may come before its shim, and stays when the shim dies. */
  readonly #bells = new Map<string, (line: string) => void>();

  constructor(options: LeaseOptions) {
    this.#options = options;
  }

  *[Symbol.iterator](): Iterator<Attachment> {
    for (const connection of this.#connections.values()) yield connection.attachment;
  }

  find(id: string): Attachment | undefined {
    return this.#connections.get(id)?.attachment;
  }

  /**
   * Registers a shim, or a session that a host has found: that one comes with its lane. Call `detach` when the connection is gone, `end`
   * when the session itself is known to be.
   */
  attach(
    client: ClientFacts,
    remembered: Remembered,
    link: ShimLink,
    lane: Lane = chooseLane(client),
  ): { attachment: Attachment; detach: () => void; end: (reason: string) => void } {
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
    } else if (client.plugin && !connection.attachment.client.plugin) {
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
        if (this.#connections.get(id) === held) this.#drop(id, held, reason);
      },
    };
  }

  /** Registers a bell. Call the returned function when its connection is gone. */
  openBell(id: string, ring: (line: string) => void): () => void {
    this.#bells.set(id, ring);
    this.#noteBell(id);
    return () => {
      if (this.#bells.get(id) !== ring) return;
      this.#bells.delete(id);
      this.#noteBell(id);
    };
  }

  /** What a project is on changes with a checkout, and with it what its session is called. */
  lookAtProject(attachment: Attachment): void {
    const found = (project: Project): void => this.#noteProject(attachment, project);
    found(this.#options.readProject(attachment.client.cwd, found));
  }

  ring(id: string, line: string): void {
    this.#bells.get(id)?.(line);
  }

  /** Sends to the shim that holds the lease. */
  push(id: string, message: LeaseMessage): void {
    const links = [...(this.#connections.get(id)?.links ?? [])];
    (links.find((link) => link.plugin) ?? links[0])?.push(message);
  }

  /** Cancels every timer; nothing is given back: another hub life will find the leases as they are. */
  close(): void {
    for (const connection of this.#connections.values()) connection.cancelGrace?.();
  }

  #open(client: ClientFacts, lane: Lane, remembered: Remembered, now: number): Attachment {
    const found = (project: Project): void => this.#noteProject(attachment, project);
    const project = this.#options.readProject(client.cwd, found);
    const attachment = openAttachment(client, lane, project, now);
    // The bell usually comes first: a shim waits before it attaches.
    noteBell(attachment, this.#bells.has(attachment.id));
    recall(attachment, remembered, now);
    changeLabel(attachment, this.#options.readLabel?.(attachment.session));
    return attachment;
  }

  #noteProject(attachment: Attachment, project: Project): void {
    const { repository, remotes = [], branch } = project;
    const isSame =
      attachment.repository === repository &&
      attachment.branch === branch &&
      attachment.remotes.join(" ") === remotes.join(" ");
    if (isSame) return;
    changeProject(attachment, project);
    this.#options.events.changed();
  }

  #noteBell(id: string): void {
    const attachment = this.find(id);
    if (attachment === undefined) return;
    noteBell(attachment, this.#bells.has(id));
    this.#options.events.changed();
  }

  #detach(id: string, connection: Connection, link: ShimLink): void {
    const { isAlive } = this.#options;
    connection.links.delete(link);
    if (this.#connections.get(id) !== connection) return;
    if (connection.links.size > 0) {
      const isLed = [...connection.links].some((one) => one.plugin);
      if (link.plugin && !isLed) this.#demote(connection.attachment);
      return;
    }
    noteDisconnected(connection.attachment);
    const { pid, startTime } = connection.attachment.client;
    if (!isAlive(pid, startTime)) return this.#drop(id, connection, "the client ended");
    this.#options.events.cut(connection.attachment);
    this.#wait(id, connection, GRACE_MS);
  }

  /** The grace, with looks at the client in between: one that is just ending still stands among the processes when its shim leaves. */
  #wait(id: string, connection: Connection, leftMs: number): void {
    const { clock, isAlive } = this.#options;
    const { pid, startTime } = connection.attachment.client;
    const stepMs = Math.min(LOOK_MS, leftMs);
    connection.cancelGrace = clock.after(stepMs, () => {
      const alive = isAlive(pid, startTime);
      if (alive && leftMs > stepMs) return this.#wait(id, connection, leftMs - stepMs);
      this.#drop(
        id,
        connection,
        alive ? "the connection to the session was lost" : "the client ended",
      );
      if (alive) {
        this.ring(
          id,
          "Sluice: this session is no longer connected; the user can reconnect it with /mcp (sluice, Reconnect). Its events wait safely.",
        );
      }
    });
  }

  /** LEASE-2: the hooks went with the plugin's shim; who is left only pulls. */
  #demote(attachment: Attachment): void {
    losePlugin(attachment, WITHOUT_PLUGIN);
    this.#options.events.lost(attachment, "the plugin's shim is gone");
  }

  #drop(id: string, connection: Connection, reason: string): void {
    this.#connections.delete(id);
    this.#options.log.info({ attachment: id, reason }, "lease lost");
    this.#options.events.lost(connection.attachment, reason);
  }
}
