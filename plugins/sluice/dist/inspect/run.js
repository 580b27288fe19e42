/**
 * The inspector from its start to its end, put together.
 *
 * Owns: which parts there are, their order, and when the whole ends. Never: what one of them shows.
 */
import { appendFileSync, closeSync, openSync } from "node:fs";
import { resolve } from "node:path";
import { readEntries } from "../host/launch.js";
import { DEVELOPMENT_FLAG } from "../sdk/channel-flag.js";
import { hasTerminal } from "../local/hangup.js";
import { SluiceError, toMessage } from "../sdk/errors.js";
import { openConsole } from "./console.js";
import { Inspector } from "./inspector.js";
import { toTallyText } from "./lines.js";
import { openWatcher } from "./watch.js";
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];
/** Runs until a person ends it, or the server has ended and nothing would start it again. */
export async function runDev(options) {
    const inspector = new Inspector(options);
    const { promise: ended, resolve: end } = Promise.withResolvers();
    const closers = [];
    const kill = () => inspector.kill();
    process.once("exit", kill);
    closers.push(() => process.off("exit", kill));
    for (const signal of SIGNALS) {
        if (signal === "SIGHUP" && !hasTerminal())
            continue;
        const take = () => end({ code: 0, signal });
        process.once(signal, take);
        closers.push(() => process.off(signal, take));
    }
    closers.push(() => inspector.close());
    try {
        const isLasting = options.watch.length > 0 || options.isTerminal;
        show(options, inspector, () => end({ code: 0 }), closers);
        if (options.record !== undefined)
            closers.push(record(options.record, inspector));
        const watcher = watch(options, inspector, closers);
        if (watcher !== undefined)
            inspector.planRestart = (livedMs) => watcher.takeExit(livedMs);
        inspector.observe(({ kind }) => {
            // Nobody is there to start it again.
            if (kind === "exit" && !isLasting)
                end({ code: 1 });
        });
        if (options.page !== undefined) {
            const { openPage } = await import("./page.js");
            const page = await openPage({
                inspector,
                port: options.page.port,
                fixtures: options.fixtures,
            });
            closers.push(() => page.close());
            inspector.tell({ kind: "page", url: page.url });
        }
        // It may take for ever, and the end is not to wait for it.
        inspector.start().then((isSettled) => {
            if (isSettled)
                explainStart(inspector);
        }, (thrown) => {
            options.printNote(`sluice: ${toMessage(thrown)}`);
            end({ code: 1 });
        });
        return await ended;
    }
    finally {
        for (let close = closers.pop(); close !== undefined; close = closers.pop())
            await close();
        for (const text of await inspector.listLeft())
            options.printNote(`sluice: ${text}`);
        const text = toTallyText(inspector.tally);
        if (options.isJson)
            options.printJson({ kind: "end", tally: inspector.tally });
        else
            options.printLine(`ended; ${text}`);
    }
}
/** What stands in the way is said at once; a list of yes only where it is asked for. */
function explainStart(inspector) {
    if (!inspector.isRunning)
        return;
    const checks = inspector.why();
    inspector.tell({ kind: "why", checks });
}
function show(options, inspector, onQuit, closers) {
    if (options.isJson) {
        inspector.observe((happening) => options.printJson(happening));
    }
    const screen = openConsole({
        ...options,
        inspector,
        input: process.stdin,
        terminal: process.stdout,
        // Of what was typed wrongly, in a script.
        printLine: options.isJson
            ? (text) => options.printNote(`sluice: ${text.trim()}`)
            : options.printLine,
        onQuit,
    });
    if (!options.isJson)
        inspector.observe((happening) => screen.show(happening));
    closers.push(() => screen.close());
}
/** Synchronous: the last line before a crash is the one that is wanted. */
function record(path, inspector) {
    let file;
    try {
        file = openSync(path, "wx", 0o600);
    }
    catch (thrown) {
        throw new SluiceError("bad_input", `--record ${path}: ${toMessage(thrown)}; give a file that is not there yet`);
    }
    const stop = inspector.observe((happening) => {
        if (happening.kind === "page")
            return; // INSPECTPAGE-2: its link is the right to ask.
        try {
            appendFileSync(file, `${JSON.stringify(happening)}\n`);
        }
        catch (thrown) {
            stop();
            const text = `--record ${path}: ${toMessage(thrown)}; nothing more is recorded`;
            inspector.tell({ kind: "notice", text });
        }
    });
    return () => {
        stop();
        closeSync(file);
    };
}
function watch({ watch: paths, fixtures, record: recording }, inspector, closers) {
    if (paths.length === 0)
        return undefined;
    const watcher = openWatcher({
        paths,
        except: [fixtures, ...(recording === undefined ? [] : [recording])].map((path) => resolve(path)),
        restart: (why) => inspector.restart(why),
        onChange: (path) => inspector.tell({ kind: "changed", path }),
        onFault: (text) => inspector.tell({ kind: "notice", text }),
    });
    closers.push(() => watcher.close());
    return watcher;
}
const PROVIDERS = ["anthropic", "bedrock", "vertex", "foundry"];
const ACCOUNTS = ["personal", "team", "enterprise", "console", "none"];
/** The client as the command line describes it. @throws SluiceError `bad_input`. */
export function readClientFacts(name, words) {
    const { flags, version, provider, account, policy, allowed, isOffered } = words;
    const argv = flags === undefined ? toDefaultFlags(name) : flags.split(/\s+/).filter((word) => word !== "");
    readEntries(argv);
    if (version !== undefined && !/^\d+\.\d+\.\d+$/.test(version))
        throw new SluiceError("bad_input", `--client-version ${version} is no version like 2.1.332`);
    if (policy !== undefined && policy !== "on" && policy !== "off")
        throw new SluiceError("bad_input", `--policy ${policy} is neither on nor off`);
    const settings = {
        ...(policy === undefined ? {} : { channelsEnabled: policy === "on" }),
        ...(allowed === undefined ? {} : { allowedChannelPlugins: readTags(allowed) }),
    };
    return {
        argv,
        isOffered,
        ...(version === undefined ? {} : { version }),
        ...(provider === undefined ? {} : { provider: readOne("--provider", provider, PROVIDERS) }),
        ...(account === undefined ? {} : { account: readOne("--account", account, ACCOUNTS) }),
        ...(Object.keys(settings).length === 0 ? {} : { settings }),
    };
}
function toDefaultFlags(name) {
    const plugin = /^plugin:([^:]+):/.exec(name)?.[1];
    return [DEVELOPMENT_FLAG, plugin === undefined ? `server:${name}` : `plugin:${plugin}@inline`];
}
/** `a@market,b@market`. Empty: an empty list, which lets no plugin through. */
function readTags(text) {
    return text
        .split(",")
        .filter((one) => one.trim() !== "")
        .map((one) => {
        const [plugin = "", marketplace = "", ...more] = one.trim().split("@");
        if (plugin === "" || marketplace === "" || more.length > 0)
            throw new SluiceError("bad_input", `--allowed: ${one} is not NAME@MARKETPLACE`);
        return { plugin, marketplace };
    });
}
function readOne(flag, value, known) {
    const found = known.find((one) => one === value);
    if (found === undefined)
        throw new SluiceError("bad_input", `${flag} ${value} is not one of ${known.join(", ")}`);
    return found;
}
/** The last word of a command that names a file of code; else its program. */
export function toServerName(words) {
    const file = words.findLast((word, at) => at > 0 && /\.(?:[cm]?[jt]sx?|py|rb|sh|go|exe|jar)$/i.test(word));
    const name = (file ?? words[0] ?? "").replace(/\.[a-z]+$/i, "").replaceAll(/[^\w-]/g, "-");
    return name === "" ? "server" : name;
}
