// The list's half of the wire, for the tests.
import { FakePlatform } from "sluice/testing";

export type Build = { number: number; branch: string; result: "passed" | "failed" };

export async function openFake() {
  const builds: Build[] = [];
  const platform = await FakePlatform.open(() => ({ json: builds }));
  return {
    platform,
    /** What the list holds. */
    builds,
    /** How often it was asked for. */
    looks: () => platform.requests.length,
  };
}
