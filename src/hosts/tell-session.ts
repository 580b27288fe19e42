/**
 * What a program beside the hub reports of its session, told to the hub.
 *
 * Owns: which report is which call. Never: knows the program.
 */
import type { HostSession } from "../flow/lanes/host.ts";
import type { PluginReport } from "./host.ts";

export async function tellSession(session: HostSession, report: PluginReport): Promise<void> {
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
      return report satisfies never;
  }
}
