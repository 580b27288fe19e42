/** The reason of an arrival that was an answer to a prompt, or a command: taken, and no event. */
export const HANDLED = "answered";
