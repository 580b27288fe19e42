import { expect, test } from "vitest";
import { ERROR_CODES, SluiceError } from "../sdk/errors.ts";
import { toExit, toUsageFault } from "./exit.ts";

test("wrong use is 2, bad set-up is 78, everything else is 1", () => {
  const codes = Object.groupBy(ERROR_CODES, (code) => toExit(new SluiceError(code, "x")).code);
  expect(codes[2]).toEqual(["bad_input"]);
  expect(codes[78]?.toSorted()).toEqual(
    [
      "bad_config",
      "store_corrupt",
      "store_newer",
      "store_readonly",
      "unsafe_home",
      "unsupported",
    ].toSorted(),
  );
  expect(Object.keys(codes)).toEqual(["1", "2", "78"]);
});

test("a fault is its own sentence, without what a terminal would obey", () => {
  expect(toExit(toUsageFault("unknown flag --\u001b[31mx"))).toEqual({
    code: 2,
    message: "unknown flag --x",
  });
});

test("a bug says that it is one, and where", () => {
  const { code, message } = toExit(new TypeError("x is not a function"));
  expect(code).toBe(1);
  expect(message).toContain("please report it");
  expect(message).toContain("exit.test.ts");
});
