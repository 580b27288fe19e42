/**
 * Has voice notes listened to, after their events are kept and before any session gets them.
 *
 * Owns: which events wait for that, for how long, and how often it is tried. Never: listens (listen.ts), or decides how an event reads then
 * (flow/intake/voice-note.ts).
 *
 * TRANSCRIBE-1 The message is in the inbox before anything is fetched or started, and the note that it waits is committed with it: what a
 *    death broke off is begun again. The fifth time that the hub ended meanwhile is the last.
 * TRANSCRIBE-2 It is bounded: two notes at a time, five minutes for one try, three tries, 20 MiB, and a quarter of an hour until no new
 *    try begins. Then the event goes on and says what failed. Other events wait for nothing of this.
 * TRANSCRIBE-3 Neither the log nor a fault holds words of a note, a command's arguments or a key.
 */
import type { Delivery } from "../../flow/deliver/deliver.ts";
import type { IncomingFiles } from "../../flow/intake/incoming-file.ts";
import { findVoiceNotes, type Listened, toHeard } from "../../flow/intake/voice-note.ts";
import { TRANSCRIBE_SECRET } from "../../api/wire/transcribe-wire.ts";
import { isSluiceError, toMessage } from "../../sdk/errors.ts";
import type { Arrival } from "../../sdk/event.ts";
import { Secret } from "../../sdk/secret.ts";
import { addStep, findEvent } from "../../store/events/inbox.ts";
import type { Assignment } from "../../store/events/subscriptions.ts";
import {
  addTranscription,
  countAttempt,
  isHeldAndKnown,
  isTranscribing,
  listTranscriptions,
  type PendingTranscription,
  settleTranscription,
  toHeldAssignment,
  type VoiceNote,
} from "../../store/events/transcriptions.ts";
import { readSecrets } from "../channels/secrets.ts";
import type { Channels } from "../channels/channels.ts";
import type { Core } from "../core.ts";
import type { ChannelConfig } from "../settings/config.ts";
import { changeTranscribe, type TranscribeChange } from "./change.ts";
import { listen } from "./listen.ts";

export type TranscriberNeeds = {
  channels: Pick<Channels, "keep" | "list">;
  delivery: Pick<Delivery, "pressing" | "watchers">;
  files: Pick<IncomingFiles, "fetch">;
  limits?: Partial<TranscriberLimits>;
};

type TranscriberLimits = { tryMs: number; waitMs: number; pausesMs: readonly number[] };

const LIMITS: TranscriberLimits = {
  tryMs: 5 * 60_000,
  waitMs: 15 * 60_000,
  pausesMs: [2_000, 15_000],
};
const MAX_RUNNING = 2;
const MAX_BEGUN = 5;
const LIST_MAX = 1_000;
/** Connections, by which files are fetched, are just being opened. */
const FIRST_LOOK_MS = 500;
/** The disk did not take it. */
const AGAIN_MS = 10_000;

/** Of one event, in this life of the hub. */
type Progress = { tries: number; since: number; notBefore: number };

export class Transcriber {
  readonly #core: Core;
  readonly #needs: TranscriberNeeds;
  readonly #limits: TranscriberLimits;
  readonly #startedAt: number;
  readonly #over = new AbortController();
  readonly #running = new Map<string, Promise<void>>();
  readonly #progress = new Map<string, Progress>();
  #cancel: () => void;

  constructor(core: Core, needs: TranscriberNeeds) {
    this.#core = core;
    this.#needs = needs;
    this.#limits = { ...LIMITS, ...needs.limits };
    this.#startedAt = core.clock.now();
    this.#cancel = core.clock.after(FIRST_LOOK_MS, this.#look);
  }

  /** @throws SluiceError `not_found`, `bad_input`. */
  change(name: string, change: TranscribeChange): Promise<void> {
    return changeTranscribe(this.#core, this.#needs.channels, name, change);
  }

  /** Whether this arrival is to wait. */
  wants(arrival: Arrival): boolean {
    return (
      arrival.session === undefined &&
      this.#find(arrival.channel)?.transcribe !== undefined &&
      findVoiceNotes(arrival).length > 0
    );
  }

  /** Who it is for until then: nobody. */
  assign({ isKnown }: Pick<Arrival, "isKnown">): Assignment {
    return toHeldAssignment(isKnown === true);
  }

  /** Inside the write that stores the event of an arrival that is wanted (TRANSCRIBE-1). */
  hold(event: string, arrival: Arrival): void {
    const { db, clock } = this.#core;
    addTranscription(db, event, findVoiceNotes(arrival));
    addStep(db, event, { at: clock.now(), stage: "held", reason: "its voice note is listened to" });
    db.afterCommit(this.#look);
  }

  /** Ends what runs; it is begun again in the next life. */
  async close(): Promise<void> {
    this.#over.abort();
    this.#cancel();
    await Promise.all(this.#running.values());
  }

  readonly #look = (): void => {
    if (this.#over.signal.aborted) return;
    this.#cancel();
    const now = this.#core.clock.now();
    const pending = listTranscriptions(this.#core.db, LIST_MAX).filter(
      ({ event }) => !this.#running.has(event),
    );
    let nextAt = Number.POSITIVE_INFINITY;
    for (const one of pending) {
      const { notBefore } = this.#progressOf(one);
      // A clock that was set back must not make this a long wait.
      const isDue = notBefore <= now || notBefore > now + this.#limits.waitMs;
      if (isDue && this.#running.size < MAX_RUNNING) this.#run(one);
      // When one of the running ends, all are looked at again.
      else if (!isDue) nextAt = Math.min(nextAt, notBefore);
    }
    if (Number.isFinite(nextAt))
      this.#cancel = this.#core.clock.after(Math.max(1, nextAt - now), this.#look);
  };

  #progressOf({ event, storedAt }: PendingTranscription): Progress {
    const known = this.#progress.get(event);
    if (known !== undefined) return known;
    const since = Math.max(storedAt, this.#startedAt);
    const fresh = { tries: 0, since, notBefore: 0 };
    this.#progress.set(event, fresh);
    return fresh;
  }

  #run(pending: PendingTranscription): void {
    const { event, channel } = pending;
    const running = this.#work(pending)
      .catch((thrown: unknown) => {
        if (this.#over.signal.aborted) return;
        const { log, clock } = this.#core;
        this.#progressOf(pending).notBefore = clock.now() + AGAIN_MS;
        log.warn({ channel, event, error: toMessage(thrown) }, "a voice note waits on");
      })
      .finally(() => {
        this.#running.delete(event);
        this.#look();
      });
    this.#running.set(event, running);
  }

  async #work(pending: PendingTranscription): Promise<void> {
    const { event, notes, attempts } = pending;
    const { db, clock } = this.#core;
    const waits = findEvent(db, event)?.state === "stored";
    const end = (why: string): Promise<void> =>
      this.#settle(
        pending,
        notes.map((note) => ({ note, failure: why })),
      );
    const config = this.#find(pending.channel);
    if (!waits) return end("nobody waits for it any more");
    if (config?.transcribe === undefined) return end("its channel transcribes nothing any more");
    const progress = this.#progressOf(pending);
    if (attempts >= MAX_BEGUN && progress.tries === 0)
      return end(`the hub ended ${MAX_BEGUN} times while it was listened to`);
    if (clock.now() - progress.since > this.#limits.waitMs)
      return end("it waited too long for its turn");
    if (progress.tries === 0) await db.write(() => countAttempt(db, event));
    progress.tries += 1;
    const listened: Listened[] = [];
    for (const note of notes) {
      const one = await this.#listen(pending, config, note);
      if (this.#over.signal.aborted) return;
      if (one === "again") return;
      listened.push(one);
    }
    await this.#settle(pending, listened);
  }

  /** `again`: another try is due later. */
  async #listen(
    pending: PendingTranscription,
    config: ChannelConfig,
    note: VoiceNote,
  ): Promise<Listened | "again"> {
    const { home, clock } = this.#core;
    const { tryMs, waitMs, pausesMs } = this.#limits;
    const { signal } = this.#over;
    try {
      const by = config.transcribe;
      if (by === undefined) throw new TypeError("nothing listens");
      const path = await this.#needs.files.fetch(pending.event, note.position);
      signal.throwIfAborted();
      const key = readSecrets(home, config.name)?.named?.[TRANSCRIBE_SECRET];
      const text = await listen(path, {
        by,
        key: key === undefined ? undefined : new Secret(key),
        cwd: home.path,
        timeoutMs: tryMs,
        signal,
      });
      return { note, text };
    } catch (thrown) {
      const progress = this.#progressOf(pending);
      const pause = pausesMs[progress.tries - 1];
      const isRetryable = isSluiceError(thrown) && thrown.retryable;
      if (isRetryable && pause !== undefined && clock.now() - progress.since + pause < waitMs) {
        progress.notBefore = clock.now() + pause;
        return "again";
      }
      // What is no fault of ours may quote anything.
      return { note, failure: isSluiceError(thrown) ? thrown.message : "it could not be read" };
    }
  }

  async #settle(pending: PendingTranscription, listened: readonly Listened[]): Promise<void> {
    const { db, clock, log } = this.#core;
    const { delivery } = this.#needs;
    const { event: id, channel } = pending;
    const failure = listened.find((one) => one.failure !== undefined)?.failure;
    await db.write(() => {
      // Forgotten meanwhile.
      const event = isTranscribing(db, id) ? findEvent(db, id) : undefined;
      if (event === undefined) return;
      const isOpen = event.state === "stored";
      const heard = toHeard(event, listened);
      const isKnown = isHeldAndKnown(db, id);
      const assignment = isOpen
        ? delivery.watchers.assign({ ...event, meta: heard.meta, isKnown })
        : toHeldAssignment(isKnown);
      const reason =
        failure === undefined
          ? "its voice note was transcribed"
          : `transcription failed: ${failure}`;
      const ids = settleTranscription(db, id, { heard, assignment, isOpen, reason }, clock.now());
      if (event.priority === "urgent" || event.ack === "reply")
        for (const one of ids) delivery.pressing(one);
    });
    this.#progress.delete(id);
    if (failure !== undefined)
      log.warn({ channel, event: id, reason: failure }, "a voice note was not transcribed");
  }

  #find(channel: string): ChannelConfig | undefined {
    return this.#needs.channels.list().find(({ config }) => config.name === channel)?.config;
  }
}
