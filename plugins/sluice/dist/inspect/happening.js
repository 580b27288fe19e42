export function newTally() {
    return {
        runs: 0,
        events: 0,
        read: 0,
        dropped: 0,
        droppedKeys: 0,
        stray: 0,
        messages: 0,
        calls: 0,
        failedCalls: 0,
        verdicts: 0,
        strayVerdicts: 0,
    };
}
