import { expect, test } from "vitest";
import { toChildEnvironment, toNodeArgs } from "./node-args.ts";

test("SANDBOX-1: what this Node can close is closed, and the way to the network is asked for where it must be", () => {
  const [model] = toNodeArgs(["/code"], true, () => true);
  expect(model).toBe("--permission");
  expect(toNodeArgs(["/code"], true, () => true)).toContain("--allow-net");
  expect(toNodeArgs(["/code"], true, () => true)).toContain("--allow-fs-read=/code");
  expect(toNodeArgs(["/code"], false, () => true)).not.toContain("--allow-net");
  const older = toNodeArgs(["/code"], true, (flag) => flag === "--experimental-permission");
  expect(older[0]).toBe("--experimental-permission");
  expect(() => toNodeArgs(["/code"], true, () => false)).toThrow(/has no permission model/);
  for (const args of [older, toNodeArgs(["/code"], true, () => true)])
    for (const opened of ["fs-write", "child-process", "worker", "addons", "wasi"])
      expect(args.join(" ")).not.toContain(`--allow-${opened}`);
});

test("SANDBOX-2: of the hub's environment only the way to the network, language and time zone pass", () => {
  const passed = { HTTPS_PROXY: "http://p:1", no_proxy: "x", TZ: "UTC", LC_ALL: "C", LANG: "C" };
  const kept = { PATH: "/bin", HOME: "/h", SLUICE_HOME: "/s", NODE_OPTIONS: "-r x", TOKEN: "t" };
  expect(toChildEnvironment({ ...passed, ...kept })).toEqual(passed);
});
