/**
 * A payload that no row knows, as lines `path: value` by their worth to a reader.
 *
 * Owns: which values are told, in which order, and how long each may be; the one link that leads to the thing. Pure. Never: marks or caps a
 * quote (flow/text/shape.ts).
 *
 * RANKED-1 Title, message, state and severity come first, other links last. What is empty, a picture, an opaque id or a credential is
 *    left out.
 * RANKED-2 No more than `MAX_VALUES` values are looked at, and no more than `MAX_LINES` are told, whatever was sent.
 */
import { parseJson, toStorableText } from "../sdk/json.js";
import { toLink } from "./fields.js";
import { isCredentialName, REDACTED, redactText } from "./redact.js";
const MAX_VALUES = 2_000;
const MAX_LINES = 60;
const MAX_DEPTH = 12;
/** Of a list of objects, so many are told. */
const MAX_ENTRIES = 3;
const MAX_SCALARS = 8;
/** Of one value: of what somebody wrote, and of any other. */
const MAX_SPOKEN_CHARS = 300;
const MAX_VALUE_CHARS = 140;
/** Of a text that might be JSON. */
const MAX_NESTED_CHARS = 256 * 1024;
/** Beyond this a value is not looked through. */
const MAX_READ_CHARS = 4_096;
/** Best first. A key is compared without case, `_` and `-`. */
const WORTH = new Map([
    "title subject headline summary alertname alerttitle alertname issuetitle",
    "message msg text body content description reason error errormessage detail details comment",
    "status state conclusion result outcome severity level priority urgency eventtype event action type kind alerttype newstate newstatus currentstate",
    "name displayname fullname label identifier shortid key number",
    "service project repository repo environment env host hostname instance app application cluster namespace region component monitor monitorname job workflow pipeline branch ref tag release function",
    "user username login author actor sender email creator assignee owner commit sha revision duration value metric threshold count",
    // Others stand here: UNKNOWN_WORTH.
    "",
    "time timestamp ts date createdat updatedat startedat startsat endsat occurredat version schemaversion apiversion",
].flatMap((words, rank) => words.split(" ").map((word) => [word, rank])));
const UNKNOWN_WORTH = 6;
const LINK_WORTH = 20;
const NOTHING_WEIGHT = 4;
const SPOKEN_WORTH = 1.5;
/** Pictures, and addresses for programs. */
const DULL_KEY = /(?:avatar|gravatar|icon|image|picture|photo|thumbnail|logo|favicon)s?(?:_?(?:url|uri|src|link|href|id|hash|\d+x\d+))*$|^(?:self|node_id|_links|etag|nonce|signature|webhook_?id|hook_?id|cursor)$|(?:^|_)(?:color|colour|bgcolor|hash|checksum|digest|fingerprint|graphql_id|gid)$/i;
const ID_KEY = /(?:^|[_-])(?:id|ids|uuid|guid|urn|arn_id)$|[a-z](?:Id|Ids|ID|UUID|Uuid|Guid)$|^(?:id|uuid|guid)$/;
/** Nobody reads these, whatever stands in front of them. */
const OPAQUE = /^(?:[{(]?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}[)}]?|[0-9a-f]{16,}|\d{7,}|[A-Za-z]{1,8}[_-][A-Za-z0-9]{10,}|(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9+/_=-]{20,})$/i;
const COMMIT_KEY = /sha|commit|revision|head|before|after/i;
/** The page of the thing itself, best first. */
const PAGE_KEYS = [
    "htmlurl",
    "weburl",
    "permalink",
    "alerturl",
    "incidenturl",
    "url",
    "link",
    "href",
    "targeturl",
    "detailsurl",
    "buildurl",
    "externalurl",
];
/** `skip` is a path that is told elsewhere, `known` are words that are. */
export function rank(payload, { skip, known = [] } = {}) {
    const walk = new Walk(skip);
    walk.visit(payload, "", "", 0);
    const links = walk.leaves.filter(({ isUrl }) => isUrl);
    const page = toPage(links);
    const others = walk.leaves.filter(({ isUrl }) => !isUrl);
    const sorted = [...others, ...links.filter((leaf) => leaf !== page?.leaf)].toSorted((a, b) => a.weight - b.weight || a.order - b.order);
    // Under which key the page stands, no line says.
    let isWhole = walk.isWhole && page === undefined;
    const seen = new Set([...known, ...(page === undefined ? [] : [page.leaf.text])]);
    const lines = [];
    for (const leaf of sorted) {
        // What stands there twice is told once, under its better name.
        if (seen.has(leaf.text) && leaf.text.length > 3) {
            isWhole = false;
            continue;
        }
        seen.add(leaf.text);
        if (lines.length >= MAX_LINES) {
            isWhole = false;
            break;
        }
        const shown = shorten(leaf);
        if (shown !== leaf.text)
            isWhole = false;
        lines.push(leaf.path === "" ? shown : `${leaf.path}: ${shown}`);
    }
    return { text: lines.join("\n"), link: page?.url, isWhole };
}
/** The values that are told, best first, with the keys under which they stand. */
export function listValues(payload) {
    const walk = new Walk(undefined);
    walk.visit(payload, "", "", 0);
    return walk.leaves
        .filter(({ isUrl, path }) => !isUrl && path !== "")
        .toSorted((a, b) => a.weight - b.weight || a.order - b.order);
}
class Walk {
    leaves = [];
    isWhole = true;
    #visited = 0;
    #skip;
    constructor(skip) {
        this.#skip = skip;
    }
    visit(value, path, key, depth) {
        if (path !== "" && path === this.#skip)
            return;
        if (++this.#visited > MAX_VALUES || depth > MAX_DEPTH) {
            this.isWhole = false;
            return;
        }
        if (typeof value === "string")
            return this.#visitText(value, path, key, depth);
        if (typeof value === "number" || typeof value === "boolean")
            return this.#add(String(value), path, key, depth);
        if (typeof value !== "object" || value === null)
            return;
        if (Array.isArray(value))
            return this.#visitList(value, path, key, depth);
        for (const [name, one] of toNamed(value)) {
            if (this.#visited > MAX_VALUES)
                break;
            const shown = toShownKey(name);
            this.visit(one, path === "" ? shown : `${path}.${shown}`, name, depth + 1);
        }
    }
    #visitText(text, path, key, depth) {
        const trimmed = text.slice(0, MAX_NESTED_CHARS + 1).trim();
        // SNS and many others put their JSON into a text.
        if (/^[{[]/.test(trimmed) && trimmed.length <= MAX_NESTED_CHARS) {
            const parsed = parseJson(trimmed);
            if (parsed.kind === "ok")
                return this.visit(parsed.value, path, key, depth);
        }
        this.#add(text, path, key, depth);
    }
    #visitList(list, path, key, depth) {
        const isFlat = list.every((one) => typeof one !== "object" || one === null);
        if (isFlat) {
            const words = list.slice(0, MAX_SCALARS).filter((one) => one !== null && one !== "");
            const left = list.length - MAX_SCALARS;
            if (left > 0)
                this.isWhole = false;
            const more = left > 0 ? ` and ${left} more` : "";
            return this.#add(`${words.map(String).join(", ")}${more}`, path, key, depth);
        }
        if (list.length > 1) {
            const place = path === "" ? "count" : `${path}.count`;
            this.#add(String(list.length), place, "count", depth);
        }
        for (const [index, one] of list.slice(0, MAX_ENTRIES).entries())
            this.visit(one, path === "" ? String(index) : `${path}.${index}`, key, depth + 1 + index);
        if (list.length > MAX_ENTRIES)
            this.isWhole = false;
    }
    #add(given, path, key, depth) {
        if (given.length > MAX_READ_CHARS)
            this.isWhole = false;
        const text = toStorableText(given.slice(0, MAX_READ_CHARS)).replaceAll(/\s+/g, " ").trim();
        if (text === "")
            return;
        if (isDull(key, text)) {
            this.isWhole = false;
            return;
        }
        const plain = toPlain(key);
        const isUrl = isWeb(text);
        const worth = WORTH.get(plain) ?? toLastWordsWorth(key);
        // That nothing is so, or that there are none, is rarely the news.
        const isNothing = text === "0" || text === "false";
        const weight = isUrl
            ? LINK_WORTH + depth
            : toWeight(path, plain, worth) + depth * 0.75 + (isNothing ? NOTHING_WEIGHT : 0);
        const order = this.leaves.length;
        this.leaves.push({ path, key, depth, order, isUrl, worth, weight, text: redactText(text) });
    }
}
/** A list of `{ name, value }` or `[name, value]` is an object in other words; one entry of it keeps its name. */
function toNamed(value) {
    const entries = Object.entries(value);
    const map = new Map(entries);
    const name = map.get("name") ?? map.get("key");
    return entries.length === 2 && typeof name === "string" && map.has("value")
        ? [[name, map.get("value")]]
        : entries;
}
/** A key is a stranger's too: short, on one line, and no line of its own. */
function toShownKey(name) {
    return toStorableText(name)
        .replaceAll(/[\s:.]+/g, "_")
        .slice(0, 60);
}
function isDull(key, text) {
    if (isCredentialName(key) || DULL_KEY.test(key))
        return true;
    if (/^(?:null|undefined|none|n\/a|0001-01-01T00:00:00Z)$/i.test(text))
        return true;
    if (isWeb(text))
        return (/avatar|gravatar|\.(?:png|jpe?g|gif|svg|ico|webp)(?:$|\?)/i.test(text) || /[{}]/.test(text));
    if (COMMIT_KEY.test(key) && /^[0-9a-f]{7,64}$/.test(text))
        return /^0+$/.test(text);
    return ID_KEY.test(key) ? OPAQUE.test(text) || /^\d+$/.test(text) : isNoise(text);
}
/** Long and without a blank: a digest or a key, under whatever name. */
function isNoise(text) {
    return text.length >= 24 && OPAQUE.test(text);
}
function isWeb(text) {
    return /^https?:\/\/\S+$/i.test(text);
}
/** `AlarmName` is a name, `commit_message` a message; a little less than these words alone. */
function toLastWordsWorth(key) {
    const last = /(?:[A-Z]?[a-z0-9]+|[A-Z]+)$/.exec(key)?.[0] ?? "";
    const worth = last.length === key.length ? undefined : WORTH.get(last.toLowerCase());
    return worth === undefined ? UNKNOWN_WORTH : worth + 0.5;
}
function toPlain(key) {
    const lower = key.toLowerCase();
    return /[_\-\s]/.test(lower) ? lower.replaceAll(/[_\-\s]/g, "") : lower;
}
function toPage(links) {
    const best = links
        .map((leaf) => ({ leaf, at: PAGE_KEYS.indexOf(toPlain(leaf.key)) }))
        .filter(({ leaf, at }) => at !== -1 && !/^https?:\/\/(?:api\.|[^/]+\/(?:rest\/)?api\/)/i.test(leaf.text))
        .toSorted((a, b) => a.leaf.depth * 4 + a.at - (b.leaf.depth * 4 + b.at));
    for (const { leaf } of best) {
        const url = leaf.text.includes(REDACTED) ? undefined : toLink(leaf.text);
        if (url !== undefined)
            return { leaf, url };
    }
    return undefined;
}
/** By its own name; a key below a telling one (`status.name`) has that one's worth. */
function toWeight(path, plain, worth) {
    if (plain !== "name" && plain !== "value" && plain !== "count")
        return worth;
    const above = path.split(".").at(-2);
    return above === undefined ? worth : Math.min(worth, WORTH.get(toPlain(above)) ?? worth);
}
function shorten({ key, worth, text }) {
    if (COMMIT_KEY.test(key) && /^[0-9a-f]{20,64}$/.test(text))
        return text.slice(0, 9);
    const max = worth <= SPOKEN_WORTH ? MAX_SPOKEN_CHARS : MAX_VALUE_CHARS;
    return text.length <= max ? text : `${text.slice(0, max - 1).toWellFormed()}…`;
}
