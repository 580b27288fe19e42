/**
 * The public address and the platform's end, before a channel is added.
 *
 * Owns: that nothing is left of a tunnel that was opened for a channel which then was not added. Never: opens or makes one itself.
 */
import type { TunnelView } from "../../api/wire/tunnel-wire.ts";
import { ask } from "../hub.ts";
import { type HookFlags, type HookPlan, planHooks } from "../reach/hook-flags.ts";
import {
  openTunnel,
  putTunnelBack,
  readTunnel,
  type TunnelFlags,
  waitForTunnel,
} from "../reach/tunnel-flags.ts";

type Reach = {
  /** The one that was asked for; undefined where none was. */
  tunnel: TunnelView | undefined;
  hooks: HookPlan | undefined;
  /** Does the rest; puts the earlier tunnel back where that fails. */
  unlessFailed<T>(work: () => Promise<T>): Promise<T>;
};

/** @throws SluiceError for what cannot be: then nothing was changed. */
export async function prepareReach(
  kind: string,
  flags: TunnelFlags & HookFlags,
  targets: readonly string[],
): Promise<Reach> {
  const wanted = await readTunnel(flags);
  const isAsked = flags.tunnel !== undefined || flags["tunnel-url"] !== undefined;
  const isNew = wanted !== undefined;
  // An address that is there already is enough where a repository is named.
  const hasOther =
    !isAsked && targets.length > 0 && (await ask((api) => api.tunnel.$get()))?.url !== undefined;
  const hooks = await planHooks(kind, flags, targets, (isAsked && wanted !== null) || hasOther);
  const tunnel = isNew ? await openTunnel(wanted) : isAsked ? await waitForTunnel() : undefined;
  return {
    tunnel,
    hooks,
    async unlessFailed(work) {
      try {
        return await work();
      } catch (thrown) {
        if (isNew && wanted !== null) await putTunnelBack();
        throw thrown;
      }
    },
  };
}
