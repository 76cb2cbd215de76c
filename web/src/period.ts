// period.ts: periods as they are written: "2024", "2024-Q3", "2024-06", "2024-01..2024-07".

const MONTH = "(?:0[1-9]|1[0-2])";
const PERIOD = new RegExp(`^\\d{4}(?:-Q[1-4]|-${MONTH})?$|^\\d{4}-${MONTH}\\.\\.\\d{4}-${MONTH}$`);

export function isPeriod(text: string): boolean {
  return PERIOD.test(text);
}

export function yearOf(period: string): string {
  return period.slice(0, 4);
}

/** The same stretch a year earlier. */
export function yearBefore(period: string): string {
  return period.replace(/\d{4}/g, (year) => String(Number(year) - 1));
}

/** What people choose from: each year, its quarters, its months; the newest first. */
export function periodChoices(years: number[]): string[] {
  const months = Array.from({ length: 12 }, (_, at) => String(at + 1).padStart(2, "0"));
  return [...years]
    .sort((a, b) => b - a)
    .flatMap((year) => [`${year}`, ...[1, 2, 3, 4].map((q) => `${year}-Q${q}`), ...months.map((month) => `${year}-${month}`)]);
}
