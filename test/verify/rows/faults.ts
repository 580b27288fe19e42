/**
 * What must be refused of any row: faults made from a genuine request, most of them signed anew, so that only the fault named can be what is
 * refused.
 *
 * Owns: the set of verify.md 2.3 for rows as data. Never: says why one is refused; no reason of a row's own is known here.
 */
import { gzipSync } from "node:zlib";
import { signParts } from "../../../src/verify/sign.ts";
import {
  credential,
  genuine,
  listRequired,
  NOW,
  PUBLIC_URL,
  type RowRequest,
  type RowSample,
  toSample,
} from "./samples.ts";

export type Fault = { name: string; request: RowRequest };

export function listFaults(sample: RowSample): Fault[] {
  return [
    ...listArity(sample),
    ...listProofFaults(sample),
    ...listBodyFaults(sample),
    ...listTimeFaults(sample),
    ...listUrlFaults(sample),
    { name: "another secret", request: genuine(toSample(sample.name, "another")) },
  ];
}

function listArity(sample: RowSample): Fault[] {
  const base = genuine(sample);
  return listRequired(sample, base).flatMap((header) => {
    const value = String(base.headers[header]);
    const set = (...values: string[]): RowRequest => ({
      ...base,
      headers: { ...base.headers, [header]: values },
    });
    const { [header]: _gone, ...without } = base.headers;
    return [
      { name: `${header} dropped`, request: { ...base, headers: without } },
      { name: `${header} twice, the same`, request: set(value, value) },
      { name: `${header} twice, the right one last`, request: set("x", value) },
      { name: `${header} empty`, request: set("") },
      { name: `${header} of no values`, request: set() },
      { name: `${header} with a blank behind`, request: set(`${value}\u00a0`) },
      { name: `${header} cut`, request: set(value.slice(0, -1)) },
    ];
  });
}

/** Changes of the presented value that leave its place as it is. */
const REWRITES: Readonly<Record<string, (value: string) => string>> = {
  "cut by one": (value) => value.slice(0, -1),
  "cut to one": (value) => value.slice(0, 1),
  nothing: () => "",
  "longer by four": (value) => `${value}abcd`,
  "twice as long": (value) => value + value,
  quoted: (value) => `"${value}"`,
  "upper case": (value) => value.toUpperCase(),
  "first character changed": (value) => (value.startsWith("a") ? "b" : "a") + value.slice(1),
  "last but one changed": (value) =>
    value.slice(0, -2) + (value.at(-2) === "a" ? "b" : "a") + value.slice(-1),
  base64url: (value) => value.replaceAll("+", "-").replaceAll("/", "_"),
  "without padding": (value) => value.replace(/=+$/, ""),
  "as hex of its text": (value) => Buffer.from(value).toString("hex"),
  zeros: (value) => value.replaceAll(/[0-9a-f]/g, "0"),
};

function listProofFaults(sample: RowSample): Fault[] {
  const { proof } = sample.row;
  const base = genuine(sample);
  if (!("header" in proof)) return [];
  const { header, prefix } = proof;
  const whole = String(base.headers[header]);
  const at = whole.lastIndexOf(prefix) + prefix.length;
  const [before, value] = [whole.slice(0, at), whole.slice(at)];
  const set = (text: string): RowRequest => ({
    ...base,
    headers: { ...base.headers, [header]: text },
  });
  const rewritten = Object.entries(REWRITES)
    .map(([name, rewrite]) => ({ name, text: rewrite(value) }))
    .filter(({ text }) => text !== value)
    .map(({ name, text }) => ({ name: `proof: ${name}`, request: set(before + text) }));
  if (prefix === "") return rewritten;
  const list = whole.slice(0, at - prefix.length);
  return [
    ...rewritten,
    { name: "proof: no prefix", request: set(list + value) },
    { name: "proof: another version alone", request: set(`${list}v9=${value}`) },
    { name: "proof: SHA-1 in its place", request: set(`${list}sha1=${value.slice(0, 40)}`) },
  ];
}

function listBodyFaults(sample: RowSample): Fault[] {
  // Who shows the secret itself vouches for whatever comes along.
  if (sample.row.signed === "nothing") return [];
  const base = genuine(sample);
  const { body } = base;
  const flip = (at: number): Buffer =>
    Buffer.from(body.map((byte, n) => (n === at ? byte ^ 1 : byte)));
  const bodies: Record<string, Buffer> = {
    "first byte flipped": flip(0),
    "middle byte flipped": flip(body.length >> 1),
    "line break appended": Buffer.concat([body, Buffer.from("\n")]),
    "NUL appended": Buffer.concat([body, Buffer.from([0])]),
    "last byte cut": body.subarray(0, -1),
    "byte order mark in front": Buffer.concat([Buffer.from("\ufeff"), body]),
    gzip: gzipSync(body),
    "chunked framing": Buffer.from(
      `${body.length.toString(16)}\r\n${body.toString()}\r\n0\r\n\r\n`,
    ),
    empty: Buffer.alloc(0),
    twice: Buffer.concat([body, body]),
    "0xFF appended": Buffer.concat([body, Buffer.from([0xff])]),
    "written anew": Buffer.from(` ${body.toString()}`),
  };
  const raw = Buffer.from([0x7b, 0xff, 0x7d]);
  const lossy = Buffer.from(raw.toString("utf8"));
  const isTimed = sample.row.timestamp !== "none" && "body" in sample.row.timestamp;
  const reencoded = isTimed
    ? []
    : [
        {
          name: "signed 0xFF, sent its replacement",
          request: { ...genuine(sample, { body: raw }), body: lossy },
        },
        {
          name: "signed the replacement, sent 0xFF",
          request: { ...genuine(sample, { body: lossy }), body: raw },
        },
        {
          name: "signed nothing, sent a body",
          request: { ...genuine(sample, { body: Buffer.alloc(0) }), body },
        },
        {
          name: "signed a body, sent its JSON text",
          request: { ...base, body: Buffer.from(JSON.stringify(body.toString())) },
        },
      ];
  return [
    ...reencoded,
    ...Object.entries(bodies).map(([name, changed]) => ({
      name: `body: ${name}`,
      request: { ...base, body: changed },
    })),
  ];
}

function listTimeFaults(sample: RowSample): Fault[] {
  const { timestamp } = sample.row;
  if (timestamp === "none") return [];
  const shifted = [-timestamp.windowMs - 1_000, timestamp.windowMs + 1_000, -NOW].map((shift) => ({
    name: `time: ${shift} ms from now`,
    request: genuine(sample, { sentAt: NOW + shift }),
  }));
  if ("body" in timestamp)
    return [
      ...shifted,
      ...["NaN", "1.5", "1e9", "-5", `"${NOW}junk"`, "null", "{}", '"17000000001700000000"'].map(
        (text) => ({
          name: `time in the body: ${text}`,
          request: resigned(sample, Buffer.from(`{"${timestamp.body}": ${text}}`)),
        }),
      ),
      ...(timestamp.isOptional === true
        ? []
        : [
            { name: "no time in the body", request: resigned(sample, Buffer.from('{"hello": 1}')) },
          ]),
      { name: "a body that is no JSON", request: resigned(sample, Buffer.from("hello")) },
    ];
  const base = genuine(sample);
  const { header, prefix } = timestamp.place;
  const value = String(base.headers[header]);
  const texts = ["NaN", "Infinity", "1.5", "1e9", "-5", "+5", "0x6553f100", "", "null"];
  const digits = /\d{10,}/.exec(value)?.[0] ?? "";
  texts.push(`${digits}.0`, `${digits}junk`, ` ${digits}`, "17000000001700000000", `0${digits}`);
  return [
    ...shifted,
    ...texts.map((text) => ({
      name: `time: "${text}"`,
      request: {
        ...base,
        headers: { ...base.headers, [header]: value.replace(prefix + digits, prefix + text) },
      },
    })),
  ];
}

/** Signed as it stands: without the time that signing would write into it. */
function resigned({ row, signing }: RowSample, body: Buffer): RowRequest {
  const bare = { ...row, timestamp: "none" } as RowSample["row"];
  const { headers } = signParts(bare, credential(signing), { id: "d-1", sentAt: NOW, body });
  return { headers, body, target: { method: "POST", path: "", query: "" } };
}

function listUrlFaults(sample: RowSample): Fault[] {
  const { proof, signed } = sample.row;
  const base = genuine(sample);
  const { target } = base;
  const to = (change: Partial<RowRequest["target"]>): RowRequest => ({
    ...base,
    target: { ...target, ...change },
  });
  if ("path" in proof) {
    const { path } = target;
    return [
      { name: "no path", request: to({ path: "" }) },
      { name: "another path", request: to({ path: "x".repeat(path.length) }) },
      { name: "a longer path", request: to({ path: `${path}x` }) },
      { name: "a shorter path", request: to({ path: path.slice(1) }) },
      { name: "the secret as the second part", request: to({ path: `x/${path}` }) },
      { name: "an empty first part", request: to({ path: `/${path}` }) },
      { name: "the secret in the query", request: to({ path: "", query: `token=${path}` }) },
      { name: "a broken escape", request: to({ path: `%zz${path}` }) },
    ];
  }
  if ("query" in proof) {
    const { query } = target;
    return [
      { name: "no query", request: to({ query: "" }) },
      { name: "the secret twice", request: to({ query: `${query}&${query}` }) },
      { name: "another beside it", request: to({ query: `${query}&token=x` }) },
      { name: "one hidden in front", request: to({ query: `%74oken=x&${query}` }) },
      { name: "no value", request: to({ query: "token=" }) },
      { name: "no equals sign", request: to({ query: "token" }) },
      { name: "in another parameter", request: to({ query: query.replace("token", "Token") }) },
      { name: "longer", request: to({ query: `${query}x` }) },
      { name: "the secret in the path", request: to({ query: "", path: query.slice(6) }) },
    ];
  }
  if (!signed.includes("{url}")) return [];
  const { "content-type": _type, ...rest } = base.headers;
  return [
    { name: "another path than signed", request: to({ path: "x" }) },
    { name: "another query than signed", request: to({ query: "a=1" }) },
    {
      name: "a forwarded host, for which it was signed",
      request: {
        ...genuine({ ...sample, signing: sample.signing }, { path: "other" }),
        headers: { ...rest, host: "hook.example", "x-forwarded-host": "hook.example" },
        target: { ...target, path: "x" },
      },
    },
    {
      name: "the query left out that was signed",
      request: { ...genuine(sample, { query: "a=1" }), target: { ...target, query: "" } },
    },
  ];
}

/** Where a channel is told another URL than the sender calls, nothing that it sends counts. */
export const OTHER_URLS: readonly string[] = [
  PUBLIC_URL.replace("https", "http"),
  PUBLIC_URL.replace("hook.", "hook2."),
  `${PUBLIC_URL}2`,
  PUBLIC_URL.replace("/in/", "/IN/"),
];
