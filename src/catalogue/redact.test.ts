/**
 * Credentials in what people and programs write.
 */
import { expect, test } from "vitest";
import { redactText } from "./redact.ts";

test.each([
  ["postgres://app:s3cr3tpw@db.example/x", "postgres://[redacted]@db.example/x"],
  ["redis://:p4ssw0rd@cache:6379", "redis://[redacted]@cache:6379"],
  ["PGPASSWORD=abc123def456 psql", "PGPASSWORD=[redacted] psql"],
  ['"api_key": "9f8e7d6c5b4a"', '"api_key": "[redacted]"'],
  ["curl -u admin:tiger2go x", "curl -u admin:[redacted] x"],
  ["Authorization: Basic dXNlcjpwYXNz", "Authorization: Basic [redacted]"],
  ["https://hooks.slack.com/services/T000/B000/XXXX", "https://hooks.slack.com/[redacted]"],
  ["key sk_live_4eC39HqLyjWDarjt", "key [redacted]"],
])("a credential in a text is replaced: %s", (text, shown) => {
  expect(redactText(text)).toBe(shown);
});

test.each([
  "token: refactor the parser",
  "password reset page, version 2.10.4",
  "ssh://git@git.example.org:7999/octo/app.git",
  "max_tokens=128000",
  "the key: 12 steps",
  "2026-11-30T12:00:00Z step:build status:failed",
])("a text without one stays as it is: %s", (text) => {
  expect(redactText(text)).toBe(text);
});

test("a long text of anything takes no more than its length", () => {
  const hostile = "token".repeat(6_000) + "=" + "a.b-c+".repeat(5_000) + "://" + ":@".repeat(5_000);
  expect(redactText(hostile).length).toBeGreaterThan(0);
});
