/**
 * The `jobs` channel: ends of commands under `sluice run`, and of turns of sessions.
 *
 * Owns: the definition. Never: hears of an end (hub/jobs). The hub adds it when the first event of it comes.
 */
import { defineKind } from "../../sdk/channel.js";
import { toInwardConnection } from "../../sdk/inward/connection.js";
export const jobs = defineKind({
    kind: "jobs",
    title: "Jobs",
    description: "Ends of commands under sluice run, and of other sessions' turns; added by itself",
    ack: "auto",
    schemes: ["local"],
    maxBodyBytes: 1024 * 1024,
    canReply: false,
    nextStep: "run a command below Sluice: sluice run -- npm test",
    open: async ({ name }) => toInwardConnection(name),
});
