import { expect, test } from "vitest";
import { SluiceError } from "../../sdk/errors.ts";
import { fetchFile, type FetchFileOptions } from "../../sdk/net/fetch-file.ts";
import { confirmSubscription } from "./confirm.ts";

const HOST = /sns\.[a-z]{2}-[a-z]+-\d\.amazonaws\.com/;
const URL_OF_AWS = "https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&Token=once";

function rig(fault?: Error) {
  const asked: [string, FetchFileOptions][] = [];
  const lines: unknown[] = [];
  const needs = {
    log: { info: (...line: unknown[]) => void lines.push(line) },
    fetch: async (url: string, options: FetchFileOptions) => {
      asked.push([url, options]);
      if (fault !== undefined) throw fault;
      return Buffer.from("<ConfirmSubscriptionResponse/>");
    },
  };
  return { asked, lines, needs };
}

// CONFIRM-1
test("a subscription is confirmed on the platform's host, and the log holds no more of the URL than that", async () => {
  const { asked, lines, needs } = rig();
  await confirmSubscription(needs, "aws", { url: URL_OF_AWS, host: HOST });
  expect(asked).toEqual([
    [URL_OF_AWS, { hosts: ["sns.us-east-1.amazonaws.com"], maxBytes: 65_536 }],
  ]);
  expect(JSON.stringify(lines)).toContain("sns.us-east-1.amazonaws.com");
  expect(JSON.stringify(lines)).not.toContain("once");
});

test.each([
  "https://example.com/?Token=once",
  "https://sns.us-east-1.amazonaws.com.example.com/",
  "https://evil-sns.us-east-1.amazonaws.com/",
  "https://sns.us-east-1.amazonaws.com@example.com/",
  "no URL",
  "",
])("%j is not asked", async (url) => {
  const { asked, needs } = rig();
  await expect(confirmSubscription(needs, "aws", { url, host: HOST })).rejects.toThrow(
    "not the platform's",
  );
  expect(asked).toEqual([]);
});

test.each([
  URL_OF_AWS.replace("https", "http"),
  URL_OF_AWS.replace(".com/", ".com:8443/"),
  URL_OF_AWS.replace("https://", "https://user@"),
])("%j makes no connection", async (url) => {
  const resolve = () => {
    throw new Error("it was looked up");
  };
  const { lines, needs } = rig();
  const fetch = (asked: string, options: FetchFileOptions) =>
    fetchFile(asked, { ...options, resolve });
  await expect(
    confirmSubscription({ ...needs, fetch }, "aws", { url, host: HOST }),
  ).rejects.toThrow("refused");
  expect(lines).toEqual([]);
});

test("a name that leads to this network is not asked, and a fault is passed on", async () => {
  const { needs } = rig();
  const resolve: FetchFileOptions["resolve"] = (_name, done) =>
    done(null, [{ address: "169.254.169.254", family: 4 }]);
  const fetch = (asked: string, options: FetchFileOptions) =>
    fetchFile(asked, { ...options, resolve });
  await expect(
    confirmSubscription({ ...needs, fetch }, "aws", { url: URL_OF_AWS, host: HOST }),
  ).rejects.toThrow();
  const failing = rig(new SluiceError("send_failed", "no connection", { retryable: true }));
  await expect(
    confirmSubscription(failing.needs, "aws", { url: URL_OF_AWS, host: HOST }),
  ).rejects.toThrow("no connection");
  expect(failing.lines).toEqual([]);
});
