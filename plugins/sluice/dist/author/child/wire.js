/** The pipe, beside stdin, stdout and stderr. */
export const WIRE_FD = 3;
export const MAX_LINE_BYTES = 8 * 1024 * 1024;
/** No platform asks for a longer wait. */
export const MAX_RETRY_AFTER_MS = 86_400_000;
/** Of a file, before base64: what goes over the pipe at once. */
export const PIECE_BYTES = 1024 * 1024;
