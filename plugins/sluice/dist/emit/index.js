/**
 * The door `sluice/emit`: how an application tells a session something.
 *
 * Owns: what is exported. Never: behaviour.
 */
export { createEmitter } from "./emitter.js";
