/**
 * A channel's file in a reference session: run alone, as a client spawns it, in a home of its own that goes with it.
 *
 * Owns: that process, its folder and its address. Never: knows a channel.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { openSession } from "../host/session.js";
import { readChannelTexts } from "./golden.js";
/** The same place in `src` and in `dist`. */
const CLI = join(import.meta.dirname, "../../bin/sluice.js");
const PATIENCE_MS = 60_000;
/** Runs `sluice serve <path>`, a file or a folder with one, in a reference session. @throws SluiceError `unsupported` where it does not start. */
export async function openChannel(path, { env = {}, ...options } = {}) {
    const home = mkdtempSync(join(tmpdir(), "sluice-channel-"));
    const forget = () => rmSync(home, { recursive: true, force: true, maxRetries: 3 });
    let session;
    try {
        session = await openSession({
            ...options,
            command: process.execPath,
            args: [CLI, "serve", resolve(path)],
            env: {
                PATH: process.env["PATH"] ?? "",
                HOME: home,
                SLUICE_HOME: join(home, "sluice"),
                // Any that is free: several tests run side by side.
                SLUICE_PORT: "0",
                ...env,
            },
        });
    }
    catch (thrown) {
        forget();
        throw thrown;
    }
    const close = async () => {
        await session.close();
        forget();
    };
    const until = async (look, timeoutMs = PATIENCE_MS) => {
        const end = Date.now() + timeoutMs;
        for (let found = look();; found = look()) {
            if (found !== undefined)
                return found;
            if (Date.now() > end)
                throw new Error(`it did not come about. ${session.stderr}`);
            await new Promise((done) => setTimeout(done, 10));
        }
    };
    return {
        session,
        async url(at, timeoutMs) {
            const find = () => /http:\/\/127\.0\.0\.1:\d+(?=\/(?:in|out)\/)/.exec(session.stderr)?.[0];
            return `${await until(find, timeoutMs)}${at}`;
        },
        async reads(count = 1) {
            for (let turns = 1;; turns++) {
                const texts = await readChannelTexts(session, turns, PATIENCE_MS);
                const found = texts.flatMap((text) => text.match(/<channel [\s\S]*?<\/channel>/g) ?? []);
                if (found.length >= count)
                    return found;
                // Several events may come as one turn, and one turn may hold none.
                turns = Math.max(turns, texts.length);
            }
        },
        until,
        close,
        [Symbol.asyncDispose]: close,
    };
}
