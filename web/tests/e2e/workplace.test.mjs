// workplace.test.mjs: what people do in a day, on the book of a school board and its city: write entries and approve
// them, ask for money in a budget, look into the books. A file of walks/ each; all on one book, one after another.
import { writeFileSync } from "node:fs";
import { PEOPLE } from "./harness.mjs";
import { useBook } from "./steps.mjs";

const nora = { name: "Nora Lind", role: "approver", entity: "SCH" }; // with an authenticator
useBook({ people: { ...PEOPLE, nora }, prepare: openBudget });

/* A version that has been called, with a ceiling, so that agencies write their requests. */
async function openBudget({ fisc, scratch }) {
  const ceilings = `${scratch}/ceilings.csv`;
  writeFileSync(
    ceilings,
    "ceiling,entity,year,amount,article\nschool board,SCH,2025,60000,Circular 1\n",
  );
  await fisc(
    "dora",
    "budget",
    "open",
    "2025-draft",
    "--year",
    "2025",
    "--years",
    "2",
    "--title",
    "Budget 2025",
  );
  await fisc(
    "dora",
    "budget",
    "put",
    "2025-draft",
    "ceilings",
    ceilings,
    "--reason",
    "Cabinet of 2 April",
  );
  await fisc("olaf", "budget", "step", "2025-draft", "call", "--reason", "Circular 1");
}

await import("./walks/entries.mjs");
await import("./walks/approvals.mjs");
await import("./walks/grid.mjs");
await import("./walks/budget.mjs");
await import("./walks/looking.mjs");
await import("./walks/outage.mjs");
await import("./walks/read_only.mjs");
await import("./walks/screens.mjs");
