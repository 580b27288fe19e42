import { expect, test } from "vitest";
import { isEventId, newEventId, newUlid } from "./id.ts";

test("a ULID begins with its time, as the specification's example does", () => {
  // https://github.com/ulid/spec: 01ARZ3NDEKTSV4RRFFQ69G5FAV is of 1469922850259.
  expect(newUlid(1_469_922_850_259).slice(0, 10)).toBe("01arz3ndek");
  expect(newUlid(0).slice(0, 10)).toBe("0000000000");
  expect(newUlid(2 ** 48 - 1).slice(0, 10)).toBe("7zzzzzzzzz");
});

test("ids of later moments sort later", () => {
  const ids = [1, 31, 32, 1_023, 1_024, 1.7e12, 1.7e12 + 1].map((now) => newEventId(now));
  expect(ids.toSorted()).toEqual(ids);
});

test("ids of one moment differ in every one of their random places", () => {
  const ids = Array.from({ length: 2_000 }, () => newUlid(5));
  expect(new Set(ids).size).toBe(2_000);
  for (let place = 10; place < 26; place++) {
    expect(new Set(ids.map((id) => id[place])).size).toBe(32);
  }
});

test("an event id is evt_ and a ULID in lower case, nothing else", () => {
  const id = newEventId(Date.now());
  expect(isEventId(id)).toBe(true);
  const others = [
    id.toUpperCase(),
    `${id}0`,
    id.slice(0, -1),
    ` ${id}`,
    `${id}\n`,
    id.slice(4),
    `evt_8${id.slice(5)}`,
    `${id.slice(0, -1)}u`,
    "",
  ];
  expect(others.filter((other) => isEventId(other))).toEqual([]);
});
