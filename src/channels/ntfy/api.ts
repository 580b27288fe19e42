/**
 * Calls to an ntfy server.
 *
 * Owns: requests, and what their faults mean. Never: the stream's pace.
 * https://docs.ntfy.sh/publish/ https://docs.ntfy.sh/subscribe/api/
 */
import { access, constants, readFile } from "node:fs/promises";
import { SluiceError, toMessage } from "../../sdk/errors.ts";
import { parseJson, textAt } from "../../sdk/json.ts";
import { MaybeSent, type OutgoingFile, type OutgoingMessage } from "../../sdk/message.ts";
import type { Secret } from "../../sdk/secret.ts";
import { OUR_TAG } from "./wire.ts";

const CALL_MS = 30_000;
const WAIT_MS = 60_000;
/** https://docs.ntfy.sh/publish/#action-buttons */
const MAX_ACTIONS = 3;
/**
 * Answers of a gateway whose server behind it gave none that is of use: it may have done what was asked.
 * https://www.rfc-editor.org/rfc/rfc9110#section-15.6.3
 */
const UNHEARD = new Set([502, 504]);
/** Faults at which no request has left. */
const NOT_BEGUN = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
]);

/** Before anything is sent. @throws SluiceError `not_found`. */
export async function checkFile({ path, name }: OutgoingFile): Promise<void> {
  try {
    await access(path, constants.R_OK);
  } catch (thrown) {
    throw new SluiceError("not_found", `ntfy: ${name} cannot be read; nothing was sent`, {
      cause: new Error(toMessage(thrown)),
    });
  }
}

export class NtfyApi {
  readonly server: URL;
  readonly topic: string;
  readonly #secret: Secret;

  constructor(server: string, topic: string, secret: Secret) {
    this.server = new URL(server);
    this.topic = topic;
    this.#secret = secret;
  }

  /** Publishes a text. Returns its id. @throws SluiceError as `ChannelConnection.send` says. */
  publish(
    text: string,
    signal: AbortSignal,
    buttons: OutgoingMessage["buttons"] = [],
  ): Promise<string> {
    const actions = this.#toActions(buttons);
    const message = { topic: this.topic, message: text, tags: [OUR_TAG] };
    const body = actions.length === 0 ? message : { ...message, actions };
    return this.#put(JSON.stringify(body), "", {}, signal);
  }

  /**
   * A button that writes to the topic, as its reader could by hand. None where that takes a token: it would have to travel with the
   * message, to everybody who reads the topic. https://docs.ntfy.sh/publish/#send-http-request
   */
  #toActions(buttons: NonNullable<OutgoingMessage["buttons"]>): object[] {
    if (this.#secret.reveal() !== "") return [];
    const url = new URL(this.topic, this.server).href;
    return buttons
      .flat()
      .flatMap(({ label, says }) => (says === undefined ? [] : { label, body: says }))
      .slice(0, MAX_ACTIONS)
      .map((button) => ({ action: "http", method: "POST", url, clear: true, ...button }));
  }

  /** Publishes a file. */
  async publishFile(file: OutgoingFile, signal: AbortSignal): Promise<string> {
    const headers = { filename: toHeader(file.name), tags: OUR_TAG };
    return this.#put(new Uint8Array(await readFile(file.path)), this.topic, headers, signal);
  }

  /** Opens the stream of what comes after `since`. @throws SluiceError. */
  async subscribe(since: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const answer = await this.#fetch(`${this.topic}/json?since=${encodeURIComponent(since)}`, {
      signal,
    }).catch((thrown: unknown) => {
      throw toFault("subscribe", thrown, false);
    });
    if (!answer.ok || answer.body === null) throw await toRefusal("subscribe", answer);
    return answer.body;
  }

  async #put(
    body: string | Uint8Array<ArrayBuffer>,
    path: string,
    headers: Record<string, string>,
    signal: AbortSignal,
  ): Promise<string> {
    let answer: Response;
    let text: string;
    try {
      answer = await this.#fetch(path, {
        method: path === "" ? "POST" : "PUT",
        body,
        headers,
        signal: AbortSignal.any([signal, AbortSignal.timeout(CALL_MS)]),
      });
      text = answer.ok ? await answer.text() : "";
    } catch (thrown) {
      throw toFault("publish", thrown, true);
    }
    if (!answer.ok) {
      const refusal = await toRefusal("publish", answer);
      throw UNHEARD.has(answer.status)
        ? new SluiceError("send_failed", refusal.message, { cause: new MaybeSent(refusal.message) })
        : refusal;
    }
    const parsed = parseJson(Buffer.from(text));
    const id = parsed.kind === "ok" ? textAt(parsed.value, "id") : undefined;
    if (id !== undefined) return id;
    throw new SluiceError("send_failed", "ntfy: publish was answered without an id", {
      cause: new MaybeSent("an answer without an id"),
    });
  }

  #fetch(path: string, init: RequestInit): Promise<Response> {
    const token = this.#secret.reveal();
    const headers = new Headers(init.headers);
    if (token !== "") headers.set("authorization", `Bearer ${token}`);
    // A redirect would carry the token to somebody else.
    return fetch(new URL(path, this.server), { ...init, headers, redirect: "error" });
  }
}

/** What a status means; the body's words are the server's and name no secret of ours. */
async function toRefusal(what: string, answer: Response): Promise<SluiceError> {
  const { status } = answer;
  await answer.body?.cancel();
  if (status === 401 || status === 403) {
    return new SluiceError(
      "unauthorized",
      `ntfy: the server refused ${what} (${status}); run "sluice add ntfy" again with a token that may read and write the topic`,
    );
  }
  if (status === 429) {
    const seconds = Number(answer.headers.get("retry-after") ?? "");
    const retryAfterMs = Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : WAIT_MS;
    return new SluiceError("rate_limited", `ntfy: too many requests (429)`, {
      retryable: true,
      retryAfterMs,
    });
  }
  if (status === 413)
    return new SluiceError("too_large", "ntfy: the server takes no file that large");
  return new SluiceError("send_failed", `ntfy: ${what} was answered ${status}`, {
    retryable: status >= 500,
  });
}

function toFault(what: string, thrown: unknown, isEffect: boolean): SluiceError {
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  // fetch itself says only that it failed.
  const detail = code === "" ? toMessage(cause ?? thrown) : code;
  const isMaybe = isEffect && !NOT_BEGUN.has(code);
  return new SluiceError("send_failed", `ntfy: ${what} failed (${detail})`, {
    retryable: true,
    ...(isMaybe
      ? { cause: new MaybeSent(`the connection broke after the request (${detail})`) }
      : {}),
  });
}

/** Headers hold Latin letters only; ntfy reads the standard's encoded words. https://www.rfc-editor.org/rfc/rfc2047 */
function toHeader(text: string): string {
  return /^[\x20-\x7e]*$/.test(text) ? text : `=?UTF-8?B?${Buffer.from(text).toString("base64")}?=`;
}
