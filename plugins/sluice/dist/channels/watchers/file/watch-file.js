/**
 * Files that change, or lines that are added to them.
 *
 * Owns: what changed between two looks, and when something is looked at. Never: which files (patterns.ts), or their lines (tail.ts).
 *
 * FILE-1 The system's word that something changed only makes us look: what is told is the difference between two looks. What happened
 *    while no hub ran is in it, and a word that never comes costs a minute.
 */
import { watch as openWatch } from "../../../vendor/chokidar.js";
import { toMessage } from "../../../sdk/errors.js";
import { toNameField } from "../../../sdk/field.js";
import { at, toObject } from "../../../sdk/json.js";
import { openWatcher } from "../../../sdk/inward/watcher.js";
import { parseLength, requireSetting, toBase } from "../settings.js";
import { findFiles, parsePatterns } from "./patterns.js";
import { toTailWatcher } from "./watch-lines.js";
const LOOK_EVERY_MS = 50_000;
const USUAL_DEBOUNCE_MS = 1_000;
/** A file that is written without a pause is told of all the same. */
const LONGEST_DEBOUNCES = 10;
const MAX_FILES = 2_000;
const SHOWN = 20;
export function openFile(context) {
    return openWatcher(context, toFileWatcher(context));
}
export function toFileWatcher(context) {
    const { settings } = context;
    const patterns = parsePatterns(requireSetting(context, "path"), settings["ignore"]);
    const listen = (wake) => listenTo(context, patterns, wake);
    return settings["tail"] === "on"
        ? { ...toTailWatcher(context, patterns), everyMs: LOOK_EVERY_MS, listen }
        : { ...toChangeWatcher(context, patterns), everyMs: LOOK_EVERY_MS, listen };
}
function toChangeWatcher(context, patterns) {
    return {
        parse: parseState,
        async look(given) {
            // What `parse` has made of it.
            const before = given;
            const found = await findFiles(patterns, MAX_FILES);
            const state = { files: Object.fromEntries(found.map((one) => [one.path, toStamp(one)])) };
            const changes = before === undefined ? [] : toChanges(before, state);
            const arrivals = changes.length === 0 ? [] : [toArrival(context, changes, found)];
            return { state, arrivals };
        },
    };
}
function toStamp({ stats }) {
    return `${stats.size} ${stats.mtimeMs}`;
}
function toChanges(before, now) {
    const known = new Map(Object.entries(before.files));
    const current = new Map(Object.entries(now.files));
    const fresh = [...current].flatMap(([path, stamp]) => {
        const earlier = known.get(path);
        if (earlier === stamp)
            return [];
        return [{ path, change: earlier === undefined ? "added" : "changed" }];
    });
    const gone = [...known.keys()].filter((path) => !current.has(path));
    return [...fresh, ...gone.map((path) => ({ path, change: "removed" }))];
}
function toArrival(context, changes, found) {
    const sizes = new Map(found.map(({ path, stats }) => [path, stats.size]));
    const toWords = ({ path, change }) => {
        const size = sizes.get(path);
        return `${toNameField(path, 250)} ${change}${size === undefined ? "" : ` (${size} bytes)`}`;
    };
    const [first] = changes;
    const isOne = first !== undefined && changes.length === 1;
    const lines = changes.slice(0, SHOWN).map(toWords);
    const more = changes.length - lines.length;
    return {
        ...toBase(context, "local"),
        kind: isOne ? `file.${first.change}` : "file.changed",
        text: isOne
            ? toWords(first)
            : [
                `${changes.length} files changed`,
                ...lines,
                ...(more > 0 ? [`(and ${more} more)`] : []),
            ].join("\n"),
        quotes: [],
        meta: isOne ? { path: toNameField(first.path, 250) } : { count_files: String(changes.length) },
        entity: isOne ? toNameField(first.path, 250) : context.name,
        occurredAt: context.clock.now(),
    };
}
function parseState(state) {
    if (typeof at(state, "files") !== "object")
        return undefined;
    const entries = Object.entries(toObject(at(state, "files")));
    return {
        files: Object.fromEntries(entries.filter((entry) => typeof entry[1] === "string")),
    };
}
/** FILE-1: once nothing more has changed for a moment. */
async function listenTo(context, patterns, wake) {
    const { clock, log, name, settings } = context;
    const debounceMs = parseLength(settings["debounce"]) ?? USUAL_DEBOUNCE_MS;
    let cancel = () => undefined;
    let firstAt;
    const changed = () => {
        firstAt ??= clock.now();
        const left = firstAt + LONGEST_DEBOUNCES * debounceMs - clock.now();
        cancel();
        cancel = clock.after(Math.max(0, Math.min(debounceMs, left)), () => {
            firstAt = undefined;
            wake();
        });
    };
    const watcher = openWatch([...patterns.bases], {
        ignoreInitial: true,
        followSymlinks: false,
        ignorePermissionErrors: true,
        ignored: (path) => patterns.isIgnored(path),
    });
    watcher.on("all", (_event, path) => {
        if (patterns.isWanted(path))
            changed();
    });
    watcher.on("error", (thrown) => {
        // Out of watches, most likely (fs.inotify.max_user_watches): it looks by the clock then.
        log.warn({ channel: name, error: toMessage(thrown) }, "the system tells not every change");
    });
    // What changed between the first look and this moment.
    watcher.once("ready", changed);
    return async () => {
        cancel();
        await watcher.close();
    };
}
