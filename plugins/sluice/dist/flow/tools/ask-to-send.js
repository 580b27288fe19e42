/**
 * Asks a person whether files that look like secrets may leave.
 *
 * Owns: the question, as a prompt like any other, and what its answer means. Never: sends; looks into a file (secret-file.ts).
 *
 * ASKSEND-1 Without a person's word such a file does not leave: no answer, a denial, and a run with nobody at it are refusals.
 * ASKSEND-2 The word is for these bytes, under these names, into this conversation, once. A denial stands for the same call.
 */
import { createHash } from "node:crypto";
import { SEND_FILES_TOOL } from "../../sdk/own-tool.js";
import { findAsk, findPrompt, setAskState } from "../../store/prompts/prompts.js";
/** Undefined where a person has allowed it; else what the session is told. */
export async function askToSend({ db, prompts, waitMs }, attachment, question) {
    const input = toInput(question);
    const { session } = attachment;
    const key = findKey(db, toDigest([session, input]));
    await prompts.ask(attachment, {
        key,
        session,
        tool: SEND_FILES_TOOL,
        input,
        cwd: attachment.client.cwd,
        agentId: "",
    });
    const answer = await prompts.wait(key, waitMs);
    const what = `${toList(question.files)}: nothing was sent`;
    switch (answer.kind) {
        case "allow":
            return (await useUp(db, key)) ? undefined : `${what}; another call has used the permission.`;
        case "deny":
            return `${what}. ${answer.message}`;
        case "pending":
            return `${what}. A person is asked on the page (sluice open) and in approvers' chats; tell your user, and when they have allowed it, make the same call again.`;
        case "none":
        case "answers":
            return `${what}: nobody has allowed it. Ask your user; the same call asks again, where a person is at the session.`;
        default:
            return answer;
    }
}
/** ASKSEND-2. The word that was given is used by one call. */
function useUp(db, key) {
    return db.write(() => {
        if (findAsk(db, key)?.state !== "waiting")
            return false;
        setAskState(db, key, "left");
        return true;
    });
}
/** The key under which the same question waits or was denied; a new one where the last is used up or over. */
function findKey(db, digest) {
    for (let n = 1;; n++) {
        const key = `send ${digest} ${n}`;
        const ask = findAsk(db, key);
        if (ask === undefined)
            return key;
        const prompt = findPrompt(db, ask.prompt)?.prompt;
        const isOpen = prompt?.state === "pending" || prompt?.state === "answered";
        if (ask.state === "waiting" && isOpen)
            return key;
    }
}
/** What people read, and what the digest of the prompt covers. */
function toInput({ channel, chatId, files }) {
    const shown = files.map(({ path, bytes, digest, signs, isCut }, index) => {
        const why = signs.length === 0 ? "nothing was found in what was looked at" : signs.join("; ");
        const part = isCut ? "; only its first 4 MiB were looked at" : "";
        return [`file_${index + 1}`, `${path} (${bytes} bytes, SHA-256 ${digest}): ${why}${part}`];
    });
    return {
        to: chatId === null ? channel : `${channel}, chat ${chatId}`,
        ...Object.fromEntries(shown),
    };
}
function toList(files) {
    return files
        .map(({ path, signs }) => `file ${JSON.stringify(path)} looks like a secret (${signs.join("; ")})`)
        .join(", ");
}
function toDigest(value) {
    return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 32);
}
