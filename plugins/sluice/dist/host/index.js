/**
 * The reference host, as `sluice/host`: a session that runs channel servers as Claude Code does, without a model of its own.
 *
 * Everyday names first, then those for tools that show or judge, then types.
 */
export { openSession, ReferenceSession } from "./session.js";
export { decideGate, toEntryText } from "./gates.js";
export { readEntries } from "./launch.js";
export { newRenderer, toPrintable, wantsColour } from "./render.js";
