import { expect, test } from "vitest";
import { fillOwn, findTemplateFault } from "./own-template.ts";
import { proposeTemplate } from "./propose.ts";

test("a template is proposed from what a request says: what, how it stands, how bad, and what it is about", () => {
  const payload = {
    alert: { title: "Disk is full", message: "3 % left", severity: "critical" },
    host: "db-1",
    state: "open",
    url: "https://example.com",
  };
  const template = proposeTemplate(payload);
  expect(template).toEqual({
    text: "{{alert.title}}: {{alert.message}} ({{state}})",
    meta: { status: "state" },
    entity: "{{host}}",
    severity: "alert.severity",
  });
  expect(findTemplateFault(template)).toBeUndefined();
  expect(fillOwn(template, payload)).toMatchObject({
    text: "Disk is full: 3 % left (open)",
    severity: "error",
    missing: [],
  });
});

test("a request without telling names gets its first values, and an empty one nothing", () => {
  expect(proposeTemplate({ a: "x", b: 2 })).toEqual({ text: "{{a}} {{b}}" });
  expect(proposeTemplate({})).toEqual({});
});
