/**
 * Requests as senders have sent them, kept beside their rows: `<kind>.samples.json`.
 *
 * Owns: reading them. Never: a secret of anybody; a sample is signed anew with the channel's own.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { toGroup } from "./senders.js";
/** Empty for a kind that has none. */
export function readSamples(kind) {
    const group = toGroup(kind);
    const path = join(import.meta.dirname, "rows", group ?? "", `${kind}.samples.json`);
    if (group === undefined || !existsSync(path))
        return [];
    // Written by us; the tests of the catalogue run each of them.
    return JSON.parse(readFileSync(path, "utf8"));
}
/** What is sent of a sample, before it is signed: with ids of its own, so that it is no duplicate of an earlier one. */
export function toSampleRequest(sample, { uuid, now, idPath }) {
    const { contentType = "application/json", headers = {}, method = "POST", query = "" } = sample;
    const fill = (value) => value.replaceAll("{uuid}", () => uuid()).replaceAll("{ts}", String(Math.floor(now / 1000)));
    const body = isObject(sample.body) ? withOwnId(sample.body, idPath, uuid) : sample.body;
    return {
        body: Buffer.from(toBodyText({ ...sample, body })),
        headers: {
            "content-type": contentType,
            ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, fill(value)])),
        },
        method,
        query: query === "" ? "" : `?${query}`,
    };
}
/** Under another id, and with other bytes, where the sender has no id. */
function withOwnId(body, idPath, uuid) {
    const copy = structuredClone({ ...body, sluice_sample: uuid() });
    // Of an id in parts the last one is enough to make it another; one in a header has its own.
    const places = [idPath ?? []].flat().at(-1)?.split("|") ?? [];
    const keys = places.find((path) => !path.startsWith("$"))?.split(".");
    const last = keys?.pop();
    let here = copy;
    for (const key of keys ?? [])
        here = isObject(here) ? here[key] : undefined;
    if (last !== undefined && isObject(here))
        Object.assign(here, { [last]: uuid() });
    return copy;
}
function isObject(value) {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
export function toBodyText({ body }) {
    return typeof body === "string" ? body : JSON.stringify(body);
}
