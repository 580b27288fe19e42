/**
 * From an author's event to an arrival for the gate.
 *
 * Owns: the defaults of a channel, and where a person's words stand. Never: decides who may speak.
 */
import { createHash } from "node:crypto";
import { toNameField } from "../sdk/field.js";
import { OWN_WORDS } from "../sdk/words.js";
import { toWordsLabel } from "../sdk/author/chat.js";
/** Ten years: a later moment than a database can tell is never reached. */
const MAX_TTL_MS = 3_650 * 86_400_000;
/** `index`: which of several events of one delivery. */
export function toArrival({ definition }, event, facts, index) {
    const { name, source, verified } = facts;
    const { sender, entity, stateOf, at } = event;
    const nth = index === 0 ? "" : `#${index}`;
    const deliveryId = event.id ?? (facts.deliveryId === undefined ? undefined : facts.deliveryId + nth);
    // An id of the author's own is of the signed bytes, and says more than they do.
    const bodyDigest = event.id === undefined && facts.bodyDigest !== undefined ? facts.bodyDigest + nth : undefined;
    const givenMs = event.ttlMs ?? definition.ttlMs;
    const ttlMs = givenMs === undefined ? undefined : Math.min(givenMs, MAX_TTL_MS);
    const target = event.target ?? definition.target;
    const chatId = event.chatId ?? sender?.id ?? (definition.reply === undefined ? undefined : name);
    return {
        channel: name,
        kind: event.kind ?? source,
        sender: sender === undefined ? { id: `${definition.kind}:${name}` } : toSender(sender),
        ...toWords(event),
        meta: { ...definition.meta, ...event.meta },
        priority: event.priority ?? definition.priority ?? "normal",
        // Where nothing can be answered nothing waits for an answer.
        ack: event.ack ?? definition.ack ?? (definition.reply === undefined ? "auto" : "reply"),
        verified,
        ...(deliveryId === undefined ? {} : { deliveryId: toKey(deliveryId) }),
        ...(bodyDigest === undefined ? {} : { bodyDigest }),
        ...(entity === undefined ? {} : { entity: toKey(entity) }),
        ...(stateOf === undefined ? {} : { stateOf: toKey(stateOf) }),
        ...(chatId === undefined ? {} : { chatId }),
        ...(sender === undefined ? {} : { chat: toChatFacts(name, event.chat) }),
        ...(event.files === undefined || event.files.length === 0 ? {} : { files: event.files }),
        ...(event.answering === undefined ? {} : { answering: event.answering }),
        ...(target === undefined ? {} : { session: target }),
        ...(ttlMs === undefined ? {} : { ttlMs }),
        ...(at === undefined ? {} : { occurredAt: at instanceof Date ? at.getTime() : at }),
    };
}
function toSender({ id, name }) {
    return { id, ...(name === undefined ? {} : { name: String(name).slice(0, NAME_MAX_CHARS) }) };
}
/** A person's text is a quotation, whatever it holds: a line of it must not look like one of ours. */
function toWords(event) {
    const { text, quotes = [], sender, chat = {} } = event;
    if (sender === undefined || event.isTold === true)
        return { text, quotes: [...quotes] };
    const who = toNameField(sender.name ?? sender.id);
    const head = chat.isEdited === true ? `${who} edited a message` : `Message from ${who}`;
    const from = chat.isForwarded === true ? `${head}, forwarded from elsewhere` : head;
    // What else is quoted is nobody's new words, whatever it is called.
    const others = quotes.map((quote) => quote.label === OWN_WORDS ? { ...quote, label: "quoted" } : quote);
    if (text === "")
        return { text: `${from}, without words`, quotes: others };
    return { text: from, quotes: [{ label: toWordsLabel(chat), text }, ...others] };
}
function toChatFacts(account, chat = {}) {
    return {
        place: "dm",
        isAddressed: true,
        isBot: false,
        isForwarded: false,
        isEdited: false,
        ...chat,
        account,
    };
}
const KEY_MAX_CHARS = 256;
const NAME_MAX_CHARS = 200;
/** Of bounded length, and still one for one. */
function toKey(id) {
    if (id.length <= KEY_MAX_CHARS)
        return id;
    return `sha256:${createHash("sha256").update(id).digest("hex")}`;
}
