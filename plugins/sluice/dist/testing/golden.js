/**
 * Golden texts: what a model reads, kept in a file and compared letter for letter.
 *
 * Owns: the comparison, and writing the file anew where its author says so. Never: decides what is right.
 */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
/**
 * Compares a text with the file at `path`, or writes that file where the variable UPDATE_GOLDEN is 1.
 * @throws AssertionError where they differ, and where there is no such file.
 */
export function checkGolden(path, text, isUpdate = process.env["UPDATE_GOLDEN"] === "1") {
    // An editor puts a line end at the end of a file; the text has none.
    const kept = `${text}\n`;
    if (isUpdate) {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, kept);
        return;
    }
    assert.ok(existsSync(path), `${path} does not exist; run again with UPDATE_GOLDEN=1 to make it`);
    assert.equal(kept, readFileSync(path, "utf8").replaceAll("\r\n", "\n"), `the text differs from ${path}; if the new one is right, run again with UPDATE_GOLDEN=1`);
}
/** The texts of channels that the session's model has read, once there are `count`. @throws Error after `timeoutMs`. */
export async function readChannelTexts(session, count = 1, timeoutMs = 60_000) {
    const list = () => session.reads.filter(({ how }) => how === "channel").map(({ text }) => text);
    try {
        if (list().length < count)
            await session.until(() => list().length >= count, timeoutMs);
    }
    catch (thrown) {
        // Why nothing came stands there, and nowhere else.
        const said = session.stderr.trim().slice(-4_000) || "nothing";
        throw new Error(`the model has read ${list().length} texts of channels, not ${count}; the servers wrote to standard error: ${said}`, { cause: thrown });
    }
    return list();
}
