/**
 * Decides which of two versions is the later one, as semver orders them (without build metadata).
 *
 * Owns: that order. Never: acts on it.
 */

/** Below zero when `a` is earlier, above when it is later. Unreadable versions count as 0.0.0. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parseVersion(a), parseVersion(b)];
  for (let index = 0; index < 3; index += 1) {
    const difference = (left.numbers[index] ?? 0) - (right.numbers[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return comparePrereleases(left.prerelease, right.prerelease);
}

function parseVersion(text: string): { numbers: number[]; prerelease: string[] } {
  const match = /^v?(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?/.exec(text.trim());
  return {
    numbers: (match?.slice(1, 4) ?? []).map(Number),
    prerelease: match?.[4]?.split(".") ?? [],
  };
}

function comparePrereleases(a: readonly string[], b: readonly string[]): number {
  // 1.0.0 comes after all of its release candidates.
  if (a.length === 0 || b.length === 0) return b.length - a.length;
  for (const [index, left] of a.entries()) {
    const right = b[index];
    if (right === undefined) return 1;
    if (left === right) continue;
    const [isLeftNumber, isRightNumber] = [/^\d+$/.test(left), /^\d+$/.test(right)];
    if (isLeftNumber && isRightNumber) return Number(left) - Number(right);
    if (isLeftNumber !== isRightNumber) return isLeftNumber ? -1 : 1;
    return left < right ? -1 : 1;
  }
  return a.length - b.length;
}
