export function findFault(faults, tail) {
    return faults.find(([pattern]) => pattern.test(tail))?.[1];
}
