// index.ts: the screens there are: where, for whom, under which name. The navigation shows those with a
// label that the person's roles open; the server decides again on everything they ask for.
import type { ComponentType } from "preact";
import { later } from "../components/later";
import type { Key } from "../i18n";
import { HomeScreen } from "./home";
import { PositionScreen } from "./position/position";
import { DrillScreen } from "./statements/drill";
import { EntryScreen, TraceScreen } from "./statements/entry";
import { StatementListScreen } from "./statements/list";
import { ReportScreen } from "./statements/report";

export interface ScreenProps {
  words: Record<string, string>; // of the path: {report: "gfs"}
}

export interface Screen {
  path: string; // "/statements/:report"
  title: Key;
  nav?: Key; // the label in the navigation; none: not there
  roles: string[]; // who is led here; empty: whoever has signed in
  component: ComponentType<ScreenProps>;
}

export const screens: Screen[] = [
  { path: "/", title: "home.title", nav: "home.nav", roles: [], component: HomeScreen },
  { path: "/position", title: "position.title", nav: "position.nav", roles: [], component: PositionScreen },
  { path: "/statements", title: "statements.title", nav: "statements.title", roles: [], component: StatementListScreen },
  { path: "/statements/:report", title: "statements.one", roles: [], component: ReportScreen },
  { path: "/drill", title: "drill.title", roles: [], component: DrillScreen },
  { path: "/entry", title: "entry.here", roles: [], component: EntryScreen },
  { path: "/trace", title: "trace.here", roles: [], component: TraceScreen },
  { path: "/journal", title: "journal.title", nav: "journal.nav", roles: [], component: later(async () => (await import("./journal/journal")).JournalScreen) },
  { path: "/approvals", title: "approvals.title", nav: "approvals.nav", roles: [], component: later(async () => (await import("./approvals/list")).ApprovalsScreen) },
  { path: "/approvals/:document", title: "approvals.one", roles: [], component: later(async () => (await import("./approvals/approvals")).ApprovalScreen) },
  { path: "/budget", title: "budget.title", nav: "budget.nav", roles: [], component: later(async () => (await import("./budget/versions")).VersionsScreen) },
  { path: "/budget/:version", title: "budget.one", roles: [], component: later(async () => (await import("./budget/versions")).VersionScreen) },
  { path: "/budget/:version/lines/:entity", title: "budget.lines_title", roles: [], component: later(async () => (await import("./budget/lines")).LinesScreen) },
  { path: "/budget/:version/ceilings", title: "budget.ceilings", roles: [], component: later(async () => (await import("./budget/ceilings")).CeilingsScreen) },
  { path: "/budget/:version/compare/:other", title: "budget.compared", roles: [], component: later(async () => (await import("./budget/versions")).CompareScreen) },
  { path: "/feeders", title: "feeders.title", nav: "feeders.nav", roles: [], component: later(async () => (await import("./feeders/feeders")).FeedersScreen) },
  { path: "/feeders/:feeder", title: "feeders.one", roles: [], component: later(async () => (await import("./feeders/feeders")).FeederScreen) },
  { path: "/feeders/:feeder/runs/:run", title: "feeders.run_title", roles: [], component: later(async () => (await import("./feeders/run")).RunScreen) },
  { path: "/verification", title: "verify.title", nav: "verify.title", roles: [], component: later(async () => (await import("./verification/verification")).VerificationScreen) },
  { path: "/account", title: "account.title", roles: [], component: later(async () => (await import("./account/account")).AccountScreen) },
];
