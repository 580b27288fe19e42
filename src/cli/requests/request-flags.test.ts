import { expect, test } from "vitest";
import { readProof, readTemplate, toTemplateFlags } from "./request-flags.ts";

test("each proof flag stands for a scheme, and they exclude each other", () => {
  expect(readProof({ hmac: "sha256:hex:X-Sig:{body}" })).toEqual({
    scheme: undefined,
    header: undefined,
    hmac: "sha256:hex:X-Sig:{body}",
  });
  expect(readProof({ basic: true })).toMatchObject({ scheme: "basic" });
  expect(readProof({ "query-secret": "key" })).toMatchObject({ scheme: "query", header: "key" });
  expect(readProof({ "path-secret": true })).toMatchObject({ scheme: "path" });
  expect(readProof({ verify: "token-header", header: "X-A" })).toMatchObject({ header: "X-A" });
  expect(readProof({})).toEqual({ scheme: undefined, header: undefined, hmac: undefined });
  expect(() => readProof({ basic: true, verify: "bearer" })).toThrow(
    "--verify and --basic exclude each other",
  );
  expect(() => readProof({ "path-secret": true, header: "X-A" })).toThrow(
    "--header and --path-secret exclude each other",
  );
});

test("a template is read from its flags and written back as they are typed", () => {
  const template = readTemplate({ text: "{{a.b}} it's", severity: "level" }, [
    "status=event.state",
  ]);
  expect(template).toEqual({
    text: "{{a.b}} it's",
    meta: { status: "event.state" },
    severity: "level",
  });
  expect(toTemplateFlags(template ?? {})).toBe(
    `--text '{{a.b}} it'\\''s' --meta status=event.state --severity level`,
  );
  expect(readTemplate({}, [])).toBeUndefined();
  for (const pair of ["status", "=x", "status="])
    expect(() => readTemplate({}, [pair])).toThrow(`--meta ${pair} is not name=path`);
});
