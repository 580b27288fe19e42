/**
 * Updates from the hub: one stream for each tab, kept open, for all parts that subscribe to it.
 *
 * Owns: reconnecting, with growing pauses, and noticing a connection that is only half there. Never: what a message means.
 */
import { useEffect, useRef, useState } from "preact/hooks";
import type { AwayPush, PromptPush } from "../api/wire/approvals-wire.ts";
import type { EventsPush } from "../api/wire/timeline-wire.ts";
import type { PushView } from "../api/wire/web-wire.ts";
import { carry, isSignInOver } from "./api.ts";
import { watchTabLock } from "./tab-lock.ts";

const FIRST_PAUSE_MS = 400;
const MAX_PAUSE_MS = 15_000;
/** A hub that runs takes a connection at once, and then says something every 15 s. One that stands still does neither. */
const OPENING_MS = 5_000;
const SILENCE_MS = 25_000;

export type Push = PushView | PromptPush | AwayPush | EventsPush;

type StreamEvents = {
  /** Connected: what happened meanwhile has to be read. */
  opened(): void;
  /** Each listener takes the kinds that it knows. */
  pushed(push: Push): void;
  /** `isSilent`: the hub is there, and does not answer. */
  lost(isSilent: boolean): void;
  /** The session is over. */
  refused(): void;
};

const listeners = new Set<StreamEvents>();
let connection: { isOpen: boolean; end: () => void } | undefined;

/** The stream for as long as the component is shown. Returns whether it is connected. */
export function useStream(events: Omit<StreamEvents, "lost">): boolean {
  const [isOnline, setOnline] = useState(false);
  const latest = useRef(events);
  latest.current = events;
  useEffect(
    () =>
      keepStream({
        opened() {
          setOnline(true);
          latest.current.opened();
        },
        pushed: (push) => latest.current.pushed(push),
        lost: () => setOnline(false),
        refused: () => latest.current.refused(),
      }),
    [],
  );
  return isOnline;
}

/** True while the hub is there and does not answer: it stands still, or its machine does. */
export function useIsSilent(): boolean {
  const [isSilent, setSilent] = useState(false);
  useEffect(
    () =>
      keepStream({
        opened: () => setSilent(false),
        pushed: () => undefined,
        lost: setSilent,
        refused: () => undefined,
      }),
    [],
  );
  return isSilent;
}

/** Listens until the result is called; the last listener to leave closes the stream. All share one: a browser has few connections to an address. */
function keepStream(events: StreamEvents): () => void {
  listeners.add(events);
  connection ??= connect();
  if (connection.isOpen) events.opened();
  return () => {
    listeners.delete(events);
    if (listeners.size > 0) return;
    connection?.end();
    connection = undefined;
  };
}

function connect(): { isOpen: boolean; end: () => void } {
  const ended = new AbortController();
  let standing = new AbortController();
  let maySit = true;
  let hurry = (): void => undefined;
  const wake = (): void => hurry();
  const stopSeat = watchTabLock((may) => {
    maySit = may;
    if (may) hurry();
    else standing.abort();
  });
  addEventListener("online", wake);
  const made = {
    isOpen: false,
    end: (): void => {
      ended.abort();
      hurry();
      stopSeat();
      removeEventListener("online", wake);
    },
  };
  void keep();
  return made;

  async function keep(): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    while (!ended.signal.aborted) {
      if (maySit) {
        standing = new AbortController();
        let isSilent = false;
        try {
          await read(AbortSignal.any([ended.signal, standing.signal]), () => {
            pauseMs = FIRST_PAUSE_MS;
            made.isOpen = true;
            for (const one of listeners) one.opened();
          });
        } catch (thrown) {
          if (isSignInOver(thrown)) {
            made.isOpen = false;
            for (const one of listeners) one.refused();
            return;
          }
          isSilent = isTimeout(thrown);
        }
        made.isOpen = false;
        if (ended.signal.aborted) return;
        for (const one of listeners) one.lost(isSilent);
      }
      await new Promise<void>((resolve) => {
        // A tab without a seat (tab-lock.ts) waits until somebody looks at it.
        const timer = maySit ? setTimeout(resolve, pauseMs) : undefined;
        hurry = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      hurry = () => undefined;
      pauseMs = Math.min(MAX_PAUSE_MS, pauseMs * 2);
    }
  }
}

async function read(ended: AbortSignal, opened: () => void): Promise<void> {
  const silent = new AbortController();
  const giveUp = (): void => silent.abort(new DOMException("the hub says nothing", "TimeoutError"));
  let timer = setTimeout(giveUp, OPENING_MS);
  try {
    const signal = AbortSignal.any([ended, silent.signal]);
    const answer = await carry("stream", { signal });
    if (answer.body === null) return;
    clearTimeout(timer);
    timer = setTimeout(giveUp, SILENCE_MS);
    opened();
    let rest = "";
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      clearTimeout(timer);
      timer = setTimeout(giveUp, SILENCE_MS);
      const frames = (rest + chunk.value).split("\n\n");
      rest = frames.pop() ?? "";
      for (const frame of frames) {
        // The hub writes one data line a frame; a heartbeat has none.
        if (!frame.startsWith("data: ")) continue;
        const push = JSON.parse(frame.slice(6)) as Push;
        for (const one of listeners) one.pushed(push);
      }
    }
  } catch (thrown) {
    throw silent.signal.aborted ? silent.signal.reason : thrown;
  } finally {
    clearTimeout(timer);
  }
}

function isTimeout(thrown: unknown): boolean {
  return thrown instanceof DOMException && thrown.name === "TimeoutError";
}
