import { expect, test } from "vitest";
import { checkTunnel } from "./check-tunnel.ts";

const VIEW = { by: "cloudflared", isLasting: false } as const;

test("a tunnel that was not asked for is none, and one that is up is well", () => {
  expect(checkTunnel(undefined)).toEqual([]);
  expect(checkTunnel({ ...VIEW, state: "up", url: "https://x.test" })).toMatchObject([
    { ok: true },
  ]);
});

test("one that is down is a failure whose fix is its own", () => {
  const reason =
    'cloudflared is not signed in, which a named tunnel needs; run "cloudflared tunnel login"';
  expect(checkTunnel({ ...VIEW, state: "down", reason })).toEqual([
    {
      check: "tunnel",
      ok: false,
      detail: "cloudflared is down: cloudflared is not signed in, which a named tunnel needs",
      fix: 'run "cloudflared tunnel login"',
    },
  ]);
  expect(
    checkTunnel({ ...VIEW, state: "down", reason: "cloudflared ended by SIGKILL" })[0]?.fix,
  ).toBe("it is started again by itself");
});
