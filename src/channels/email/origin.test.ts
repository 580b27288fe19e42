import { expect, test } from "vitest";
import { parseHeaders } from "./headers.ts";
import { readOrigin } from "./origin.ts";

const PLAIN = { type: "text/plain", reportType: "" };

function read(header: string, from = "ann@example.com", structure = PLAIN): string {
  return readOrigin(parseHeaders(Buffer.from(header)), from, structure);
}

// MAILLOOP-1
test.each([
  ["a person", "Subject: Hello", "message"],
  ["a person whose program says so", "Auto-Submitted: no", "message"],
  ["an away note", "Auto-Submitted: auto-replied (vacation)", "auto_reply"],
  [
    "an away note of Exchange",
    "Return-Path: <>\r\nIn-Reply-To: <a@b>\r\nX-Auto-Response-Suppress: All",
    "auto_reply",
  ],
  ["an old away note", "Precedence: auto_reply", "auto_reply"],
  ["another one", "X-Autoreply: yes", "auto_reply"],
  ["a mailing list", "List-Id: Dev <dev.example.com>", "list"],
  ["an old mailing list", "Precedence: list", "list"],
  ["a monitor", "Auto-Submitted: auto-generated", "automatic"],
  ["a newsletter", "List-Unsubscribe: <https://example.com/u>", "automatic"],
  ["bulk", "Precedence: bulk", "automatic"],
  ["nobody to answer", "Return-Path: <>", "automatic"],
])("%s is told apart", (_, header, origin) => {
  expect(read(header)).toBe(origin);
});

test("addresses that nobody reads are programs", () => {
  for (const from of [
    "noreply@x.test",
    "no-reply@x.test",
    "do_not_reply@x.test",
    "notifications@x.test",
    "alerts@x.test",
  ])
    expect(read("", from), from).toBe("automatic");
  for (const from of ["noreplyson@x.test", "alert.smith@x.test"])
    expect(read("", from), from).toBe("message");
});

test("reports of servers and of readers are told apart", () => {
  const report = (reportType: string) => ({ type: "multipart/report", reportType });
  expect(read("", "ann@x.test", report("delivery-status"))).toBe("bounce");
  expect(read("", "ann@x.test", report("disposition-notification"))).toBe("receipt");
  expect(read("", "mailer-daemon@x.test")).toBe("bounce");
});
