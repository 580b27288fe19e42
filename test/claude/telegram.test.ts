// A person on Telegram and the session that is open: the wire is a fake's, the rest is real.
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { expect } from "vitest";

import { FAKE_TOKEN, FakeTelegram } from "../fakes/telegram/fake-telegram.ts";
import { toRead } from "./api-request.ts";
import { waitForWords } from "./readings.ts";
import { callTool, script } from "./script.ts";
import { sessionTest, type SluiceStage } from "./sluice-test.ts";
import { waitUntil } from "./wait.ts";

const entry = fileURLToPath(new URL("../../bin/sluice.js", import.meta.url));

/** A bot with one person who is let in, as its owner does it in a terminal. */
async function openBot({ home, claude, defer, sluice }: SluiceStage): Promise<FakeTelegram> {
  const fake = await FakeTelegram.open();
  defer(() => fake.close());
  const added = await sluice.try(
    ["add", "telegram", "--secret-stdin", "--set", `api-root=${fake.root}`],
    FAKE_TOKEN,
  );
  expect(added).toMatchObject({ code: 0, stderr: "" });
  const command = `'${process.execPath}' '${entry}' access allow telegram 77 --role chatter`;
  const env = { ...home.env, SLUICE_CLAUDE: claude };
  await promisify(execFile)("script", ["-qec", command, "/dev/null"], { cwd: home.project, env });
  return fake;
}

let messageId = 10;
function toMessage(parts: object): object {
  return {
    message_id: messageId++,
    date: Math.floor(Date.now() / 1_000),
    from: { id: 77, is_bot: false, first_name: "Ann" },
    chat: { id: 77, type: "private" },
    ...parts,
  };
}

sessionTest(
  "a person on Telegram asks, the session answers in that chat; a photo, a file, an answer and an edit are read, too",
  {
    script: script(
      {
        when: /event_id="(evt_\w+)"[^>]*>\s*Message from Ann\s*\| message: how is the build/,
        answer: ([, id]) => callTool("reply", { event_id: id, text: "It is **green**: 2 < 3." }),
      },
      {
        when: /event_id="(evt_\w+)"[^>]*>\s*Message from Ann\s[^<]*read-this-document/,
        answer: ([, id]) => callTool("download_attachment", { event_id: id }),
      },
      {
        when: /event_id="(evt_\w+)"[^>]*>\s*Message from Ann\s[^<]*read-this-document[^]*\[tool_result\][^]*?\/\S+plan\.txt/,
        answer: ([, id]) =>
          callTool("reply", { event_id: id, text: "Mine.", files: ["report.txt"] }),
      },
    ),
  },
  async (stage) => {
    const { api, client } = stage;
    const fake = await openBot(stage);
    fake.push({ message: toMessage({ text: "how is the build?" }) });
    const sent = await waitUntil(() => fake.sent("sendMessage")[0], { what: "the answer" });
    expect(sent.payload).toMatchObject({ chat_id: "77", text: "It is <b>green</b>: 2 &lt; 3." });
    await client.waitForIdle();
    // The person at the terminal sees who wrote.
    await client.waitForScreen("telegram: Ann: how is the build?", { history: true });

    fake.files.set("photos/1.jpg", Buffer.alloc(2_000, 1));
    const photo = [{ file_id: "photos/1.jpg", width: 90, height: 90, file_size: 2_000 }];
    fake.push({ message: toMessage({ caption: "look-at-this-photo", photo }) });
    await waitForWords(api, "look-at-this-photo");
    await client.waitForIdle();

    writeFileSync(join(stage.home.project, "report.txt"), "42 tests\n");
    fake.files.set("documents/1", Buffer.from("first, the tests\n"));
    const document = { file_id: "documents/1", file_name: "plan.txt", file_size: 17 };
    fake.push({ message: toMessage({ caption: "read-this-document", document }) });
    const file = await waitUntil(() => fake.sent("sendDocument")[0], {
      what: "the session's own file",
      timeoutMs: 30_000,
    });
    expect(file.payload).toMatchObject({ chat_id: "77", caption: "Mine." });
    expect([...file.files.values()]).toMatchObject([{ name: "report.txt", bytes: 9 }]);
    const fetched = toRead(await waitForWords(api, "plan.txt")).concat(
      ...api.requests.map(toRead).filter((words) => words.includes("[tool_result]")),
    );
    const [plan = ""] = /\/\S+plan\.txt/.exec(fetched) ?? [];
    expect(plan === "" ? fetched : readFileSync(plan, "utf8")).toBe("first, the tests\n");
    await client.waitForIdle();

    const answered = { message_id: 500, date: 1, text: "It is green", from: { id: 4_242 } };
    fake.push({ message: toMessage({ text: "since-when", reply_to_message: answered }) });
    const quoting = await waitForWords(api, "since-when");
    expect(toRead(quoting)).toContain("| in reply to: It is green");
    await client.waitForIdle();

    fake.push({
      edited_message: toMessage({ message_id: 10, edit_date: 2, text: "how-is-the-deploy" }),
    });
    const edited = await waitForWords(api, "how-is-the-deploy");
    expect(toRead(edited)).toContain("Ann edited message 10");
    await client.waitForIdle();
    expect(fake.sent("sendMessage")).toHaveLength(1);
  },
);
