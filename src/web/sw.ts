/**
 * The service worker: shows what the hub pushes, and carries the answer of a button back.
 *
 * Owns: notifications. Never: caches a page or an answer; knows the page's key.
 * It imports nothing: it is one file, and runs as a classic script where a browser wants that.
 * Every push shows something, or the browser would say that the page was updated in the background; and Safari would end the
 * subscription.
 *
 * WORKER-1 The outcome replaces the question, without a sound. In a browser that shows the page at that moment, the question just
 *    disappears.
 */
import type { PushAnswer, PushAnswerView, PushPayload } from "../api/wire/push-wire.ts";

// What TypeScript's DOM library does not have: its own library of workers would clash with the page's.
type ExtendableEvent = Event & { waitUntil(work: Promise<unknown>): void };
type WorkerPushEvent = ExtendableEvent & { data: { json(): unknown } | null };
type WorkerNotificationEvent = ExtendableEvent & { notification: Notification; action: string };
type WindowClient = {
  url: string;
  visibilityState: string;
  focus(): Promise<unknown>;
  navigate(url: string): Promise<unknown>;
};
type Worker = {
  registration: ServiceWorkerRegistration;
  clients: {
    matchAll(options: object): Promise<WindowClient[]>;
    openWindow(url: string): Promise<unknown>;
    claim(): Promise<void>;
  };
  skipWaiting(): Promise<void>;
  addEventListener(type: "install" | "activate", listener: (event: ExtendableEvent) => void): void;
  addEventListener(type: "push", listener: (event: WorkerPushEvent) => void): void;
  addEventListener(
    type: "notificationclick",
    listener: (event: WorkerNotificationEvent) => void,
  ): void;
};
type Options = NotificationOptions & {
  actions?: { action: string; title: string }[];
  renotify?: boolean;
};
type Data = { id: string; kind: PushPayload["kind"]; handle?: string };

const worker = globalThis as unknown as Worker;

worker.addEventListener("install", (event) => event.waitUntil(worker.skipWaiting()));
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener("push", (event) => {
  // Made by the hub alone: it is encrypted for this subscription.
  const payload = event.data?.json() as PushPayload | undefined;
  if (payload !== undefined) event.waitUntil(showPush(payload));
});
worker.addEventListener("notificationclick", (event) => event.waitUntil(take(event)));

async function showPush(payload: PushPayload): Promise<void> {
  const { kind, id, title, body, handle } = payload;
  if (kind === "end" && (await isLookedAt())) {
    for (const shown of await worker.registration.getNotifications({ tag: id })) shown.close();
    return;
  }
  const data: Data = { id, kind, ...(handle === undefined ? {} : { handle }) };
  await show(title, {
    body,
    tag: id,
    data,
    silent: kind === "end",
    renotify: kind !== "end",
    requireInteraction: kind === "prompt",
    actions:
      handle === undefined
        ? []
        : [
            { action: "allow", title: "Approve" },
            { action: "deny", title: "Deny" },
          ],
  });
}

async function take({ notification, action }: WorkerNotificationEvent): Promise<void> {
  // Written by showPush.
  const data = notification.data as Data;
  notification.close();
  if ((action === "allow" || action === "deny") && data.handle !== undefined) {
    const said = await answer({ handle: data.handle, verdict: action });
    if (said.kind === "done") return;
    // Nobody may think that a tap counted when it did not.
    await show(notification.title, {
      body: `${said.text}\nOpen it to see how it stands.`,
      tag: data.id,
      data: { id: data.id, kind: "sum" } satisfies Data,
    });
    return;
  }
  await openPage(data);
}

async function answer(body: PushAnswer): Promise<PushAnswerView> {
  try {
    const response = await fetch("/v1/push/answer", {
      method: "POST",
      headers: { "content-type": "application/json" },
      credentials: "same-origin",
      body: JSON.stringify(body),
    });
    if (response.ok) return (await response.json()) as PushAnswerView;
    const text =
      response.status === 401
        ? "Nothing was answered: you are signed out here."
        : `Nothing was answered: the hub said ${response.status}.`;
    return { kind: "refused", text };
  } catch {
    return { kind: "refused", text: "Nothing was answered: the hub cannot be reached." };
  }
}

async function openPage({ id, kind }: Data): Promise<void> {
  const path = kind === "sum" ? "/#/approvals" : `/#/approvals/${encodeURIComponent(id)}`;
  const [open] = await worker.clients.matchAll({ type: "window" });
  if (open === undefined) {
    await worker.clients.openWindow(path);
    return;
  }
  await open.focus();
  await open.navigate(path);
}

async function isLookedAt(): Promise<boolean> {
  const open = await worker.clients.matchAll({ type: "window" });
  return open.some(({ visibilityState }) => visibilityState === "visible");
}

function show(title: string, options: Options): Promise<void> {
  return worker.registration.showNotification(title, options);
}
