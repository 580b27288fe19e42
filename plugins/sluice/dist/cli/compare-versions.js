// src/local/compare-versions.ts
function compareVersions(a, b) {
	const [left, right] = [parseVersion(a), parseVersion(b)];
	for (let index = 0; index < 3; index += 1) {
		const difference = (left.numbers[index] ?? 0) - (right.numbers[index] ?? 0);
		if (difference !== 0) return difference;
	}
	return comparePrereleases(left.prerelease, right.prerelease);
}
function parseVersion(text) {
	const match = /^v?(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?/.exec(text.trim());
	return {
		numbers: (match?.slice(1, 4) ?? []).map(Number),
		prerelease: match?.[4]?.split(".") ?? []
	};
}
function comparePrereleases(a, b) {
	if (a.length === 0 || b.length === 0) return b.length - a.length;
	for (const [index, left] of a.entries()) {
		const right = b[index];
		if (right === void 0) return 1;
		if (left === right) continue;
		const [isLeftNumber, isRightNumber] = [/^\d+$/.test(left), /^\d+$/.test(right)];
		if (isLeftNumber && isRightNumber) return Number(left) - Number(right);
		if (isLeftNumber !== isRightNumber) return isLeftNumber ? -1 : 1;
		return left < right ? -1 : 1;
	}
	return a.length - b.length;
}

Object.defineProperty(exports, "compareVersions", {
  enumerable: true,
  get: function () {
    return compareVersions;
  }
});