/**
 * Schemas of any library that keeps to Standard Schema (https://standardschema.dev): zod, valibot, arktype.
 *
 * Owns: asking one whether a value fits, and for its JSON Schema. Never: imports a library.
 */

/** The part of Standard Schema, and of its JSON Schema extension, that is used. */
export type AnySchema<Output = unknown> = {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    validate(value: unknown): SchemaResult<Output> | Promise<SchemaResult<Output>>;
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
    readonly jsonSchema?: {
      input(options: { readonly target: string }): Record<string, unknown>;
    };
  };
};

type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

type SchemaIssue = {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
};

/** What a schema makes of a value that fits. */
export type OutputOf<S> =
  S extends AnySchema<unknown> ? NonNullable<S["~standard"]["types"]>["output"] : never;

export type Fit<Output> = { kind: "fits"; value: Output } | { kind: "unfit"; reason: string };

/** More of them help nobody. */
const MAX_ISSUES = 3;
const MAX_REASON_CHARS = 400;

/** The reason names the places and what is expected there; libraries leave the values out. */
export async function fit<Output>(schema: AnySchema<Output>, value: unknown): Promise<Fit<Output>> {
  const result = await schema["~standard"].validate(value);
  if (result.issues === undefined) return { kind: "fits", value: result.value };
  const [first = "it does not fit the schema", ...more] = result.issues
    .slice(0, MAX_ISSUES)
    .map(toLine);
  const left = result.issues.length - MAX_ISSUES;
  const reason = [first, ...more, ...(left > 0 ? [`and ${left} more`] : [])].join("; ");
  return { kind: "unfit", reason: reason.slice(0, MAX_REASON_CHARS) };
}

function toLine({ message, path = [] }: SchemaIssue): string {
  const place = path
    .map((part) => String(typeof part === "object" && part !== null ? part.key : part))
    .join(".");
  return place === "" ? message : `${place}: ${message}`;
}

/** For a tool's list entry. Undefined where the library has none to give. */
export function toJsonSchema(schema: AnySchema): Record<string, unknown> | undefined {
  const { $schema: _, ...made } =
    schema["~standard"].jsonSchema?.input({ target: "draft-2020-12" }) ?? {};
  return made["type"] === "object" ? made : undefined;
}

export function isSchema(value: unknown): value is AnySchema {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return false;
  const standard: unknown = Reflect.get(value, "~standard");
  return (
    typeof standard === "object" &&
    standard !== null &&
    "validate" in standard &&
    typeof standard.validate === "function"
  );
}
