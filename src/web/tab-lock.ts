/**
 * Which tabs may hold a connection of their own: visible tabs, and the few others that were visible last.
 *
 * A browser opens six connections to one place, over all its tabs (HTTP/1.1 has no more:
 * https://developer.mozilla.org/docs/Web/API/EventSource). With a stream in each, the seventh tab would wait for ever.
 */
const SEATS = 3;
const NEXT = "sluice.seat";

/** Calls back whenever it changes whether this tab may hold one. Returns how to stop. */
export function watchTabLock(tell: (maySit: boolean) => void): () => void {
  // Locks are for secure places only, as this machine and https are.
  const locks: LockManager | undefined = navigator.locks;
  let turn = 0;
  let leave = (): void => undefined;
  const look = (): void => {
    const mine = ++turn;
    leave();
    leave = () => undefined;
    tell(true);
    if (document.visibilityState === "visible" || locks === undefined) return;
    const lost = (): void => {
      if (mine === turn) tell(false);
    };
    sit(locks, lost).then(
      (stand) => {
        if (mine === turn) leave = stand;
        else stand();
      },
      // Without one the tab stays connected, as it is in sight.
      () => undefined,
    );
  };
  look();
  document.addEventListener("visibilitychange", look);
  return () => {
    turn++;
    leave();
    document.removeEventListener("visibilitychange", look);
  };
}

/** Takes a free seat, or the one whose turn it is. Resolves to how to leave it; `lost` where another tab has taken it. */
async function sit(locks: LockManager, lost: () => void): Promise<() => void> {
  for (let at = 0; at < SEATS; at++) {
    const stand = await take(locks, at, { ifAvailable: true }, lost);
    if (stand !== undefined) return stand;
  }
  const next = (Number(localStorage.getItem(NEXT)) + 1) % SEATS;
  localStorage.setItem(NEXT, String(next));
  return (await take(locks, next, { steal: true }, lost)) ?? (() => undefined);
}

/** Undefined where it is taken. */
function take(
  locks: LockManager,
  at: number,
  options: LockOptions,
  lost: () => void,
): Promise<(() => void) | undefined> {
  return new Promise((resolve) => {
    locks
      .request(`${NEXT}.${at}`, options, (lock) =>
        lock === null ? resolve(undefined) : new Promise<void>((stand) => resolve(() => stand())),
      )
      // The only way in which a lock that is held ends without our doing.
      .catch(lost);
  });
}
