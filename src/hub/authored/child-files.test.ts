import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { ChildFiles } from "./child-files.ts";

function makeCall(content: string) {
  const folder = mkdtempSync(join(tmpdir(), "sluice-files-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "a.txt");
  writeFileSync(path, content);
  const files = [{ path, name: "a.txt", bytes: content.length }];
  return { path, call: { op: "reply" as const, message: { chatId: "1", text: "", files } } };
}

test("CHILDFILE-1: a file may be asked for while a message with it is sent: not before, not after, and no other", async () => {
  const files = new ChildFiles();
  const { path, call } = makeCall("42 tests");
  await expect(files.read(path, 0)).rejects.toMatchObject({ code: "not_found" });
  const [end, endOther] = [files.begin(1, call), files.begin(2, call)];
  expect(Buffer.from(await files.read(path, 3), "base64").toString()).toBe("tests");
  expect(await files.read(path, 8)).toBe("");
  await expect(files.read("/etc/hostname", 0)).rejects.toMatchObject({ code: "not_found" });
  end();
  expect(await files.read(path, 0)).not.toBe("");
  endOther();
  await expect(files.read(path, 0)).rejects.toMatchObject({ code: "not_found" });
});

test("CHILDFILE-2: pieces that nobody waits for are dropped, more than was asked for is a fault, and missing ones are told", () => {
  const files = new ChildFiles();
  const piece = Buffer.from("12345").toString("base64");
  const call = {
    op: "act" as const,
    act: "download" as const,
    input: { reference: "r", maxBytes: 9 },
  };
  expect(files.add(7, piece)).toBe(0);
  const end = files.begin(7, call);
  files.add(7, piece);
  expect(() => files.add(7, piece)).toThrow(/more than the 9 bytes/);
  end();
  files.begin(8, call);
  files.add(8, piece);
  expect(() => files.take(8, { bytes: 6 })).toThrow(/5 of 6 bytes/);
  expect(files.take(8, { bytes: 5 })).toEqual(Buffer.from("12345"));
});
