/**
 * Whether a mail is from the address that it names, by the word of the server that received it.
 *
 * Owns: which `Authentication-Results` count, and what they must say. Pure. Never: checks a signature itself, or looks up a name.
 *
 * MAILAUTH-1 Only results of the configured server count, and of them only those above the next `Received` line: below it stands what the
 *    sender wrote. Of several headers the topmost that speaks of a method counts for it: the server puts its own on top of what it got.
 *    https://www.rfc-editor.org/rfc/rfc8601#section-7.1
 * MAILAUTH-2 A mail is authentic by DMARC for the domain of its one From address; else by a DKIM signature of that domain or of one above
 *    it; else as sent by who signed in at that server under this very address. SPF alone names a server, and no sender.
 * MAILAUTH-3 What contradicts itself is not authentic: two From lines, several addresses, results that disagree about DMARC.
 */
import { domainToASCII } from "node:url";
const MAX_RESULTS = 100;
/** A longer one is not read. */
const MAX_CHARS = 8_192;
/** `authserv` is the name of the server that counts, or `*.` and what its names end in; several with commas. */
export function judgeAuth(headers, from, authserv) {
    const results = listTrusted(headers, authserv);
    const told = {
        ...toTold(results, "spf"),
        ...toTold(results, "dkim"),
        ...toTold(results, "dmarc"),
    };
    const no = (reason) => ({ by: undefined, reason, results: told });
    // MAILAUTH-3
    if (headers.filter(({ name }) => name === "from").length !== 1)
        return no("not one From line");
    if (results.length === 0)
        return no(`no Authentication-Results of ${authserv}`);
    const domain = toDomain(from.slice(from.lastIndexOf("@") + 1));
    const dmarc = results.filter(({ method }) => method === "dmarc");
    if (dmarc.length > 0 && dmarc.every((one) => isPass(one))) {
        const named = dmarc.map(({ properties }) => toDomain(properties.get("header.from") ?? ""));
        if (named.every((one) => one === domain))
            return yes("dmarc", told);
        return no(`DMARC is about ${named.find((one) => one !== domain) || "no domain"}`);
    }
    // "none" and Microsoft's guesses say that the domain has no rule: then a signature may still stand for it.
    const isOpen = dmarc.every(({ result }) => result === "none" || result.startsWith("bestguess"));
    if (!isOpen)
        return no(`DMARC says ${dmarc.map(({ result }) => result).join(", ")}`);
    if (pickTop(results, "dkim").some((one) => isPass(one) && isSignedBy(one, domain)))
        return yes("dkim", told);
    // Most servers say nothing of it: then nobody below says it for them.
    const isSignedIn = results.some((one) => one.header === 0 &&
        one.method === "auth" &&
        isPass(one) &&
        toAddress(one.properties.get("smtp.auth") ?? "") === toAddress(from));
    if (isSignedIn)
        return yes("auth", told);
    return no(`neither DMARC nor a signature of ${domain} stands for it`);
}
/** The names of servers whose results stand on top of a mail: what an owner has to choose from. */
export function listAuthservs(headers) {
    const names = headers
        .filter(({ name, value }) => name === "authentication-results" && value.length <= MAX_CHARS)
        .map(({ value }) => readAuthserv(value))
        .filter((name) => name !== undefined);
    return [...new Set(names)];
}
function yes(by, results) {
    return { by, reason: "", results };
}
/** MAILAUTH-1 */
function listTrusted(headers, authserv) {
    const found = [];
    let count = 0;
    for (const { name, value } of headers) {
        if (count > 0 && name === "received")
            break;
        if (name !== "authentication-results")
            continue;
        // It may be the server's own, which the sender has made so long: then none below it counts.
        if (value.length > MAX_CHARS && count === 0)
            return [];
        if (value.length > MAX_CHARS)
            continue;
        const id = readAuthserv(value);
        if (id === undefined || !isNamed(id, authserv))
            continue;
        found.push(...parseResults(value, count));
        count += 1;
    }
    return found.slice(0, MAX_RESULTS);
}
function pickTop(results, method) {
    const all = results.filter((one) => one.method === method);
    return all.filter(({ header }) => header === all[0]?.header);
}
function isNamed(id, authserv) {
    return authserv
        .toLowerCase()
        .split(",")
        .map((one) => one.trim())
        .some((one) => (one.startsWith("*.") ? id.endsWith(one.slice(1)) : one !== "" && id === one));
}
/** What stands before the first result; Microsoft writes none. */
function readAuthserv(value) {
    const [first = ""] = withoutComments(value).split(";");
    const [id = ""] = first.trim().split(/\s+/);
    const name = id.replace(/^"(.*)"$/, "$1").toLowerCase();
    return /^[a-z0-9._-]+$/.test(name) ? name : undefined;
}
/** https://www.rfc-editor.org/rfc/rfc8601#section-2.2 */
function parseResults(value, header) {
    return withoutComments(value)
        .split(";")
        .slice(1)
        .flatMap((part) => {
        const words = part.match(/[^\s=]+\s*=\s*(?:"[^"]*"|[^\s"]+)/g) ?? [];
        const [first, ...rest] = words.map((word) => {
            const at = word.indexOf("=");
            const text = word.slice(at + 1).trim();
            const name = word.slice(0, at).trim().toLowerCase();
            return [name, text.replace(/^"(.*)"$/, "$1")];
        });
        if (first === undefined)
            return [];
        const [method = ""] = first[0].split("/");
        const properties = new Map();
        // Of a property that stands twice neither counts.
        for (const [name, text] of rest)
            properties.set(name, properties.has(name) && properties.get(name) !== text ? "" : text);
        return [{ header, method, result: first[1].toLowerCase(), properties }];
    });
}
/** Comments nest, and a quoted text may hold what looks like one; a `;` in quotes ends nothing. */
function withoutComments(value) {
    let depth = 0;
    let isQuoted = false;
    let text = "";
    for (let at = 0; at < value.length; at++) {
        const char = value.charAt(at);
        if (char === "\\" && (depth > 0 || isQuoted)) {
            at += 1;
            continue;
        }
        if (depth === 0 && char === '"')
            isQuoted = !isQuoted;
        if (!isQuoted && char === "(")
            depth += 1;
        else if (!isQuoted && char === ")" && depth > 0)
            depth -= 1;
        else if (depth === 0)
            text += isQuoted && char === ";" ? "," : char;
    }
    return text;
}
function isPass({ result }) {
    return result === "pass";
}
/** Whoever may sign for a domain may sign for those below it. */
function isSignedBy({ properties }, domain) {
    const identity = properties.get("header.i") ?? "";
    const signer = toDomain(properties.get("header.d") ?? identity.slice(identity.lastIndexOf("@") + 1));
    if (!signer.includes("."))
        return false;
    return domain === signer || domain.endsWith(`.${signer}`);
}
function toTold(results, method) {
    const found = results.filter((one) => one.method === method);
    if (found.length === 0)
        return {};
    const best = found.find((one) => isPass(one)) ?? found[0];
    return { [method]: (best?.result ?? "").replace(/[^a-z]/g, "").slice(0, 20) };
}
/** In the form in which two of them can be compared. */
export function toDomain(domain) {
    return domainToASCII(domain.trim().replace(/\.$/, "")).toLowerCase();
}
export function toAddress(address) {
    const at = address.lastIndexOf("@");
    const domain = toDomain(address.slice(at + 1));
    return at < 1 || domain === "" ? "" : `${address.slice(0, at).toLowerCase()}@${domain}`;
}
