/**
 * Quiet hours as the owner set them.
 *
 * Owns: where they are kept, and their value while the hub runs. Never: what they hold back (flow/pace.ts).
 */
import type { QuietView } from "../api/wire.ts";
import { type QuietHours, toQuietEnd } from "../flow/quiet.ts";
import { changeConfig, readConfig } from "./config.ts";

export class Quiet {
  readonly #path: string;
  #hours: QuietHours | undefined;

  /** @throws SluiceError `bad_config` when the file cannot be read. */
  constructor(path: string) {
    this.#path = path;
    this.#hours = readConfig(path).quiet;
  }

  get hours(): QuietHours | undefined {
    return this.#hours;
  }

  change(hours: QuietHours | undefined): void {
    changeConfig(this.#path, (before) => {
      const { quiet: _, ...rest } = before;
      return hours === undefined ? rest : { ...rest, quiet: hours };
    });
    this.#hours = hours;
  }

  /** For the status; undefined where none are set. */
  describe(now: number): QuietView | undefined {
    if (this.#hours === undefined) return undefined;
    return { ...this.#hours, active: toQuietEnd(this.#hours, now) !== undefined };
  }
}
