/** The reason of a message that was a person's answer to a prompt, and so is no event. */
export const ANSWERED = "an answer to a prompt";
