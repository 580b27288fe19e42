/**
 * One line of doctor: the thing that was checked, whether it stops delivery, and what to do.
 *
 * Owns: that shape. Never: looks at anything.
 */
import { toMessage } from "../../sdk/errors.ts";

/**
 * `--json` prints it as it is: names of checks stay. A check that is not ok stops events on their way, or soon will. `warning`: it stops
 * nothing by itself, and is worth a look.
 */
export type Check = {
  check: string;
  ok: boolean;
  warning?: true;
  detail: string;
  /** It harms nothing: no channel, no event and no rule is lost by following it. */
  fix?: string;
};

export function pass(check: string, detail: string): Check {
  return { check, ok: true, detail };
}

export function fail(check: string, detail: string, fix: string): Check {
  return { check, ok: false, detail, fix };
}

export function warn(check: string, detail: string, fix?: string): Check {
  return { check, ok: true, warning: true, detail, ...(fix === undefined ? {} : { fix }) };
}

/** A look that throws is a finding too: doctor must get to its end. */
export async function attempt(
  check: string,
  look: () => Check[] | Promise<Check[]>,
): Promise<Check[]> {
  try {
    return await look();
  } catch (thrown) {
    // Our messages say after a semicolon what to do.
    const [detail = "", fix = "see the detail"] = toMessage(thrown).split(/; (?=[^;]*$)/);
    return [fail(check, detail, fix)];
  }
}
