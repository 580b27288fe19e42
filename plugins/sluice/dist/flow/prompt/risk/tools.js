/**
 * The client's tools that are known, with every field that they may have.
 *
 * Owns: these shapes. Never: judges what stands in a field. A tool or a field that is not here is not known.
 *
 * https://code.claude.com/docs/en/tools-reference
 */
import { z } from "../../../vendor/zod.js";
/** No path and no pattern of file names is longer; nobody would read it. */
const NAME_MAX_CHARS = 4_000;
/** Clients name files by absolute paths; anything else could be read in another way than here. */
const file = z.string().regex(/^\/(?!.*\$\()[^\\%`;|&<>"']*$/);
const folder = z
    .string()
    .max(NAME_MAX_CHARS)
    .regex(/^(?![A-Za-z][\w+.-]*:)[^\\]*$/);
const names = z.string().max(NAME_MAX_CHARS);
const count = z.number().min(0);
const READING = {
    Read: z.strictObject({
        file_path: file,
        offset: count.optional(),
        limit: count.optional(),
        pages: z.string().optional(),
    }),
    NotebookRead: z.strictObject({ notebook_path: file, cell_id: z.string().optional() }),
    LS: z.strictObject({ path: file, ignore: z.array(z.string()).optional() }),
    Glob: z.strictObject({ pattern: names.min(1), path: folder.optional() }),
    Grep: z.strictObject({
        pattern: z.string().min(1),
        path: folder.optional(),
        glob: names.optional(),
        type: z.string().optional(),
        output_mode: z.string().optional(),
        head_limit: count.optional(),
        offset: count.optional(),
        multiline: z.boolean().optional(),
        context: count.optional(),
        "-A": count.optional(),
        "-B": count.optional(),
        "-C": count.optional(),
        "-i": z.boolean().optional(),
        "-n": z.boolean().optional(),
        "-o": z.boolean().optional(),
    }),
};
const change = {
    old_string: z.string(),
    new_string: z.string(),
    replace_all: z.boolean().optional(),
};
const EDITING = {
    Edit: z.strictObject({ file_path: file, ...change }),
    Write: z.strictObject({ file_path: file, content: z.string() }),
};
const SHELL = {
    Bash: z.strictObject({
        command: z.string(),
        description: z.string().optional(),
        timeout: z.number().min(0).max(3_600_000).optional(),
        run_in_background: z.literal(false).optional(),
        dangerouslyDisableSandbox: z.literal(false).optional(),
    }),
};
/** The group of a call that has the shape of a known tool. `strange`: a known tool, and what of the call is not known. */
export function readToolCall(tool, input) {
    const groups = { reading: READING, editing: EDITING, shell: SHELL };
    for (const [group, shapes] of Object.entries(groups)) {
        const shape = Object.hasOwn(shapes, tool)
            ? Object.entries(shapes).find(([name]) => name === tool)?.[1]
            : undefined;
        if (shape === undefined)
            continue;
        const parsed = shape.safeParse(input);
        if (parsed.success)
            return { group: group };
        const [issue] = parsed.error.issues;
        const field = issue?.code === "unrecognized_keys" ? issue.keys[0] : issue?.path[0];
        return { strange: String(field ?? "its arguments") };
    }
    return undefined;
}
