/**
 * What has become of a message, as the thread's own history tells: the only witness that outlives the hub, the app-server and the terminal.
 *
 * Owns: reading it. Never: decides what follows.
 */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { listAt, parseObject, textAt } from "../../sdk/json.js";
import { toClientIds, toTurn } from "./words.js";
const PAGE = 20;
const PAGES_MAX = 10;
/** Looks back from the newest turn, until all are found or there is no more. @throws what the call throws. */
export async function readHistory(server, threadId, wanted) {
    const found = new Map();
    let last;
    let cursor;
    for (let page = 0; page < PAGES_MAX; page++) {
        const answer = await server.call("thread/turns/list", {
            threadId,
            limit: PAGE,
            sortDirection: "desc",
            itemsView: "full",
            ...(cursor === undefined ? {} : { cursor }),
        });
        for (const turn of listAt(answer, "data")) {
            const facts = toTurn(turn);
            if (facts === undefined)
                continue;
            last ??= facts;
            for (const id of toClientIds(turn))
                if (wanted.includes(id) && !found.has(id))
                    found.set(id, facts);
        }
        cursor = textAt(answer, "nextCursor");
        if (cursor === undefined || found.size >= new Set(wanted).size)
            break;
    }
    return { last, found };
}
/** How the file writes the end of a turn. */
const ENDS = {
    task_complete: "completed",
    turn_complete: "completed",
    turn_aborted: "interrupted",
    error: "failed",
};
/** The same of a thread that no app-server has: from its file. A turn without an end is in progress. @throws where it cannot be read. */
export async function readRollout(path, wanted) {
    const turns = new Map();
    const holders = new Map();
    let last;
    for await (const line of createInterface({ input: createReadStream(path, "utf8") })) {
        // Most lines are of other kinds, and long.
        if (!line.includes('"event_msg"'))
            continue;
        const payload = parseObject(line)?.["payload"];
        const type = textAt(payload, "type") ?? "";
        const turn = textAt(payload, "turn_id") ?? last;
        if (type === "task_started" || type === "turn_started")
            last = turn;
        if (turn === undefined)
            continue;
        const end = ENDS[type];
        // What ended otherwise has ended: an error may come before.
        turns.set(turn, end ?? turns.get(turn) ?? "inProgress");
        const id = textAt(payload, "item.client_id") ?? textAt(payload, "client_id");
        if (id !== undefined && wanted.includes(id))
            holders.set(id, turn);
    }
    const toFacts = (id) => ({ id, status: turns.get(id) ?? "inProgress" });
    return {
        last: last === undefined ? undefined : toFacts(last),
        found: new Map([...holders].map(([id, turn]) => [id, toFacts(turn)])),
    };
}
