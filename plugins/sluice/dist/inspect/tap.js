/**
 * Reads along between client and server: which answer belongs to which question, how long it took, and what no client would understand.
 *
 * Owns: the pairing, the inspector's own questions among the session's, and what a line is. Never: answers anything (the session does).
 *
 * READALONG-1 What is no message never reaches the session, and neither does the answer to a question of the inspector's own.
 */
import { MAX_MESSAGE_DEPTH, toAskedId } from "../host/wire.js";
import { isDeeper, parseObject, toObject } from "../sdk/json.js";
/** Questions of ours, beside the session's numbers. */
const OWN = "inspector-";
export function newTap(now = () => performance.now()) {
    const ofSession = new Map();
    const ofServer = new Map();
    const own = new Map();
    let nextId = 0;
    const took = (questions, id) => {
        const question = questions.get(id);
        questions.delete(id);
        return question === undefined
            ? undefined
            : { method: question.method, tookMs: now() - question.at };
    };
    return {
        takeClient({ id, method, params }) {
            if (typeof method !== "string")
                return took(ofServer, id) ?? {};
            if (id !== undefined)
                ofSession.set(id, { method, at: now() });
            if (method === "notifications/cancelled")
                ofSession.delete(toObject(params)["requestId"]);
            return { method };
        },
        takeServer(line) {
            if (isDeeper(line, MAX_MESSAGE_DEPTH))
                return { kind: "stray", why: DEEP };
            const message = parseObject(line);
            if (message === undefined)
                return { kind: "stray", why: toStrayReason(line) };
            const { id, method } = message;
            const hint = message["jsonrpc"] === "2.0" ? {} : { hint: NO_VERSION };
            if (typeof method === "string") {
                if (id !== undefined)
                    remember(ofServer, id, { method, at: now() });
                return { kind: "message", message, method, ...hint };
            }
            if (id === undefined || !("result" in message || "error" in message))
                return {
                    kind: "stray",
                    why: "it is JSON, but neither a request, a notification nor an answer",
                };
            const mine = typeof id === "string" ? own.get(id) : undefined;
            if (mine !== undefined) {
                mine.settle(toAnswer(message));
                return { kind: "own" };
            }
            const question = took(ofSession, toAskedId(id));
            if (question !== undefined) {
                const isOther = typeof id === "string" ? { hint: toOtherId(id) } : hint;
                return { kind: "message", message, ...question, ...isOther };
            }
            return {
                kind: "message",
                message,
                hint: `an answer with the id ${toShort(id)}, which no open question has: it was answered before, or given up`,
            };
        },
        ask(method) {
            const id = `${OWN}${++nextId}`;
            const at = now();
            const { promise, resolve } = Promise.withResolvers();
            const settle = (answer) => {
                own.delete(id);
                resolve({ ...answer, tookMs: now() - at });
            };
            own.set(id, { method, at, settle });
            return { id, answer: promise };
        },
        listOpen: () => [...ofSession.values(), ...own.values()].map(({ method, at }) => ({ method, sinceAt: at })),
        end(reason) {
            ofSession.clear();
            ofServer.clear();
            for (const { settle } of own.values())
                settle({ kind: "gone", reason });
        },
    };
}
const DEEP = `it is nested more than ${MAX_MESSAGE_DEPTH} deep, which is no message of anybody`;
const NO_VERSION = 'a message without "jsonrpc": "2.0": clients need not take it';
/** A server that asks without end and is never answered. */
const MAX_OF_SERVER = 1_000;
function remember(questions, id, question) {
    if (questions.size >= MAX_OF_SERVER)
        questions.clear();
    questions.set(id, question);
}
function toStrayReason(line) {
    const text = line.trimStart();
    if (text.startsWith("["))
        return "a list: MCP has no batches since 2025-06-18, one message a line";
    if (text.startsWith("{"))
        return "broken JSON: one message is one line, without line ends inside of it";
    return "stdout belongs to the protocol: log to stderr (console.error)";
}
function toOtherId(id) {
    return `an answer with the id ${toShort(id)}, which is text where a number was asked: the MCP SDK takes it, others need not`;
}
function toAnswer(message) {
    if (!("error" in message))
        return { kind: "result", result: toObject(message["result"]) };
    const { code, message: text } = toObject(message["error"]);
    return { kind: "error", code: typeof code === "number" ? code : 0, message: String(text) };
}
function toShort(value) {
    return (JSON.stringify(value) ?? "").slice(0, 80);
}
