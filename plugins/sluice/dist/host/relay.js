/**
 * The host's half of the permission relay: `claude/channel/permission`.
 *
 * Owns: request ids, what a server is shown, which verdict belongs to which request. Never: decides; asks a server that has not
 * announced it, or that is no channel of this session.
 *
 * By the documentation: five letters a-z without l, compared without case; a verdict for an id that is not open is dropped; each field has
 * up to 3,500 code points. https://code.claude.com/docs/en/channels-reference#relay-permission-prompts
 */
import { randomInt } from "node:crypto";
export const RELAY_CAPABILITY = "claude/channel/permission";
export const RELAY_VERDICT = "notifications/claude/channel/permission";
const RELAY_REQUEST = "notifications/claude/channel/permission_request";
const LETTERS = "abcdefghijkmnopqrstuvwxyz";
const FIELD_MAX_POINTS = 3_500;
/** `listHeard`: the servers that prompts are relayed to, at this moment. All of them are asked, under one id. */
export function newRelay(notebook, listHeard) {
    const open = new Map();
    return {
        ask(toolName, input, signal) {
            const heard = listHeard();
            if (heard.length === 0)
                return Promise.resolve(undefined);
            const requestId = newId(open);
            const request = {
                request_id: requestId,
                tool_name: toCut(toolName),
                description: toCut(String(input["description"] ?? input["command"] ?? `Use ${toolName}`)),
                input_preview: toCut(JSON.stringify(input)),
            };
            for (const wire of heard)
                wire.notify(RELAY_REQUEST, request);
            notebook.write({ kind: "relayed", at: Date.now(), requestId, name: toolName });
            return new Promise((resolve) => {
                open.set(requestId, resolve);
                // Nobody is told: a server learns of a local answer by other signs, or not at all.
                signal.addEventListener("abort", () => open.delete(requestId), { once: true });
            });
        },
        take({ request_id: requestId, behavior }, isHeard) {
            const id = typeof requestId === "string" ? requestId.toLowerCase() : "";
            const settle = isHeard ? open.get(id) : undefined;
            const isVerdict = behavior === "allow" || behavior === "deny";
            notebook.write({
                kind: "verdict",
                at: Date.now(),
                requestId: String(requestId),
                behavior: String(behavior),
                counted: settle !== undefined && isVerdict,
            });
            if (settle === undefined || !isVerdict)
                return;
            open.delete(id);
            settle(behavior);
        },
    };
}
function newId(open) {
    let id = "";
    do {
        id = Array.from({ length: 5 }, () => LETTERS[randomInt(LETTERS.length)]).join("");
    } while (open.has(id));
    return id;
}
function toCut(text) {
    const points = [...text];
    return points.length <= FIELD_MAX_POINTS
        ? text
        : `${points.slice(0, FIELD_MAX_POINTS - 1).join("")}…`;
}
