/**
 * Text of prompts as people may read it, for the command line.
 */
export { toVisible } from "../flow/prompt/visible.ts";
