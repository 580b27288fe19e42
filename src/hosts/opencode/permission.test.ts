import { expect, test } from "vitest";
import { toAsk } from "./permission.ts";

const request = (metadata: object, more: object = {}) => ({
  id: "per_1",
  permission: "bash",
  patterns: ["cat notes.txt"],
  metadata,
  tool: { messageID: "msg_1", callID: "call_1" },
  ...more,
});
const COMMAND = "cat notes.txt";

test.each([
  [{}, "/work"],
  [{ workdir: "sub/folder", timeout: 1_000, description: "Reads the notes" }, "/work/sub/folder"],
  [{ workdir: "/etc" }, "/etc"],
  [{ workdir: "../other" }, "/other"],
])("a command with %j runs in %s", (more, cwd) => {
  const ask = toAsk(request({ command: COMMAND }), { command: COMMAND, ...more }, "/work");
  expect(ask).toMatchObject({ tool: "Bash", cwd });
  expect(JSON.parse(ask.preview)).toEqual({ command: COMMAND });
});

test.each<[string, object, object | undefined]>([
  ["its call is not known", { command: COMMAND }, undefined],
  ["its call has another command", { command: COMMAND }, { command: "cat other.txt" }],
  ["the request says more", { command: COMMAND, workdir: "/etc" }, { command: COMMAND }],
  ["the call says more", { command: COMMAND }, { command: COMMAND, env: { PATH: "/tmp" } }],
  ["its folder is no text", { command: COMMAND }, { command: COMMAND, workdir: ["/etc"] }],
  ["it tells no command", {}, { command: COMMAND }],
  ["it tells nothing", [], undefined],
])(
  "PERMISSION-1: where %s, it is no command that is judged, and all of it is shown",
  (_, metadata, input) => {
    const ask = toAsk(request(metadata), input as Record<string, unknown> | undefined, "/work");
    expect(ask.tool).toBe("opencode:bash");
    expect(ask).not.toHaveProperty("cwd");
    const shown = JSON.parse(ask.preview) as object;
    expect(shown).toMatchObject({ ...metadata, patterns: [COMMAND] });
    if (input !== undefined) expect(shown).toMatchObject({ call: input });
  },
);

test("what is no command is shown as it is asked", () => {
  const ask = toAsk(
    request({ filepath: "a.txt", diff: "+x" }, { permission: "edit", patterns: ["a.txt"] }),
    undefined,
    "/work",
  );
  expect(ask.tool).toBe("opencode:edit");
  expect(JSON.parse(ask.preview)).toEqual({ patterns: ["a.txt"], filepath: "a.txt", diff: "+x" });
});
