/**
 * Notifications of this browser: whether they are possible, switched on, and wanted.
 *
 * Owns: the service worker's registration and the subscription. Never: what a notification says (sw.ts).
 */
import type { PushStateView } from "../api/wire/push-wire.ts";
import { call } from "./api.ts";

/**
 * `missing`: this browser has no Web Push, or not here: on a phone of Apple's only a page that was added to the home screen has it.
 * `blocked`: the user has said no to notifications in the browser.
 */
export type PushState = { kind: "on" | "off" | "blocked" } | { kind: "missing"; why: string };

const SCRIPT = "/sw.js";

/** How it is now. @throws Fault where the hub does not answer. */
export async function readPush(): Promise<PushState> {
  const why = findObstacle();
  if (why !== undefined) return { kind: "missing", why };
  if (Notification.permission === "denied") return { kind: "blocked" };
  const { publicKey, isOn } = await call<PushStateView>("push");
  const registration = await navigator.serviceWorker.getRegistration("/");
  const subscription = await registration?.pushManager.getSubscription();
  if (subscription === null || subscription === undefined || Notification.permission !== "granted")
    return { kind: "off" };
  // The browser kept it while the hub forgot it, as after signing in anew: the user has not said otherwise.
  if (!isOn && isOf(subscription, publicKey)) await call("push", subscription.toJSON());
  return { kind: isOf(subscription, publicKey) ? "on" : "off" };
}

/** Asks the user, and subscribes. Call it from a click: browsers ask at no other time. */
export async function switchPushOn(): Promise<PushState> {
  const permission = await Notification.requestPermission();
  if (permission !== "granted") return { kind: permission === "denied" ? "blocked" : "off" };
  const registration = await navigator.serviceWorker.register(SCRIPT, { scope: "/" });
  await navigator.serviceWorker.ready;
  const { publicKey } = await call<PushStateView>("push");
  const before = await registration.pushManager.getSubscription();
  // One that is tied to another hub's key, or to a key that is gone, cannot be used again.
  if (before !== null && !isOf(before, publicKey)) await before.unsubscribe();
  const subscription = await registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: toBytes(publicKey),
  });
  const { endpoint, keys } = subscription.toJSON();
  await call("push", { endpoint, keys });
  return { kind: "on" };
}

export async function switchPushOff(): Promise<PushState> {
  const registration = await navigator.serviceWorker.getRegistration("/");
  await (await registration?.pushManager.getSubscription())?.unsubscribe();
  await call("push/off", {});
  return { kind: "off" };
}

function findObstacle(): string | undefined {
  if (!isSecureContext) return "Notifications need https, or this machine's own address.";
  if ("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)
    return undefined;
  return /iPhone|iPad/.test(navigator.userAgent)
    ? "Add this page to the home screen first, and open it from there."
    : "This browser has no push notifications.";
}

function isOf(subscription: PushSubscription, publicKey: string): boolean {
  const { applicationServerKey: key } = subscription.options;
  if (key === null) return false;
  const [own, other] = [new Uint8Array(key), toBytes(publicKey)];
  return own.length === other.length && own.every((byte, at) => byte === other[at]);
}

function toBytes(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}
