/**
 * What the hub pushes: one stream, kept open.
 *
 * Owns: reconnecting, with growing pauses, and noticing a connection that is only half there. Never: what a message means.
 */
import type { PushView } from "../api/web-wire.ts";
import { carry, Fault } from "./api.ts";

const FIRST_PAUSE_MS = 400;
const MAX_PAUSE_MS = 15_000;
/** The hub says something every 15 s. */
const SILENCE_MS = 40_000;

export type StreamEvents = {
  /** Connected: what happened meanwhile has to be read. */
  opened(): void;
  pushed(push: PushView): void;
  lost(): void;
  /** The session is over. */
  refused(): void;
};

/** Keeps a stream until the result is called. */
export function keepStream(events: StreamEvents): () => void {
  const ended = new AbortController();
  let hurry = (): void => undefined;
  const wake = (): void => {
    if (document.visibilityState === "visible") hurry();
  };
  addEventListener("online", wake);
  document.addEventListener("visibilitychange", wake);
  void keep();
  return () => {
    ended.abort();
    hurry();
    removeEventListener("online", wake);
    document.removeEventListener("visibilitychange", wake);
  };

  async function keep(): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    while (!ended.signal.aborted) {
      try {
        await read(events, ended.signal, () => (pauseMs = FIRST_PAUSE_MS));
      } catch (thrown) {
        if (thrown instanceof Fault && thrown.status === 401) return events.refused();
      }
      if (ended.signal.aborted) return;
      events.lost();
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pauseMs);
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

async function read(events: StreamEvents, ended: AbortSignal, opened: () => void): Promise<void> {
  const silent = new AbortController();
  let timer = setTimeout(() => silent.abort(), SILENCE_MS);
  try {
    const signal = AbortSignal.any([ended, silent.signal]);
    const answer = await carry("stream", { signal });
    if (answer.body === null) return;
    opened();
    events.opened();
    let rest = "";
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      clearTimeout(timer);
      timer = setTimeout(() => silent.abort(), SILENCE_MS);
      const frames = (rest + chunk.value).split("\n\n");
      rest = frames.pop() ?? "";
      for (const frame of frames) {
        // The hub writes one data line a frame; a heartbeat has none.
        if (frame.startsWith("data: ")) events.pushed(JSON.parse(frame.slice(6)) as PushView);
      }
    }
  } finally {
    clearTimeout(timer);
  }
}
