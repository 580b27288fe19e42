/**
 * Reading a request at the API's edge, and answering a fault.
 *
 * Owns: `unknown` to typed, SluiceError to JSON. Never: knows a route.
 */
import type { Context } from "hono";
import { validator } from "hono/validator";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { z } from "zod";
import { type ErrorCode, isSluiceError, SluiceError, toMessage } from "../sdk/errors.ts";
import type { FaultView } from "./wire.ts";

const STATUS: Partial<Record<ErrorCode, ContentfulStatusCode>> = {
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
export function body<S extends z.ZodType>(schema: S) {
  return validator("json", (value): z.output<S> => check(schema, value));
}

/** The query string by schema. */
export function query<S extends z.ZodType>(schema: S) {
  return validator("query", (value): z.output<S> => check(schema, value));
}

export function answerFault(thrown: Error, context: Context): Response {
  const fault = isSluiceError(thrown)
    ? thrown
    : new SluiceError("internal", toMessage(thrown), { cause: thrown });
  const view: FaultView = {
    error: {
      code: fault.code,
      message: fault.message,
      retryable: fault.retryable,
      ...(fault.retryAfterMs === undefined ? {} : { retryAfterMs: fault.retryAfterMs }),
    },
  };
  return context.json(view, STATUS[fault.code] ?? 500);
}

function check<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue?.path.join(".") ?? "";
  throw new SluiceError(
    "bad_input",
    `${place === "" ? "request" : place}: ${issue?.message ?? "has a wrong shape"}`,
  );
}
