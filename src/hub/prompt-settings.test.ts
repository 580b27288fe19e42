/** What config.json says of prompts, where it says nothing that can be understood. */
import { writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { toHome } from "../local/home.ts";
import { DEFAULT_PROJECT_COMMANDS } from "../flow/prompt/risk/project-commands.ts";
import { makeFolder } from "../store/sample.fixture.ts";
import { readPromptSettings } from "./prompts.ts";

const log = { debug() {}, info() {}, warn() {}, error() {} };

test("no command of a project goes by one tap while the file that may list none cannot be read", () => {
  const home = toHome(makeFolder());
  expect(readPromptSettings(home, log).projectCommands).toBe(DEFAULT_PROJECT_COMMANDS);
  writeFileSync(home.config, '{"prompts": {"projectCommands": []}, oops', { mode: 0o600 });
  expect(readPromptSettings(home, log)).toMatchObject({ projectCommands: [], afterMs: 20_000 });
});
