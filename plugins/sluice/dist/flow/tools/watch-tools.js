/**
 * The tools by which a session asks for events: watch and unwatch.
 *
 * Owns: the effect and the answer of each. Never: subscribes another session; reaches events that were sent to one session alone.
 */
import { isSluiceError } from "../../sdk/errors.js";
import { UNTILS } from "../../store/events/subscriptions.js";
export const WATCH_TOOL_NAMES = ["watch", "unwatch"];
const TEXT_MAX_CHARS = 256;
export async function answerWatchTool(attachment, name, call, { delivery }) {
    const { watchers } = delivery;
    const { session } = attachment;
    const own = watchers.list(session);
    if (call.arguments["channel"] === undefined && name === "watch") {
        const lines = own.map((one) => `- ${toWords(one)}`);
        return {
            text: ["This session watches:", ...(lines.length > 0 ? lines : ["nothing"])].join("\n"),
            isError: false,
        };
    }
    const selector = readSelector(call.arguments);
    if (typeof selector === "string")
        return { text: `${name}: ${selector}`, isError: true };
    if (name === "unwatch") {
        const ended = await watchers.unwatch((one) => one.session === session &&
            one.channel === selector.channel &&
            (selector.entity === null || one.entity === selector.entity) &&
            (selector.pattern === null || one.pattern === selector.pattern));
        return ended.length === 0
            ? { text: "unwatch: this session does not watch that.", isError: true }
            : {
                text: ended.map((one) => `No longer watched: ${toWords(one)}`).join("\n"),
                isError: false,
            };
    }
    try {
        const added = await watchers.watch(session, selector);
        return { text: `Watching ${toWords(added)}.`, isError: false };
    }
    catch (thrown) {
        if (!isSluiceError(thrown, "bad_input"))
            throw thrown;
        return { text: `watch: ${thrown.message}`, isError: true };
    }
}
/** What is asked for, or why it cannot be. */
function readSelector(input) {
    const { channel, entity, pattern, until, copy } = input;
    if (typeof channel !== "string" || !/^[a-z0-9][a-z0-9-]{0,31}$/.test(channel))
        return "channel must be the name of a channel.";
    const texts = [entity, pattern].filter((value) => value !== undefined && value !== "");
    const isLine = (value) => typeof value === "string" && value.length <= TEXT_MAX_CHARS && !/\p{Cc}/u.test(value);
    if (!texts.every(isLine))
        return `entity and pattern are texts of one line, at most ${TEXT_MAX_CHARS} characters.`;
    const known = UNTILS.find((one) => one === until);
    if (until !== undefined && until !== "" && known === undefined)
        return `until is one of ${UNTILS.join(", ")}.`;
    if (copy !== undefined && typeof copy !== "boolean")
        return "copy is true or false.";
    return {
        channel,
        entity: typeof entity === "string" && entity !== "" ? entity : null,
        pattern: typeof pattern === "string" && pattern !== "" ? pattern : null,
        until: known ?? null,
        copy,
    };
}
function toWords({ channel, entity, pattern, until, copy }) {
    const what = [entity, pattern].filter((one) => one !== null).join(", ");
    return `${channel}${what === "" ? "" : ` ${what}`}${until === null ? "" : ` until ${until}`}${copy === true ? ", a copy of its own" : ""}`;
}
