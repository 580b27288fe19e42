import { listPrompts } from "../../store/prompts/prompts.js";
import { hasVerdictLine } from "./chat/words.js";
/** Why a text of a session does not leave; undefined where it may. */
export function findEcho(db, text) {
    if (!hasVerdictLine(text))
        return undefined;
    if (listPrompts(db, { state: "pending", limit: 1 }).length === 0)
        return undefined;
    return 'a line of the text reads as an answer to a permission prompt ("yes" or "no" and five letters), and only people give those; say it in other words.';
}
