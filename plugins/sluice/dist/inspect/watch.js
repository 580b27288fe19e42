/**
 * Starts a server anew when its files change, and when it dies.
 *
 * Owns: when. Never: how (inspector.ts).
 *
 * REWATCH-1 One restart for a burst of changes, and never two at once: what changes meanwhile starts one more, afterwards.
 * REWATCH-2 A server that keeps dying is started less and less often, until a file changes.
 */
import { statSync, watch } from "node:fs";
import { join, sep } from "node:path";
import { SluiceError, toMessage } from "../sdk/errors.js";
const DEBOUNCE_MS = 150;
const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = 30_000;
/** One that lived this long did not fail at its start. */
const LIVED_MS = 10_000;
/** Written by tools and not by people. */
const IGNORED = /(?:^|[/\\])(?:node_modules|\.git|[^/\\]*(?:~|\.sw[a-z]|\.tmp))(?:[/\\]|$)/;
/** @throws SluiceError `bad_input` for a path that is not there. */
export function openWatcher(options) {
    const { restart, onChange, onFault, debounceMs = DEBOUNCE_MS } = options;
    let timer;
    let again;
    let pause = FIRST_PAUSE_MS;
    let running;
    let isDue;
    let isClosed = false;
    const run = (why) => {
        if (isClosed)
            return;
        clearTimeout(again);
        // REWATCH-1
        if (running !== undefined) {
            isDue = why;
            return;
        }
        running = restart(why)
            .catch((thrown) => onFault(toMessage(thrown)))
            .finally(() => {
            running = undefined;
            const next = isDue;
            isDue = undefined;
            if (next !== undefined)
                run(next);
        });
    };
    const take = (path) => {
        if (IGNORED.test(path) ||
            options.except.some((one) => path === one || path.startsWith(one + sep)))
            return;
        if (timer === undefined)
            onChange(path);
        clearTimeout(timer);
        timer = setTimeout(() => {
            timer = undefined;
            pause = FIRST_PAUSE_MS; // REWATCH-2
            run(`${path} changed`);
        }, debounceMs);
    };
    const watchers = options.paths.map((path) => openOne(path, take, onFault));
    return {
        takeExit(livedMs) {
            if (livedMs >= LIVED_MS)
                pause = FIRST_PAUSE_MS;
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
            for (const watcher of watchers)
                watcher.close();
        },
    };
}
/** A file is watched by its folder: editors replace it, and the one that was watched is gone. */
function openOne(path, take, onFault) {
    let isFolder;
    try {
        isFolder = statSync(path).isDirectory();
    }
    catch {
        throw new SluiceError("bad_input", `--watch ${path}: there is no such file or folder`);
    }
    const folder = isFolder ? path : join(path, "..");
    const watcher = watch(folder, { recursive: isFolder }, (_event, name) => {
        const changed = name === null ? path : join(folder, name);
        if (isFolder || changed === path)
            take(changed);
    });
    watcher.on("error", (error) => onFault(`${path} is watched no longer: ${error.message}`));
    return watcher;
}
