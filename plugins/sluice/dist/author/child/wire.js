/** The pipe, beside stdin, stdout and stderr. */
export const WIRE_FD = 3;
export const MAX_LINE_BYTES = 8 * 1024 * 1024;
