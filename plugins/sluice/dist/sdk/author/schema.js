/**
 * Schemas of any library that keeps to Standard Schema (https://standardschema.dev): zod, valibot, arktype.
 *
 * Owns: asking one whether a value fits, and for its JSON Schema. Never: imports a library.
 */
/** More of them help nobody. */
const MAX_ISSUES = 3;
const MAX_REASON_CHARS = 400;
/** The reason names the places and what is expected there; libraries leave the values out. */
export async function fit(schema, value) {
    const result = await schema["~standard"].validate(value);
    if (result.issues === undefined)
        return { kind: "fits", value: result.value };
    const [first = "it does not fit the schema", ...more] = result.issues
        .slice(0, MAX_ISSUES)
        .map(toLine);
    const left = result.issues.length - MAX_ISSUES;
    const reason = [first, ...more, ...(left > 0 ? [`and ${left} more`] : [])].join("; ");
    return { kind: "unfit", reason: reason.slice(0, MAX_REASON_CHARS) };
}
function toLine({ message, path = [] }) {
    const place = path
        .map((part) => String(typeof part === "object" && part !== null ? part.key : part))
        .join(".");
    return place === "" ? message : `${place}: ${message}`;
}
/** For a tool's list entry. Undefined where the library has none to give. */
export function toJsonSchema(schema) {
    const { $schema: _, ...made } = schema["~standard"].jsonSchema?.input({ target: "draft-2020-12" }) ?? {};
    return made["type"] === "object" ? made : undefined;
}
export function isSchema(value) {
    if ((typeof value !== "object" && typeof value !== "function") || value === null)
        return false;
    const standard = Reflect.get(value, "~standard");
    return (typeof standard === "object" &&
        standard !== null &&
        "validate" in standard &&
        typeof standard.validate === "function");
}
