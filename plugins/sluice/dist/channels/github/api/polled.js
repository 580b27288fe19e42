import { at, countAt, idAt, listAt, textAt, timeAt, toObject } from "../../../sdk/json.js";
import { readContext } from "../context.js";
import { isIgnored } from "../ignore.js";
import { toArrival } from "../receive.js";
import { toHome } from "./repository.js";
/** Undefined for what is no event. */
export function toPolledEvent(value) {
    const [id, type, time] = [idAt(value, "id"), textAt(value, "type"), timeAt(value, "created_at")];
    // `PullRequestReviewEvent`: of any name, for GitHub may add one.
    if (id === undefined || time === undefined || !/^[A-Z][A-Za-z]{1,60}Event$/.test(type ?? ""))
        return undefined;
    const event = (type ?? "")
        .slice(0, -"Event".length)
        .replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter}`)
        .toLowerCase();
    const payload = toObject(at(value, "payload"));
    return {
        id: `event:${id}`,
        event,
        payload: toHookPayload(event, payload),
        at: time,
        actor: toObject(at(value, "actor")),
        organization: at(value, "org"),
    };
}
/** An attempt of a run that has ended; undefined for one that goes on. */
export function toRunEvent(run) {
    const [id, time] = [idAt(run, "id"), timeAt(run, "updated_at")];
    if (id === undefined || time === undefined || at(run, "status") !== "completed")
        return undefined;
    const attempt = countAt(run, "run_attempt") ?? 1;
    const actor = at(run, "triggering_actor") ?? at(run, "actor");
    return {
        id: `run:${id}.${attempt}`,
        event: "workflow_run",
        payload: { action: "completed", workflow_run: run },
        at: time,
        actor: toObject(actor),
        organization: undefined,
    };
}
const ZERO = /^0+$/;
/** What the API calls otherwise than webhooks do. */
const ACTIONS = {
    pull_request_review: { created: "submitted", updated: "edited" },
    pull_request: { merged: "closed" },
};
/** The action of those that the API gives none. */
const USUAL = { commit_comment: "created" };
function toHookPayload(event, payload) {
    const { action, ...rest } = payload;
    const word = typeof action === "string" ? action : USUAL[event];
    const named = word === undefined ? {} : { action: toAction(event, word) };
    if (event === "push")
        return { ...toPush(rest), ...named };
    if (event === "pull_request" && action === "merged")
        return { ...rest, ...named, pull_request: { ...toObject(rest["pull_request"]), merged: true } };
    return { ...rest, ...named };
}
function toAction(event, action) {
    const words = Object.hasOwn(ACTIONS, event) ? ACTIONS[event] : undefined;
    return ((words !== undefined && Object.hasOwn(words, action) ? words[action] : undefined) ?? action);
}
function toPush(payload) {
    const { head, before, commits, size, ...rest } = payload;
    const isNew = typeof before === "string" && ZERO.test(before);
    return {
        ...rest,
        before,
        after: head,
        ...(isNew && { created: true }),
        // POLLED-1. `size` counts those that are not listed too.
        ...(Array.isArray(commits) && {
            commits: listAt(payload, "commits").map((one) => ({
                ...toObject(one),
                id: at(one, "sha") ?? at(one, "id"),
            })),
            ...(typeof size === "number" && { size }),
        }),
    };
}
export function toPolledArrival({ id, event, payload, at: time, actor, organization }, around) {
    const { channel, repository, ignoreSenders } = around;
    const { isPrivate: _, ...facts } = repository;
    const home = toHome(repository);
    const whole = {
        ...withPages(event, payload, home),
        repository: facts,
        sender: toSender(actor, home),
        ...(organization === undefined ? {} : { organization }),
    };
    const context = readContext(event, whole);
    if (isIgnored(context, ignoreSenders, textAt(whole, "sender.login")))
        return undefined;
    const arrival = toArrival({ channel, verified: "github-api", deliveryId: id }, whole, context);
    return { ...arrival, occurredAt: arrival.occurredAt ?? time };
}
function toSender(actor, home) {
    const { id, login } = actor;
    const isPage = typeof login === "string" && home !== undefined;
    return {
        id,
        login,
        ...(isPage && { html_url: `${new URL(home).origin}/${encodeURIComponent(login)}` }),
    };
}
/** Links that the API leaves out. */
function withPages(event, payload, home) {
    if (home === undefined)
        return payload;
    if (event === "push") {
        const [before, after] = [textAt(payload, "before"), textAt(payload, "after")];
        const isRange = [before, after].every((sha) => /^(?=.*[1-9a-f])[0-9a-f]{7,64}$/.test(sha ?? ""));
        const compare = isRange ? `${home}/compare/${before}...${after}` : undefined;
        return compare === undefined || "compare" in payload ? payload : { ...payload, compare };
    }
    const number = countAt(payload, "pull_request.number");
    if (number === undefined || textAt(payload, "pull_request.html_url") !== undefined)
        return payload;
    const pull = { ...toObject(payload["pull_request"]), html_url: `${home}/pull/${number}` };
    return { ...payload, pull_request: pull };
}
