import { validator } from "../../vendor/hono-validator.js";
import { isSluiceError, readErrorCode, SluiceError, toMessage, } from "../../sdk/errors.js";
import { VERSION } from "../../local/version.js";
const STATUS = {
    bad_input: 400,
    bad_config: 400,
    bad_secret: 400,
    unauthorized: 401,
    not_found: 404,
    conflict: 409,
    too_large: 413,
    rate_limited: 429,
    store_full: 503,
    store_busy: 503,
    hub_stopping: 503,
};
/** A JSON body by schema. */
export function body(schema) {
    return validator("json", (value) => check(schema, value));
}
/** The query string by schema. */
export function query(schema) {
    return validator("query", (value) => check(schema, value));
}
export function answerFault(thrown, context) {
    const fault = isSluiceError(thrown)
        ? thrown
        : new SluiceError("internal", toUnforeseen(thrown), { cause: thrown });
    const view = {
        error: {
            code: fault.code,
            message: fault.message,
            retryable: fault.retryable,
            retryAfterMs: fault.retryAfterMs,
        },
    };
    return context.json(view, STATUS[fault.code] ?? 500);
}
/** Much of a hub is read when it is first needed: an update of the client's plugin, or of the package, may have taken it away. */
function toUnforeseen(thrown) {
    return readErrorCode(thrown) === "ERR_MODULE_NOT_FOUND"
        ? `the files of this hub (${VERSION}) are gone, Sluice was updated or moved since it was started; run "sluice down", then "sluice up"`
        : toMessage(thrown);
}
/** Fields of which a message may show what was given: none that can hold a secret or somebody's words. */
const SHOWN = new Set(["channel", "host", "kind", "name", "tool"]);
function isRecord(value) {
    return typeof value === "object" && value !== null;
}
function check(schema, value) {
    const parsed = schema.safeParse(value);
    if (parsed.success)
        return parsed.data;
    const [issue] = parsed.error.issues;
    const place = issue?.path.join(".") ?? "";
    const given = isRecord(value) && SHOWN.has(place) ? value[place] : undefined;
    const shown = typeof given === "string" ? ` ${JSON.stringify(given.slice(0, 64))}` : "";
    throw new SluiceError("bad_input", `${place === "" ? "request" : place}${shown}: ${issue?.message ?? "has a wrong shape"}`);
}
