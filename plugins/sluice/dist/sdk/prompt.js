/**
 * The vocabulary of prompts: the questions of a session to people, and their answers.
 *
 * Owns: names and shapes. Never: behaviour. No shape here holds the raw input of a tool: what people see is masked before it is kept.
 */
/** `tool` a call that needs permission, `question` the model's own question, `plan` a plan to be accepted. */
const PROMPT_KINDS = ["tool", "question", "plan"];
/**
 * What became of a prompt. `pending` waits for people. `answered` a verdict was taken, and no other one will be.
 * `expired` nobody answered in time: the dialog at the terminal stays. `retired` it is over without a verdict of ours, `reason` says why.
 */
export const PROMPT_STATES = ["pending", "answered", "expired", "retired"];
/** Where a verdict came from. `rule` and `policy` are the owner's word given beforehand. */
const VIAS = ["terminal", "cli", "page", "push", "chat", "rule", "policy"];
/**
 * How long exactly this call stays allowed; `edits`: all ordinary edits of files in its folder, for this session.
 */
export const KEEPS = ["session", "day", "always", "edits"];
