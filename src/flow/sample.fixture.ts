/**
 * What the tests of flow start from: events, clients, attachments.
 *
 * Owns: samples. Never: behaviour.
 */
import { newEventId } from "../sdk/id.ts";
import type { OpenDelivery } from "../store/events/deliveries.ts";
import type { StoredEvent } from "../store/events/inbox.ts";
import type { WaitingEvent } from "../store/events/waiting.ts";
import { type Attachment, openAttachment } from "./session/attachment.ts";
import type { ClientFacts } from "./session/client.ts";
import type { HookCall } from "./deliver/hook.ts";
import { monitor } from "./lanes/monitor.ts";
import type { OutgoingEvent } from "./text/layout.ts";

export function toEvent(changes: Partial<StoredEvent> = {}): StoredEvent {
  return {
    seq: 1,
    id: newEventId(1),
    channel: "alerts",
    kind: "message",
    sender: { id: "s1", role: "source" },
    text: "The build failed",
    quotes: [],
    meta: {},
    priority: "normal",
    ack: "auto",
    verified: "github",
    receivedAt: 1_000,
    storedAt: 1_000,
    state: "stored",
    attempts: 0,
    changedAt: 1_000,
    address: '[null,null,null,"alerts"]',
    ...changes,
  };
}

/** An event as it is known while it waits. */
export function toWaiting(event: StoredEvent): WaitingEvent {
  const { seq, id, channel, kind, priority, ack, attempts, attemptsBefore = 0 } = event;
  return {
    seq,
    id,
    channel,
    kind,
    priority,
    ack,
    attempts,
    attemptsBefore,
    entity: event.entity ?? null,
    chatId: event.chatId ?? null,
    address: event.address,
    occurredAt: event.occurredAt ?? null,
    stateOf: event.stateOf ?? null,
    status: event.meta["status"] ?? null,
    severity: event.meta["severity"] ?? null,
  };
}

/** An event on its way, with earlier states of the same thing that it supersedes. */
export function toOutgoing(event: StoredEvent, earlier: StoredEvent[] = []): OutgoingEvent {
  const { priority, id } = event;
  const merged = earlier.map(toWaiting);
  const superseded = new Map(merged.length === 0 ? [] : [[id, merged]]);
  const bundle = { shown: toWaiting(event), merged, superseded, whole: [], lines: [], priority };
  return { event, bundle, whole: [], lines: [] };
}

export function toClient(changes: Partial<ClientFacts> = {}): ClientFacts {
  return {
    pid: 100,
    startTime: "1",
    argv: ["claude"],
    name: "claude-code",
    version: "2.1.332",
    plugin: true,
    interactive: true,
    session: "s1",
    cwd: "/work",
    forcedLane: undefined,
    ...changes,
  };
}

/** An attachment on the monitor lane that has shown a sign of life, unless changed. */
export function toAttachment(
  changes: Partial<Attachment> = {},
  client: Partial<ClientFacts> = {},
): Attachment {
  const project = { repository: undefined, branch: undefined };
  return {
    ...openAttachment(toClient(client), monitor, project, 0),
    target: true,
    hasBell: true,
    ...changes,
  };
}

/** A delivery that is out on the monitor lane, unless changed. */
export function toDelivery(changes: Partial<OpenDelivery>): OpenDelivery {
  return {
    id: 1,
    event: "evt_1",
    channel: "alerts",
    ack: "auto",
    attachment: "att",
    session: "s",
    lane: "monitor",
    attempt: 1,
    state: "offered",
    receipt: "P",
    bell: "b",
    mergedInto: null,
    carriedBy: changes.mergedInto ?? changes.event ?? "evt_1",
    offeredAt: 1,
    ...changes,
  };
}

/** A hook call as the shim hands it on: what its input lacks is empty. */
export function toHookCall({ events = [], ...changes }: Partial<HookCall> = {}): HookCall & {
  events: string[];
} {
  return {
    event: "",
    session: "",
    promptId: "",
    prompt: "",
    events: [...events],
    tool: "",
    toolUseId: "",
    toolInput: "",
    agentId: "",
    stopHookActive: false,
    notification: "",
    reason: "",
    ...changes,
  };
}

/** The prompt by which the client hands a monitor's line to its hooks, as it was captured. */
export function toFrame(line: string, description = "Sluice bell"): string {
  const text = line.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return `<task-notification>\n<task-id>bzsz5kt59</task-id>\n<summary>Monitor event: "${description}"</summary>\n<event>${text}</event>\n</task-notification>`;
}
