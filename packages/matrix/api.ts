/**
 * The client-server API of a homeserver: one request, and what its answer means.
 *
 * Owns: the token, transaction ids, and the words for a fault. Never: tries a refused request again.
 *
 * MXAPI-1 A PUT with a transaction id is sent again where nobody knows whether it arrived: the homeserver does it once. What nobody knows
 *    after that is `MaybeSent`, whatever a later try said.
 * MXAPI-2 A homeserver that asks to wait is obeyed by its `Retry-After`, or by `retry_after_ms` of older ones.
 * MXAPI-3 The token goes to the homeserver alone, in a header: no redirect carries it on, and no fault shows an answer's words.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { MaybeSent, SluiceError } from "sluice";
import { type Answer, fetchFile, request } from "sluice/platform";
import { at, numberAt, textAt } from "./json.ts";

const ROOM_TRIES = 3;
const DEFAULT_WAIT_MS = 5_000;
const MAX_WAIT_MS = 3_600_000;
const UPLOAD_MS = 50_000;
const MAX_REFUSAL_BYTES = 65_536;
const DOWNLOAD_MS = 50_000;
const MXC = /^mxc:\/\/([A-Za-z0-9.:[\]-]{1,255})\/([A-Za-z0-9_-]{1,255})$/;

type Options = { body?: unknown; timeoutMs?: number; maxBytes?: number };

export class MatrixApi {
  readonly #root: string;
  readonly #token: string;
  readonly #signal: AbortSignal;
  readonly #againMs: number;

  constructor(root: string, token: string, signal: AbortSignal, againMs: number) {
    this.#root = toRoot(root);
    this.#token = token;
    this.#signal = signal;
    this.#againMs = againMs;
  }

  /** `path` behind `/_matrix/`, encoded. @throws SluiceError */
  async call(method: string, path: string, options: Options = {}): Promise<unknown> {
    const { body, timeoutMs, maxBytes } = options;
    const answer = await request(`${this.#root}/_matrix/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(maxBytes === undefined ? {} : { maxBytes }),
      signal: this.#signal,
    });
    return read(answer, `${method} ${toShape(path)}`);
  }

  /** MXAPI-1: an event into a room, once. Resolves with its id. `kind`: `send/m.room.message`, `redact/$event`. */
  async put(room: string, kind: string, body: unknown): Promise<string> {
    const path = `client/v3/rooms/${encodeURIComponent(room)}/${kind}/sluice-${randomUUID()}`;
    let unknown: MaybeSent | undefined;
    for (let left = ROOM_TRIES - 1; ; left--) {
      try {
        const id = textAt(await this.call("PUT", path, { body }), "event_id");
        if (id !== undefined) return id;
        unknown ??= new MaybeSent("the homeserver named no event");
        throw new SluiceError(
          "send_failed",
          "Matrix: the homeserver answered without an event id",
          {
            cause: unknown,
          },
        );
      } catch (thrown) {
        if (!(thrown instanceof SluiceError)) throw thrown;
        if (thrown.cause instanceof MaybeSent) unknown ??= thrown.cause;
        if (unknown === undefined) throw thrown;
        if (left === 0 || this.#signal.aborted || thrown.retryAfterMs !== undefined)
          throw new SluiceError(thrown.code, thrown.message, { retryable: true, cause: unknown });
        await sleep(this.#againMs, undefined, { signal: this.#signal }).catch(() => undefined);
      }
    }
  }

  /** Nobody sees it before an event names it: it is never "maybe sent". */
  async upload(name: string, mime: string, content: Uint8Array): Promise<string> {
    const path = `media/v3/upload?filename=${encodeURIComponent(name)}`;
    try {
      const answer = await request(`${this.#root}/_matrix/${path}`, {
        method: "POST",
        headers: { authorization: `Bearer ${this.#token}`, "content-type": mime },
        body: content,
        timeoutMs: UPLOAD_MS,
        signal: this.#signal,
      });
      const uri = textAt(read(answer, "POST media/v3/upload"), "content_uri") ?? "";
      if (MXC.test(uri)) return uri;
      throw new SluiceError("send_failed", "Matrix: the homeserver gave an upload no address");
    } catch (thrown) {
      if (!(thrown instanceof SluiceError) || !(thrown.cause instanceof MaybeSent)) throw thrown;
      throw new SluiceError(thrown.code, thrown.message, { retryable: thrown.retryable });
    }
  }

  /** `mxc://server/id`. @throws SluiceError `bad_input`, `too_large`, `not_found`. */
  async download(reference: string, maxBytes: number): Promise<Buffer> {
    const [, server, id] = MXC.exec(reference) ?? [];
    if (server === undefined || id === undefined)
      throw new SluiceError("bad_input", "Matrix: a file without an address of a homeserver");
    const place = `download/${encodeURIComponent(server)}/${id}`;
    const answer = await this.#get(`client/v1/media/${place}`, maxBytes);
    // Homeservers before Matrix 1.11.
    const isOld = answer.status === 404 && readErrcode(answer) === "M_UNRECOGNIZED";
    return this.#follow(isOld ? await this.#get(`media/v3/${place}`, maxBytes) : answer, maxBytes);
  }

  #get(path: string, maxBytes: number): Promise<Answer> {
    return request(`${this.#root}/_matrix/${path}`, {
      headers: { authorization: `Bearer ${this.#token}` },
      // A refusal may be longer than the file would be.
      maxBytes: Math.max(maxBytes, MAX_REFUSAL_BYTES),
      timeoutMs: DOWNLOAD_MS,
      takesRedirect: true,
      signal: this.#signal,
    });
  }

  /** MXAPI-3: a file on another host is fetched as anybody would. */
  async #follow(answer: Answer, maxBytes: number): Promise<Buffer> {
    const { status, headers, body } = answer;
    if (status === 200 && body.length <= maxBytes) return body;
    if (status === 200)
      throw new SluiceError("too_large", `a file is larger than ${maxBytes} bytes; not fetched`);
    const { location = "" } = headers;
    if ((status === 307 || status === 308) && URL.canParse(location)) {
      const { hostname } = new URL(location);
      return fetchFile(location, { hosts: [hostname], maxBytes, signal: this.#signal });
    }
    throw toFault(answer, "GET media/download");
  }
}

/** @throws SluiceError `bad_config`. */
function toRoot(given: string): string {
  const text = given.trim().replace(/\/+$/, "");
  const isWhole = URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
  if (isWhole && new URL(text).search === "" && new URL(text).username === "") return text;
  throw new SluiceError(
    "bad_config",
    "MATRIX_HOMESERVER is no address of a homeserver; give it as https://matrix.example.org",
  );
}

function read(answer: Answer, what: string): unknown {
  const { status, body } = answer;
  if (status < 200 || status > 299) throw toFault(answer, what);
  const value = parse(body);
  if (value !== undefined) return value;
  // What had been done is not known, where the answer is somebody else's.
  throw new SluiceError("send_failed", `Matrix: ${what} was answered with no JSON`, {
    retryable: true,
    cause: new MaybeSent(`${what} was answered with no JSON`),
  });
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    // No answer of a homeserver's.
    return undefined;
  }
}

function readErrcode({ body }: Answer): string {
  const errcode = textAt(parse(body), "errcode") ?? "";
  return /^[A-Za-z0-9_.]{1,80}$/.test(errcode) ? errcode : "";
}

function toFault(answer: Answer, what: string): SluiceError {
  const { status } = answer;
  const errcode = readErrcode(answer);
  const said = `Matrix: ${what} was answered ${status}${errcode === "" ? "" : ` ${errcode}`}`;
  if (status === 429) {
    const retryAfterMs = readWait(answer);
    return new SluiceError("rate_limited", said, { retryable: true, retryAfterMs });
  }
  if (status === 401 && errcode !== "M_USER_LOCKED")
    return new SluiceError(
      "unauthorized",
      `${said}: the token is not good any more; log the bot in again and give the new one: sluice remove matrix, then sluice add`,
    );
  if (status === 413) return new SluiceError("too_large", said);
  if (status === 404 && errcode !== "M_UNRECOGNIZED" && errcode !== "")
    return new SluiceError("not_found", said);
  // An account that is locked may be unlocked: https://spec.matrix.org/latest/client-server-api/#account-locking
  if (status < 500 && status !== 408 && status !== 401) return new SluiceError("send_failed", said);
  // A gateway in between does not know what became of it; what is too busy has done nothing.
  const cause = status === 503 || status === 401 ? {} : { cause: new MaybeSent(said) };
  return new SluiceError("send_failed", said, { retryable: true, ...cause });
}

/** MXAPI-2. https://www.rfc-editor.org/rfc/rfc9110#field.retry-after */
function readWait(answer: Answer): number {
  const header = answer.headers["retry-after"] ?? "";
  const seconds = /^\d{1,6}$/.test(header)
    ? Number(header) * 1_000
    : Date.parse(header) - Date.now();
  const older = numberAt(parse(answer.body), "retry_after_ms");
  const wait = Number.isFinite(seconds) ? seconds : (older ?? DEFAULT_WAIT_MS);
  return Math.min(MAX_WAIT_MS, Math.max(0, Math.ceil(wait)));
}

/** A path without what it names. */
function toShape(path: string): string {
  return path.replace(/\?.*$/, "").replaceAll(/(?<=\/)(?:[!$@]|%(?:21|24|40)|sluice-)[^/]*/g, "…");
}

/** What a homeserver tells of itself is read once. */
export async function readMe(api: MatrixApi): Promise<string> {
  const id = textAt(await api.call("GET", "client/v3/account/whoami"), "user_id");
  if (id !== undefined && /^@[^:\s]{0,254}:\S{1,254}$/.test(id)) return id;
  throw new SluiceError("send_failed", "Matrix: the homeserver does not say whose token it is");
}

/** The largest upload; undefined where the homeserver does not say. */
export async function readMaxUpload(api: MatrixApi): Promise<number | undefined> {
  for (const path of ["client/v1/media/config", "media/v3/config"]) {
    try {
      return numberAt(at(await api.call("GET", path)), "m.upload.size");
    } catch (thrown) {
      if (!(thrown instanceof SluiceError) || thrown.code === "unauthorized") throw thrown;
      if (thrown.retryable) return undefined;
    }
  }
  return undefined;
}
