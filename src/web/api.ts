/**
 * Calls to the hub.
 *
 * Owns: the key that this origin keeps, and faults as they are shown. Never: state.
 * The cookie alone is not enough: cookies do not know ports, this origin's storage does.
 */
import type { FaultView } from "../api/wire/wire.ts";

const KEY = "sluice.key";

export class Fault extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** True where the hub no longer knows this sign-in. */
export function isSignInOver(thrown: unknown): boolean {
  return thrown instanceof Fault && thrown.status === 401;
}

export function isSignedIn(): boolean {
  return localStorage.getItem(KEY) !== null;
}

export function forgetKey(): void {
  localStorage.removeItem(KEY);
}

/**
 * Signs in, by the token of a launch link or, from elsewhere, by the passphrase.
 * @throws Fault 401 for a link that was used or a wrong passphrase, 429 while nobody may try.
 */
export async function signIn(by: { token: string } | { passphrase: string }): Promise<void> {
  const path = "token" in by ? "sign-in" : "sign-in/passphrase";
  const { key } = await call<{ key: string }>(path, by);
  localStorage.setItem(KEY, key);
}

/** A hub that stands still takes a request all the same. What changes something may wait for a disk. */
const READ_MS = 10_000;
const CHANGE_MS = 30_000;

/** A GET, or with `body` a POST of JSON. @throws Fault; its status is 0 where no hub answers. */
export async function call<T>(path: string, body?: unknown): Promise<T> {
  const answer = await carry(
    path,
    body === undefined
      ? { signal: AbortSignal.timeout(READ_MS) }
      : {
          signal: AbortSignal.timeout(CHANGE_MS),
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(body),
        },
  );
  // The hub's own answer: its shape is what web-wire.ts says.
  return (await answer.json()) as T;
}

export async function upload<T>(file: File): Promise<T> {
  const answer = await carry(`files?name=${encodeURIComponent(file.name || "pasted")}`, {
    method: "POST",
    headers: { "content-type": "application/octet-stream" },
    body: await file.arrayBuffer(),
  });
  return (await answer.json()) as T;
}

export async function download(id: string): Promise<Blob> {
  return (await carry(`files/${id}`, {})).blob();
}

/** @throws Fault for any answer but a good one. */
export async function carry(path: string, init: RequestInit): Promise<Response> {
  const headers = new Headers(init.headers);
  const key = localStorage.getItem(KEY);
  if (key !== null) headers.set("x-sluice-key", key);
  let answer: Response;
  try {
    answer = await fetch(`/v1/${path}`, { ...init, headers });
  } catch {
    throw new Fault(0, "The hub does not answer.");
  }
  if (answer.ok) return answer;
  const fault = (await answer.json().catch(() => undefined)) as FaultView | undefined;
  throw new Fault(answer.status, fault?.error.message ?? `The hub answered ${answer.status}.`);
}
