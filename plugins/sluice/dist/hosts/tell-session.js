export async function tellSession(session, report) {
    switch (report.kind) {
        case "began":
            return session.turnBegan(report.turn);
        case "ended":
            return session.turnEnded(report.turn);
        case "failed":
            return session.turnFailed(report.turn);
        case "carried":
            return session.carried(report.turn, report.events);
        case "read":
            return session.read(report.events);
        case "missed":
            return session.missed(report.events, report.reason);
        case "refused":
            return session.refused(report.events, report.reason);
        case "lost":
            return session.lost(report.events, report.reason);
        case "spent":
            return session.spent(report);
        case "asked":
            await session.asked(report.ask);
            return;
        case "resolved":
            return session.resolved(report.requestId);
        default:
            return report;
    }
}
