import { listValues } from "./ranked.js";
import { toSeverity } from "./severity.js";
const TITLE = /^(?:title|subject|headline|summary|alert_?name|name)$/i;
const MESSAGE = /^(?:message|msg|text|body|description|reason|error)$/i;
const STATE = /^(?:status|state|conclusion|result|outcome|action|event_?type|type)$/i;
const SEVERITY = /^(?:severity|level|priority|urgency)$/i;
const THING = /^(?:service|host|hostname|project|repository|app|application|environment|monitor|job)$/i;
const MAX_TEXT_CHARS = 2_000;
export function proposeTemplate(payload) {
    const values = listValues(payload).filter(({ text }) => text.length <= MAX_TEXT_CHARS);
    const find = (key) => values.find((value) => key.test(value.key))?.path;
    const [title, message, state, thing] = [TITLE, MESSAGE, STATE, THING].map(find);
    const severity = values.find(({ key, text }) => SEVERITY.test(key) || isBad(key, text))?.path;
    const parts = [title, message].flatMap((path) => (path === undefined ? [] : [toField(path)]));
    const first = parts.length > 0
        ? parts.join(": ")
        : values
            .slice(0, 2)
            .map(({ path }) => toField(path))
            .join(" ");
    return {
        ...(first !== "" && { text: state === undefined ? first : `${first} (${toField(state)})` }),
        ...(state !== undefined && { meta: { status: state } }),
        ...(thing !== undefined && { entity: toField(thing) }),
        ...(severity !== undefined && { severity }),
    };
}
/** A state may say how bad it is as well. */
function isBad(key, text) {
    return STATE.test(key) && toSeverity(text) !== "info";
}
function toField(path) {
    return `{{${path}}}`;
}
