/** Refused for the number or the text of a security header, in every scheme. */
import { genuine, SAMPLES } from "../samples.ts";
import type { SampledScheme } from "../samples.ts";
import type { Request } from "../samples.ts";
import { SCHEMES } from "../../../src/verify/schemes.ts";
import type { RefusalReason } from "../../../src/verify/contract.ts";
import type { Case } from "./case.ts";

export function headerCases(scheme: SampledScheme): Case[] {
  return SAMPLES[scheme].required.flatMap((header): Case[] => {
    const { headers, body } = genuine(scheme);
    const [value = ""] = headers[header] ?? [];
    const set = (...values: string[]): Request => ({
      headers: { ...headers, [header]: values },
      body,
    });
    const { [header]: _dropped, ...without } = headers;
    // An id or a token may hold a comma, but then it is another one.
    const others: Partial<Record<string, RefusalReason>> = {
      "webhook-id": "bad_signature",
      "x-sluice-token": "bad_token",
    };
    const folded = others[header] ?? "malformed_header";
    return [
      { name: `${header} dropped`, reason: "missing_header", request: { headers: without, body } },
      { name: `${header} with no values`, reason: "missing_header", request: set() },
      { name: `${header} twice, the same`, reason: "doubled_header", request: set(value, value) },
      {
        name: `${header} twice, the right one first`,
        reason: "doubled_header",
        request: set(value, `${value}0`),
      },
      {
        name: `${header} twice, the right one last`,
        reason: "doubled_header",
        request: set("", value),
      },
      { name: `${header} empty`, reason: "malformed_header", request: set("") },
      {
        name: `${header} folded into one by a proxy`,
        reason: folded,
        request: set(`${value},${value}`),
      },
    ];
  });
}

export function proofCases(scheme: SampledScheme): Case[] {
  const { proof } = SAMPLES[scheme];
  const row = SCHEMES[scheme];
  const { headers, body } = genuine(scheme);
  const whole = headers[proof]?.[0] ?? "";
  const { prefix } = row.proof;
  const value = whole.slice(prefix.length);
  const isToken = row.algorithm === "equality";
  const wrong = isToken ? "bad_token" : "bad_signature";
  const garbled = isToken ? "bad_token" : "malformed_header";
  const set = (text: string): Request => ({ headers: { ...headers, [proof]: [text] }, body });
  const flipped = (at: number): string =>
    prefix + value.slice(0, at) + (value[at] === "a" ? "b" : "a") + value.slice(at + 1);
  const cases: Case[] = [
    { name: "first digit changed", reason: wrong, request: set(flipped(0)) },
    { name: "middle digit changed", reason: wrong, request: set(flipped(value.length >> 1)) },
    { name: "cut by one character", reason: garbled, request: set(whole.slice(0, -1)) },
    { name: "cut by four characters", reason: garbled, request: set(whole.slice(0, -4)) },
    { name: "cut to one character", reason: garbled, request: set(prefix + value[0]) },
    { name: "longer by four characters", reason: garbled, request: set(`${whole}abcd`) },
    { name: "doubled", reason: garbled, request: set(whole + value) },
    {
      name: "space inside",
      reason: "malformed_header",
      request: set(`${prefix}${value.slice(0, 8)} ${value.slice(9)}`),
    },
    { name: "tab behind", reason: "malformed_header", request: set(`${whole}\t`) },
    { name: "no-break space behind", reason: "malformed_header", request: set(`${whole}\u00a0`) },
    { name: "quoted", reason: garbled, request: set(`${prefix}"${value}"`) },
    { name: "other case", reason: garbled, request: set(prefix + value.toUpperCase()) },
  ];
  if (prefix !== "") {
    cases.push(
      { name: "no prefix", reason: "unknown_version", request: set(value) },
      { name: "wrong prefix", reason: "unknown_version", request: set(`sha1=${value}`) },
      { name: "prefix only", reason: "malformed_header", request: set(prefix) },
      {
        name: "prefix twice",
        reason: prefix === "Bearer " ? "malformed_header" : garbled,
        request: set(prefix + whole),
      },
      { name: "unknown version only", reason: "unknown_version", request: set(`v9,${value}`) },
    );
  }
  // Upper case is as good base64 as any, only of other bytes.
  return cases.map((each) =>
    each.name === "other case" && row.encoding === "base64" ? { ...each, reason: wrong } : each,
  );
}
