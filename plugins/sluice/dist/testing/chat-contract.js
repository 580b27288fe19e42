/**
 * The part of the channel contract for platforms on which people talk: each claim is one feature of a chat.
 *
 * Owns: these claims. Never: knows a platform. A platform that lacks a feature skips its claim, with its reason; docs/chats.md is made of
 * that.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readOwnWords } from "../sdk/words.js";
const heard = async ({ scene }, count) => {
    await scene.until(() => scene.kept.length >= count, `arrival ${count}`);
    return scene.kept[count - 1];
};
const FEATURE_CLAIMS = {
    groups: async (act) => {
        act.chat.write({ text: "among us", place: "group" });
        act.chat.write({ text: "for you", place: "group", isAddressed: true });
        const [among, named] = [await heard(act, 1), await heard(act, 2)];
        assert.equal(among.chat?.place, "group");
        assert.ok((among.chat?.groupId ?? among.chatId) !== undefined, "the group has an id");
        assert.deepEqual([among.chat?.isAddressed, named.chat?.isAddressed], [false, true]);
    },
    threads: async (act) => {
        act.chat.write({ text: "in the thread", place: "thread", isAddressed: true });
        const arrival = await heard(act, 1);
        assert.equal(arrival.chat?.place, "thread");
        const threadId = arrival.meta["thread_id"];
        assert.ok(threadId !== undefined, "thread_id names it");
        const { messageIds } = await act.connection.send({
            chatId: arrival.chatId ?? "",
            threadId,
            text: "there",
        });
        assert.equal(act.chat.read(messageIds[0] ?? "")?.threadId, threadId, "it is answered there");
    },
    "bots told apart": async (act) => {
        act.chat.write({ text: "I am Ann", place: "group", isAddressed: true, isBot: true });
        const arrival = await heard(act, 1);
        assert.ok(arrival.chat?.isBot === true || arrival.chat?.place === "broadcast");
    },
    edits: async (act) => {
        const id = act.chat.write({ text: "no" });
        await heard(act, 1);
        act.chat.edit(id, "yes abcde");
        const edit = await heard(act, 2);
        assert.deepEqual([edit.kind, edit.chat?.isEdited, edit.meta["message_id"]], ["message.edited", true, id]);
        assert.equal(readOwnWords(edit), "", "an edit is no new word");
    },
    deletions: async (act) => {
        const id = act.chat.write({ text: "secret" });
        await heard(act, 1);
        act.chat.remove(id);
        const deleted = await heard(act, 2);
        assert.deepEqual([deleted.kind, deleted.meta["message_id"]], ["message.deleted", id]);
        assert.ok(!JSON.stringify(deleted).includes("secret"), "what was deleted is not told again");
    },
    "reactions of people": async (act) => {
        const id = act.chat.write({ text: "look" });
        await heard(act, 1);
        act.chat.react(id, "👍");
        const reaction = await heard(act, 2);
        assert.deepEqual([reaction.kind, reaction.meta["reaction"]], ["reaction", "👍"]);
        assert.equal(readOwnWords(reaction), "");
    },
    "replies quoted": async (act) => {
        const id = act.chat.write({ text: "the first" });
        await heard(act, 1);
        act.chat.write({ text: "the second", answers: id });
        const arrival = await heard(act, 2);
        assert.equal(arrival.meta["reply_to_id"], id);
        assert.equal(readOwnWords(arrival), "the second");
        assert.ok(arrival.quotes.some(({ label, text }) => label === "in reply to" && text === "the first"));
    },
    "forwards told apart": async (act) => {
        act.chat.write({ text: "yes abcde", isForwarded: true });
        const arrival = await heard(act, 1);
        assert.equal(arrival.chat?.isForwarded, true);
        assert.equal(readOwnWords(arrival), "", "somebody else's words");
    },
    "files received": async (act) => {
        act.chat.write({ text: "", file: { name: "plan.txt", content: "first, the tests" } });
        const [file] = (await heard(act, 1)).files ?? [];
        assert.equal(file?.name, "plan.txt");
        const content = await act.connection.download?.(file?.reference ?? "", 1_000);
        assert.equal(content?.toString(), "first, the tests");
    },
    "files sent": async (act) => {
        const folder = mkdtempSync(join(tmpdir(), "sluice-contract-"));
        try {
            const path = join(folder, "report.txt");
            writeFileSync(path, "42 tests");
            const files = [{ path, name: "report.txt", bytes: 8 }];
            const { messageIds } = await act.connection.send({
                chatId: act.scene.rig.chatId,
                text: "",
                files,
            });
            assert.deepEqual(act.chat.read(messageIds.at(-1) ?? "")?.files, ["report.txt"]);
        }
        finally {
            rmSync(folder, { recursive: true, force: true });
        }
    },
    "answers under their question": async (act) => {
        const id = act.chat.write({ text: "why?" });
        await heard(act, 1);
        const { messageIds } = await act.connection.send({
            chatId: act.scene.rig.chatId,
            text: "so",
            replyTo: id,
        });
        assert.equal(act.chat.read(messageIds[0] ?? "")?.answers, id);
    },
    "messages changed": async (act) => {
        const { chatId } = act.scene.rig;
        const buttons = [[{ id: "b.1", label: "Allow", says: "yes" }]];
        const { messageIds } = await act.connection.send({ chatId, text: "Question", buttons });
        const [id = ""] = messageIds;
        await act.connection.edit?.(chatId, id, "Allowed");
        const { text, buttons: left } = act.chat.read(id) ?? {};
        assert.deepEqual([text, left], ["Allowed", []], "an edit without buttons takes them away");
    },
    "reactions of sessions": async (act) => {
        const id = act.chat.write({ text: "look" });
        await heard(act, 1);
        await act.connection.react?.(act.scene.rig.chatId, id, "👍");
        assert.deepEqual(act.chat.read(id)?.reactions, ["👍"]);
    },
    "signs at messages": async (act) => {
        const { chatId } = act.scene.rig;
        const id = act.chat.write({ text: "look" });
        await heard(act, 1);
        await act.connection.mark?.(chatId, id, "received");
        assert.equal(act.chat.read(id)?.reactions.length, 1, "one sign");
        await act.connection.mark?.(chatId, id, "answered");
        assert.deepEqual(act.chat.read(id)?.reactions, [], "none once it is answered");
    },
    typing: async (act) => {
        await act.connection.typing?.(act.scene.rig.chatId, "working");
        assert.equal(act.chat.typed().length, 1);
    },
    buttons: async (act) => {
        const buttons = [
            [
                { id: "b.1", label: "Allow", says: "yes" },
                { id: "b.2", label: "Deny", says: "no" },
            ],
        ];
        const { messageIds } = await act.connection.send({
            chatId: act.scene.rig.chatId,
            text: "May I?",
            buttons,
        });
        const [id = ""] = messageIds;
        act.chat.press(id, "Deny");
        const press = await heard(act, 1);
        assert.deepEqual([press.chat?.button, press.meta["message_id"]], ["b.2", id]);
        assert.ok(press.sender.id !== "" && readOwnWords(press) === "");
    },
    forms: async (act) => {
        assert.equal(act.connection.hasForms, true);
        const asks = { title: "Deny this call", label: "Why" };
        const buttons = [[{ id: "b.3", label: "Deny and say why", asks }]];
        const { messageIds } = await act.connection.send({
            chatId: act.scene.rig.chatId,
            text: "May I?",
            buttons,
        });
        await act.chat.fill(messageIds[0] ?? "", "Deny and say why", "not on Fridays");
        const filled = await heard(act, 1);
        assert.deepEqual([filled.chat?.button, readOwnWords(filled)], ["b.3", "not on Fridays"]);
    },
    commands: async (act) => {
        act.chat.command("status");
        assert.equal(readOwnWords(await heard(act, 1)), "/status");
    },
};
export const CHAT_FEATURES = Object.keys(FEATURE_CLAIMS);
/** The claim on one feature. @throws TypeError for a rig without a `chat`. */
export async function claimFeature(feature, scene) {
    const { chat } = scene.rig;
    if (chat === undefined)
        throw new TypeError("the rig has no `chat`: nobody can write there");
    await FEATURE_CLAIMS[feature]({ scene, chat, connection: await scene.open() });
}
