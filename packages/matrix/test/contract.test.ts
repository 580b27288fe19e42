import { channelContract } from "sluice/testing";
import { test } from "vitest";
import { openRig } from "./rig.fixture.ts";
import { SKIPS } from "./skips.ts";

for (const { claim, run } of channelContract(openRig, {}, SKIPS)) test.concurrent(claim, run);
