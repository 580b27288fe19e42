export function newClosers() {
    const open = [];
    return {
        add: (close) => void open.push(close),
        keep(subsystem) {
            open.push(() => subsystem.close());
            return subsystem;
        },
        async close() {
            const faults = [];
            for (let close = open.pop(); close !== undefined; close = open.pop()) {
                try {
                    await close();
                }
                catch (thrown) {
                    faults.push(thrown);
                }
            }
            if (faults.length > 0)
                throw faults[0];
        },
    };
}
