/**
 * How bad a word, or an event's name, is.
 */
import { expect, test } from "vitest";
import { findSeverity, toNameSeverity, toSeverity } from "./severity.ts";

test.each([
  ["setup_intent.setup_failed", "error"],
  ["subscription_billing_attempts/failure", "error"],
  ["Notification.EC2_Instance_Launch_Unsuccessful", "error"],
  ["Microsoft.Resources.ResourceWriteFailure", "error"],
  ["check.degraded", "warning"],
  ["issue.error_resolved", "info"],
  ["failed_login.dismissed", "info"],
  ["pullrequest:rejected", "info"],
  ["Notification.EC2_Instance_Launch_Successful", "info"],
  ["page.created", "info"],
  ["", "info"],
])("an event without a word for it is as bad as its name: %s is %s", (event, severity) => {
  expect(toNameSeverity(event)).toBe(severity);
});

test("a word that nobody knows says nothing, one that says that all is well says that", () => {
  expect(findSeverity("insufficient_funds")).toBeUndefined();
  expect(findSeverity("Succeeded")).toBe("info");
  expect(findSeverity("ok", { ok: "warning" })).toBe("warning");
  expect(toSeverity("Timed Out")).toBe("warning");
});
