import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolder } from "../../store/sample.fixture.ts";
import { findNetworkDisk, findSyncFolder } from "./disk-kind.ts";
import { openHome } from "./home.ts";

test.each([
  [0x6969, "NFS"],
  [0xfe534d42, "SMB2"],
  [-28_095_166, "SMB2"],
  [0x01021997, "9p"],
  [0xef53, undefined],
  [0x9123683e, undefined],
  [0x01021994, undefined],
])("FAULT-13: a disk of type %i is %s", (type, name) => {
  const folder = makeFolder();
  expect(findNetworkDisk(join(folder, "not", "yet"), "linux", () => type)).toBe(name);
  expect(findNetworkDisk(folder, "darwin", () => type)).toBeUndefined();
});

test("FAULT-13: a disk of this machine is none", () => {
  expect(findNetworkDisk(makeFolder())).toBeUndefined();
});

test("FAULT-13: a home on a network file system is refused by name, before anything is written", () => {
  const folder = join(makeFolder(), "home");
  expect(() => openHome({ SLUICE_HOME: folder }, () => "NFS")).toThrow(
    /home .* lies on NFS.* set SLUICE_HOME to a folder on a disk of this machine/,
  );
});

test.each([
  ["/Users/ann/Library/Mobile Documents/com~apple~CloudDocs/.sluice", "Mobile Documents"],
  ["/Users/ann/Library/CloudStorage/Box/.sluice", "CloudStorage"],
  ["/home/ann/Dropbox/work/.sluice", "Dropbox"],
  ["/home/ann/OneDrive - Firm/.sluice", "OneDrive - Firm"],
  ["/home/ann/.sluice", undefined],
  ["/home/ann/dropbox-tools/.sluice", undefined],
])("FAULT-13: %s is synced by: %s", (path, name) => {
  expect(findSyncFolder(path)).toBe(name);
});
