/**
 * The channel contract: what every channel with a connection of its own must do, whatever its platform.
 *
 * Owns: the claims, and a hub that records the calls. Never: knows a platform or a test runner: each claim is a name and a function
 * that throws.
 *
 * ```ts
 * for (const { claim, run } of channelContract(openRig)) test(claim, run);
 * ```
 */
import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { isSluiceError } from "../sdk/errors.js";
import { MaybeSent } from "../sdk/message.js";
import { CHAT_FEATURES, claimFeature, } from "./chat-contract.js";
import { QUIET_MS, Scene } from "./scene.js";
/**
 * All claims, but those whose means the rig lacks. With `skips`, also an empty list, those on chats of people as well (`rig.chat`), but for
 * the features that the platform has not.
 */
export function channelContract(openRig, means = {}, skips) {
    const skipped = new Set(skips?.map(({ test }) => test));
    const features = skips === undefined ? [] : CHAT_FEATURES.filter((one) => !skipped.has(one));
    const claims = [
        ...CLAIMS.filter(({ needs }) => needs === undefined || means[needs] !== false),
        ...features.map((feature) => ({
            claim: `chat: ${feature}`,
            run: (scene) => claimFeature(feature, scene),
        })),
    ];
    return claims.map(({ claim, run }) => ({
        claim: `contract: ${claim}`,
        run: async () => {
            const scene = new Scene(await openRig());
            try {
                await run(scene);
                scene.assertNoSecret();
            }
            finally {
                await scene.end();
            }
        },
    }));
}
const CLAIMS = [
    {
        claim: "each message arrives once, and names its sender, chat, account and delivery",
        run: async (scene) => {
            await scene.open();
            for (const text of ["one", "two", "three"])
                await scene.rig.say(text);
            await scene.until(() => scene.kept.length >= 3, "three messages");
            await wait(QUIET_MS);
            assert.deepEqual(scene.texts(), ["one", "two", "three"]);
            for (const arrival of scene.kept) {
                assert.equal(arrival.chatId, scene.rig.chatId, "chatId says where an answer goes");
                assert.ok(arrival.sender.id !== "", "sender.id is the platform's immutable one");
                assert.ok(arrival.chat !== undefined && arrival.chat.account !== "", "chat.account is set");
                assert.ok(arrival.deliveryId !== undefined, "deliveryId makes a repetition a duplicate");
                assert.notEqual(arrival.verified, "none");
                assert.ok(!Object.hasOwn(arrival.meta, "source"), "meta never holds source");
            }
            assert.equal(new Set(scene.kept.map((one) => one.deliveryId)).size, 3, "deliveries differ");
        },
    },
    {
        claim: "what was said while we were away arrives with the next life, and nothing twice",
        run: async (scene) => {
            await scene.open();
            await scene.rig.say("before");
            await scene.until(() => scene.kept.length >= 1, "the first message");
            await scene.close();
            await scene.rig.say("away 1");
            await scene.rig.say("away 2");
            await scene.open();
            await scene.rig.say("after");
            await scene.until(() => scene.texts().includes("after"), "the last message");
            await wait(QUIET_MS);
            assert.deepEqual(scene.texts(), ["before", "away 1", "away 2", "after"]);
        },
    },
    {
        claim: "a batch that could not be kept comes again: the cursor moves only with it",
        run: async (scene) => {
            scene.refuseTakes = 2;
            await scene.open();
            await scene.rig.say("stubborn");
            await scene.until(() => scene.kept.length >= 1, "the message after two refusals");
            await wait(QUIET_MS);
            assert.deepEqual(scene.texts(), ["stubborn"]);
            assert.equal(scene.refuseTakes, 0);
        },
    },
    {
        claim: "a death between platform and disk brings the same message with the same delivery id",
        run: async (scene) => {
            await scene.open();
            await scene.rig.say("again");
            await scene.until(() => scene.kept.length >= 1, "the message");
            const [first] = scene.kept;
            await scene.close();
            scene.forgetLast();
            await scene.open();
            // A platform that has been told to forget it may do so; what it repeats must be known.
            await wait(QUIET_MS);
            for (const repeated of scene.raw.slice(1))
                assert.equal(repeated.deliveryId, first?.deliveryId);
        },
    },
    {
        claim: "a text is sent, and its message ids are told",
        run: async (scene) => {
            const connection = await scene.open();
            const { messageIds } = await connection.send({
                chatId: scene.rig.chatId,
                text: "Done: 3 < 4",
            });
            assert.ok(messageIds.length >= 1 && messageIds.every((id) => id !== ""));
            assert.deepEqual(scene.rig.sent(), ["Done: 3 < 4"]);
        },
    },
    {
        claim: "a text too long for one message arrives whole, in order, with no character broken",
        needs: "split",
        run: async (scene) => {
            const { maxTextChars } = scene.rig;
            if (maxTextChars === undefined)
                return;
            const connection = await scene.open();
            const words = Array.from({ length: Math.ceil(maxTextChars / 4) }, (_, i) => `w${i}🙂`);
            const { messageIds } = await connection.send({
                chatId: scene.rig.chatId,
                text: words.join(" "),
            });
            const parts = scene.rig.sent();
            assert.equal(messageIds.length, parts.length);
            assert.ok(parts.every((part) => part.length <= maxTextChars && part.isWellFormed()));
            assert.deepEqual(parts.join(" ").split(/\s+/), words);
        },
    },
    {
        claim: "a platform that asks to wait is obeyed to the second",
        needs: "slowDown",
        run: async (scene) => {
            const connection = await scene.open();
            scene.rig.slowDown?.(2);
            const at = Date.now();
            const fault = await scene.sendFault(connection, "later");
            if (fault === undefined) {
                assert.ok(Date.now() - at >= 1_900, "the channel waited by itself");
            }
            else {
                assert.equal(fault.retryable, true);
                assert.ok((fault.retryAfterMs ?? 0) >= 1_900, `retryAfterMs is ${fault.retryAfterMs}`);
                assert.ok(!(fault.cause instanceof MaybeSent), "it was refused, so it was not sent");
                assert.deepEqual(scene.rig.sent(), []);
                await wait(fault.retryAfterMs ?? 0);
                await connection.send({ chatId: scene.rig.chatId, text: "later" });
            }
            assert.deepEqual(scene.rig.sent(), ["later"]);
        },
    },
    {
        claim: "a message that may have arrived is never taken for one that did not",
        needs: "breakAfterSend",
        run: async (scene) => {
            const connection = await scene.open();
            scene.rig.breakAfterSend?.();
            const fault = await scene.sendFault(connection, "perhaps");
            assert.ok(fault?.cause instanceof MaybeSent, `the cause is ${String(fault?.cause)}`);
            assert.deepEqual(scene.rig.sent(), ["perhaps"]);
        },
    },
    {
        claim: "a message that cannot have left is never taken for one that may have",
        needs: "leave",
        run: async (scene) => {
            const connection = await scene.open();
            await scene.rig.leave?.();
            const fault = await scene.sendFault(connection, "not yet");
            assert.ok(fault?.retryable === true, `it is to be tried again: ${String(fault)}`);
            assert.ok(!(fault.cause instanceof MaybeSent), String(fault.cause));
        },
    },
    {
        claim: "an outage is waited out, and nothing is lost over it",
        needs: "failFor",
        run: async (scene) => {
            await scene.open();
            scene.rig.failFor?.(3);
            await scene.rig.say("through the outage");
            await scene.until(() => scene.kept.length >= 1, "the message after the outage");
            await scene.until(() => scene.state?.kind === "connected", "the state connected");
            assert.deepEqual(scene.texts(), ["through the outage"]);
        },
    },
    {
        claim: "a refused credential waits for its owner, calmly",
        needs: "revoke",
        run: async (scene) => {
            scene.rig.revoke?.();
            await scene.open().catch((thrown) => {
                assert.ok(isSluiceError(thrown), String(thrown));
                assert.equal(thrown.retryable, false, "no waiting mends it");
                scene.report({ kind: "paused", reason: thrown.message });
            });
            await scene.until(() => scene.state?.kind === "paused", "the state paused");
            const before = scene.rig.requests();
            await wait(QUIET_MS * 2);
            assert.equal(scene.rig.requests(), before, "nothing is asked while it waits");
        },
    },
    {
        claim: "close ends everything: no connection stays, nothing is reported or taken after it",
        run: async (scene) => {
            await scene.open();
            await scene.close();
            const reports = scene.reports;
            await scene.rig.say("too late");
            await wait(QUIET_MS);
            assert.deepEqual(scene.texts(), []);
            assert.equal(scene.reports, reports);
            assert.equal(scene.rig.openCount?.() ?? 0, 0);
        },
    },
];
