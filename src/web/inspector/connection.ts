/**
 * The inspector's page and its process: the stream of what happens, and what is asked for.
 *
 * Owns: the token, reconnecting, and how much is kept. Never: shows anything.
 */
import { useEffect, useState } from "preact/hooks";
import type { PageLine, PageRow, PageState } from "../../inspect/page.ts";

const KEEP = 1_000;
const PAUSE_MS = 1_000;
/** The process says something each second. */
const SILENCE_MS = 10_000;

export type Seen = {
  connection: "opening" | "open" | "lost" | "refused";
  name: string;
  command: string;
  rows: readonly PageRow[];
  state: PageState | undefined;
};

/** Out of the address, and for this tab kept: who reads over a shoulder sees none, and a reload still works. */
export function takeToken(): string {
  const given = location.hash.slice(1);
  if (given !== "") {
    sessionStorage.setItem("sluice.inspector", given);
    history.replaceState(null, "", location.pathname);
  }
  return sessionStorage.getItem("sluice.inspector") ?? "";
}

/** Undefined where it was done; else why not. */
export async function ask(token: string, body: object): Promise<string | undefined> {
  try {
    const answer = await fetch("/v1/do", {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (answer.ok) return undefined;
    const { message } = (await answer.json()) as { message?: string };
    return message ?? `refused (${answer.status})`;
  } catch {
    return "the inspector does not answer; is it still running?";
  }
}

const NOTHING: Seen = { connection: "opening", name: "", command: "", rows: [], state: undefined };

export function useInspector(token: string): Seen {
  const [seen, setSeen] = useState<Seen>(NOTHING);
  useEffect(() => {
    const over = new AbortController();
    void follow(token, over.signal, (change) => setSeen(change));
    return () => over.abort();
  }, [token]);
  return seen;
}

type Change = (before: Seen) => Seen;

async function follow(
  token: string,
  signal: AbortSignal,
  change: (change: Change) => void,
): Promise<void> {
  while (!signal.aborted) {
    const connection = await readStream(token, signal, change);
    change((before) => ({ ...before, connection }));
    if (connection === "refused") return;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

async function readStream(
  token: string,
  signal: AbortSignal,
  change: (change: Change) => void,
): Promise<"lost" | "refused"> {
  const quiet = new AbortController();
  let timer = setTimeout(() => quiet.abort(), SILENCE_MS);
  try {
    const answer = await fetch("/v1/stream", {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.any([signal, quiet.signal]),
    });
    if (answer.status === 401) return "refused";
    if (!answer.ok || answer.body === null) return "lost";
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return "lost";
      clearTimeout(timer);
      timer = setTimeout(() => quiet.abort(), SILENCE_MS);
      const lines = (rest + value).split("\n");
      rest = lines.pop() ?? "";
      const pushed = lines
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as PageLine);
      // One change for all that came at once: a flood draws the page a few times a second, not a thousand.
      if (pushed.length > 0) change((before) => pushed.reduce(take, before));
    }
  } catch {
    return "lost";
  } finally {
    clearTimeout(timer);
    quiet.abort();
  }
}

function take(seen: Seen, line: PageLine): Seen {
  switch (line.page) {
    case "hello":
      return {
        connection: "open",
        name: line.name,
        command: line.command,
        rows: line.rows,
        state: line.state,
      };
    case "state":
      return { ...seen, state: line.state };
    case "row":
      return { ...seen, rows: [...seen.rows, line.row].slice(-KEEP) };
    default:
      return line satisfies never;
  }
}
