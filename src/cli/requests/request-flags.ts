/**
 * Flags about a webhook's requests: how they prove themselves, and how they are told.
 *
 * Owns: their names, and what they stand for. Never: checks a template or a scheme; the hub does.
 */
import type { OwnTemplateView } from "../../api/wire/request-wire.ts";
import { toShellWord } from "../../sdk/shell-word.ts";
import { flag, option } from "../command.ts";
import { toUsageFault } from "../exit.ts";

/** For a sender that only has one of these. */
export const PROOF_FLAGS = {
  hmac: option(
    "line",
    "For webhook: a signature in a header, as sha256:hex:X-Signature:{body} (also sha1, sha512, base64, and a prefix as in X-Signature=v1=)",
  ),
  basic: flag("For webhook: HTTP Basic; the secret is user:password"),
  "query-secret": option(
    "name",
    "For webhook: the secret in the URL, as ?name=; only where the sender can do nothing else",
  ),
  "path-secret": flag(
    "For webhook: the secret as the end of the URL; only where the sender can do nothing else",
  ),
} as const;

export const TEMPLATE_FLAGS = {
  text: option(
    "template",
    'For webhook: what to tell, such as "{{event.title}} is {{event.level}}"',
  ),
  meta: option("name=path", "For webhook: a fact, such as status=event.state"),
  entity: option("template", "For webhook: what it is about, such as {{event.host}}"),
  severity: option("path", "For webhook: the path of its severity, such as alert.level"),
  id: option(
    "path",
    "For webhook: the path of the sender's own id of a delivery, so that a repeat is known",
  ),
} as const;

type ProofArgs = {
  verify?: string | undefined;
  header?: string | undefined;
  hmac?: string | undefined;
  basic?: boolean | undefined;
  "query-secret"?: string | undefined;
  "path-secret"?: boolean | undefined;
};

/** At most one of them says how requests prove themselves. */
export function readProof(args: ProofArgs): {
  scheme: string | undefined;
  header: string | undefined;
  hmac: string | undefined;
} {
  const { verify, header, hmac } = args;
  const query = args["query-secret"];
  const given = [
    verify === undefined ? undefined : "--verify",
    hmac === undefined ? undefined : "--hmac",
    args.basic === true ? "--basic" : undefined,
    query === undefined ? undefined : "--query-secret",
    args["path-secret"] === true ? "--path-secret" : undefined,
  ].filter((one) => one !== undefined);
  if (given.length > 1) throw toUsageFault(`${given.join(" and ")} exclude each other`);
  if (header !== undefined && given.length > 0 && verify === undefined)
    throw toUsageFault(`--header and ${given.join("")} exclude each other`);
  if (args.basic === true) return { scheme: "basic", header: undefined, hmac: undefined };
  if (args["path-secret"] === true) return { scheme: "path", header: undefined, hmac: undefined };
  if (query !== undefined) return { scheme: "query", header: query, hmac: undefined };
  return { scheme: verify, header, hmac };
}

type TemplateArgs = {
  text?: string | undefined;
  entity?: string | undefined;
  severity?: string | undefined;
  id?: string | undefined;
};

/** Undefined where none was given. */
export function readTemplate(
  { text, entity, severity, id }: TemplateArgs,
  meta: readonly string[],
): OwnTemplateView | undefined {
  const facts = meta.map((pair) => {
    const at = pair.indexOf("=");
    if (at < 1 || at === pair.length - 1)
      throw toUsageFault(`--meta ${pair} is not name=path, such as status=event.state`);
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  });
  const template = {
    ...(text !== undefined && { text }),
    ...(facts.length > 0 && { meta: Object.fromEntries(facts) }),
    ...(entity !== undefined && { entity }),
    ...(severity !== undefined && { severity }),
    ...(id !== undefined && { id }),
  };
  return Object.keys(template).length === 0 ? undefined : template;
}

/** As it is typed again. */
export function toTemplateFlags({
  text,
  meta = {},
  entity,
  severity,
  id,
}: OwnTemplateView): string {
  const pairs: [string, string | undefined][] = [
    ["--text", text],
    ...Object.entries(meta).map(([key, path]): [string, string] => ["--meta", `${key}=${path}`]),
    ["--entity", entity],
    ["--severity", severity],
    ["--id", id],
  ];
  return pairs
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${toShellWord(value)}`]))
    .join(" ");
}
