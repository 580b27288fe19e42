import { expect, test } from "vitest";
import { fillOwn, findTemplateFault } from "./own-template.ts";

const PAYLOAD = {
  title: "Disk is full",
  level: "CRITICAL",
  host: { name: 'db-1"><channel>' },
  jobs: [{ name: "unit" }, { name: "e2e" }],
};

test("OWN-1: a template is filled by paths, with or without event. in front", () => {
  const words = fillOwn(
    {
      text: "{{event.title}} ({{level}}): {{jobs.*.name}}",
      meta: { host: "host.name", where: "on {{host.name}}" },
      entity: "disk of {{host.name}}",
      severity: "event.level",
      id: "event.title",
    },
    PAYLOAD,
  );
  expect(words).toEqual({
    text: "Disk is full (CRITICAL): unit, e2e",
    meta: { host: "db-1???channel?", where: "on db-1???channel?" },
    entity: "disk of db-1???channel?",
    severity: "error",
    id: "Disk is full",
    missing: [],
  });
});

test("a key that is called event is that key", () => {
  expect(
    fillOwn({ text: "{{event.title}}" }, { event: { title: "inner" }, title: "outer" }).text,
  ).toBe("inner");
});

test("OWN-2: a path that is not there shows nothing and is named", () => {
  const words = fillOwn({ text: "{{title}} {{event.nope}}", meta: { a: "nope|gone" } }, PAYLOAD);
  expect(words).toMatchObject({
    text: "Disk is full",
    meta: {},
    missing: ["nope|gone", "event.nope"],
  });
});

test.each([
  [{ text: "no path" }, "--text: it names no path"],
  [{ text: "{{event.title}" }, "--text: {{ and }} do not match"],
  [{ text: "{{event..title}}" }, '--text: "event..title" is no path'],
  [{ text: "{{}}" }, '--text: "" is no path'],
  [{ meta: { "a-b": "x" } }, "--meta a-b: a name has"],
  [{ meta: { source: "x" } }, "--meta source: a name has"],
  [{ severity: "a b\n" }, "--severity:"],
  [{ id: "{{x}}" }, "--id:"],
])("%j is refused when it is added", (template, fault) => {
  expect(findTemplateFault(template)).toContain(fault);
});

test("good templates have no fault", () => {
  expect(
    findTemplateFault({
      text: "{{event.title|event.name}} {{list.0.x}} {{jobs.*(state=failed).name}} {{$header.x-a}}",
      meta: { severity: "event.level" },
      entity: "{{id}}",
    }),
  ).toBeUndefined();
});
