/**
 * Starts a server anew when its files change, and when it dies.
 *
 * Owns: when. Never: how (inspector.ts).
 *
 * REWATCH-1 One restart for a burst of changes, and never two at once: what changes meanwhile starts one more, afterwards. A server that
 *    does not answer holds it up for a second, and no longer: the change may be what mends it.
 * REWATCH-2 A server that keeps dying is started less and less often, until a file changes.
 * REWATCH-3 A file that changes at each start is one that the server writes: it starts it less and less often, and that is said. What a
 *    person changes meanwhile starts it at once.
 */
import { type FSWatcher, statSync, watch } from "node:fs";
import { join, sep } from "node:path";
import { SluiceError, toMessage } from "../sdk/errors.ts";

const DEBOUNCE_MS = 150;
/** A burst that does not end is taken for one that has. */
const LONGEST_BURST_MS = 2_000;
/** What changes so soon after a start, so many times in a row, the server has written itself. */
const SOON_MS = 2_000;
const SOON_COUNT = 3;
/** Paths of which that is counted. */
const MAX_COUNTED = 1_000;
const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = 30_000;
/** One that lived this long did not fail at its start. */
const LIVED_MS = 10_000;
const PATIENCE_MS = 1_000;
/** Whether a folder is still the one that is watched. */
const LOOK_EVERY_MS = 500;
/** Written by tools and not by people. */
const IGNORED = /(?:^|[/\\])(?:node_modules|\.git|[^/\\]*(?:~|\.sw[a-z]|\.tmp))(?:[/\\]|$)/;

export type WatcherOptions = {
  paths: readonly string[];
  /** Paths below here are our own output: fixtures, a recording. */
  except: readonly string[];
  restart(why: string): Promise<void>;
  onChange(path: string): void;
  onFault(text: string): void;
  debounceMs?: number;
  /** How long a change waits for a start that is under way (REWATCH-1). */
  patienceMs?: number;
};

export type Watcher = {
  /** The server has ended by itself. @returns after how long it is started again. */
  takeExit(livedMs: number): number;
  close(): void;
};

/** @throws SluiceError `bad_input` for a path that is not there. */
export function openWatcher(options: WatcherOptions): Watcher {
  const { restart, onChange, onFault } = options;
  const { debounceMs = DEBOUNCE_MS, patienceMs = PATIENCE_MS } = options;
  let timer: NodeJS.Timeout | undefined;
  let again: NodeJS.Timeout | undefined;
  let pause = FIRST_PAUSE_MS;
  let running: Promise<void> | undefined;
  let isDue: string | undefined;
  let isClosed = false;
  let burstAt = 0;
  /** What waits is a file of the server's own. */
  let isPaused = false;
  const own = newOwnFiles(onFault);
  let waits: NodeJS.Timeout | undefined;
  const run = (why: string): void => {
    if (isClosed) return;
    clearTimeout(again);
    if (running === undefined) return begin(why);
    // REWATCH-1
    isDue = why;
    waits ??= setTimeout(() => begin(isDue ?? why), patienceMs);
  };
  const begin = (why: string): void => {
    clearTimeout(waits);
    waits = undefined;
    isDue = undefined;
    own.begin();
    const mine = restart(why)
      .catch((thrown: unknown) => onFault(toMessage(thrown)))
      .finally(() => {
        // Another one has taken its place.
        if (running !== mine) return;
        running = undefined;
        own.end();
        if (isDue !== undefined) begin(isDue);
      });
    running = mine;
  };
  const take = (path: string): void => {
    if (isIgnored(path, options.except)) return;
    const pauseMs = own.note(path);
    if (timer !== undefined && pauseMs > 0) return;
    const now = performance.now();
    if (timer === undefined || isPaused) {
      onChange(path);
      burstAt = now;
    }
    isPaused = pauseMs > 0;
    clearTimeout(timer);
    const after = Math.min(debounceMs, Math.max(0, burstAt + LONGEST_BURST_MS - now));
    timer = setTimeout(
      () => {
        timer = undefined;
        if (!isPaused) pause = FIRST_PAUSE_MS; // REWATCH-2
        run(`${path} changed`);
      },
      isPaused ? pauseMs : after,
    );
  };
  const watchers = options.paths.map((path) => openOne(path, take, onFault));
  return {
    takeExit(livedMs) {
      if (livedMs >= LIVED_MS) pause = FIRST_PAUSE_MS;
      const afterMs = pause;
      pause = Math.min(pause * 2, MAX_PAUSE_MS);
      clearTimeout(again);
      again = setTimeout(() => run("it had ended"), afterMs);
      return afterMs;
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
      clearTimeout(again);
      clearTimeout(waits);
      for (const watcher of watchers) watcher.close();
    },
  };
}

function isIgnored(path: string, except: readonly string[]): boolean {
  return (
    IGNORED.test(path) || except.some((one) => path === one || path.startsWith(`${one}${sep}`))
  );
}

/** REWATCH-3 */
function newOwnFiles(onFault: (text: string) => void) {
  /** How many starts in a row each path changed in or soon after, and the last of them. */
  const counts = new Map<string, { times: number; start: number }>();
  let start = 0;
  let isStarting = false;
  let startedAt = Number.NEGATIVE_INFINITY;
  const toPause = (times: number): number =>
    times < SOON_COUNT ? 0 : Math.min(FIRST_PAUSE_MS * 2 ** (times - SOON_COUNT), MAX_PAUSE_MS);
  return {
    begin(): void {
      start += 1;
      isStarting = true;
    },
    end(): void {
      isStarting = false;
      startedAt = performance.now();
    },
    /** How long the next start has to wait for a change of this path; 0 for what a person has changed. */
    note(path: string): number {
      const known = counts.get(path);
      const times = known === undefined || known.start < start - 1 ? 0 : known.times;
      if (!isStarting && performance.now() - startedAt >= SOON_MS) {
        if (toPause(times) === 0) counts.delete(path);
        return toPause(times);
      }
      if (known?.start === start) return toPause(times);
      if (counts.size < MAX_COUNTED || known !== undefined)
        counts.set(path, { times: times + 1, start });
      if (times + 1 === SOON_COUNT)
        onFault(
          `${path} has changed at each of the last ${SOON_COUNT} starts: if the server writes it, keep it out of --watch; what else changes still starts it at once`,
        );
      return toPause(times + 1);
    },
  };
}

/**
 * A file is watched by its folder: editors replace it, and the one that was watched is gone. A folder that is taken away and made anew, as
 * builds do, is watched anew: the system goes on with the one that is gone, and says nothing.
 */
function openOne(
  path: string,
  take: (path: string) => void,
  onFault: (text: string) => void,
): { close(): void } {
  let isFolder: boolean;
  try {
    isFolder = statSync(path).isDirectory();
  } catch {
    throw new SluiceError("bad_input", `--watch ${path}: there is no such file or folder`);
  }
  const folder = isFolder ? path : join(path, "..");
  let watcher: FSWatcher | undefined;
  let known: string | undefined;
  const open = (): void => {
    known = toIdentity(folder);
    watcher = watch(folder, { recursive: isFolder }, (_event, name) => {
      look();
      const changed = name === null ? path : join(folder, name);
      if (isFolder || changed === path) take(changed);
    });
    watcher.on("error", (error) => onFault(`${path} is watched no longer: ${error.message}`));
  };
  const look = (): void => {
    const now = toIdentity(folder);
    if (now === known) return;
    known = now;
    watcher?.close();
    watcher = undefined;
    if (now === undefined) return; // Until it is back.
    try {
      open();
    } catch (thrown) {
      onFault(`${path} is watched no longer: ${toMessage(thrown)}`);
    }
    take(path);
  };
  open();
  const timer = setInterval(look, LOOK_EVERY_MS).unref();
  return {
    close() {
      clearInterval(timer);
      watcher?.close();
    },
  };
}

/** Which folder it is, whatever is in it; undefined where there is none. */
function toIdentity(folder: string): string | undefined {
  const found = statSync(folder, { throwIfNoEntry: false });
  return found === undefined ? undefined : `${found.dev} ${found.ino} ${found.birthtimeMs}`;
}
