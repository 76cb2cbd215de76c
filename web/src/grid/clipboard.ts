// clipboard.ts: ranges as text, the way spreadsheets write them to the clipboard: tabs between cells, line
// ends between rows, quotes around a cell that holds one of these.

export function parseTsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    const cell = text[at] === '"' ? readQuoted(text, at) : readPlain(text, at);
    row.push(cell.value);
    at = cell.end;
    if (text[at] === "\t") {
      at++;
      if (at === text.length) {
        row.push("");
      }
      continue;
    }
    rows.push(row);
    row = [];
    at += text.startsWith("\r\n", at) ? 2 : 1;
  }
  if (row.length > 0) {
    rows.push(row);
  }
  return rows;
}

function readPlain(text: string, from: number): { value: string; end: number } {
  let end = from;
  while (end < text.length && text[end] !== "\t" && text[end] !== "\n" && text[end] !== "\r") {
    end++;
  }
  return { value: text.slice(from, end), end };
}

/* A cell that begins with a quote but is not quoted to its end is taken as it stands. */
function readQuoted(text: string, from: number): { value: string; end: number } {
  const match = /^"((?:[^"]|"")*)"(?=[\t\r\n]|$)/.exec(text.slice(from));
  if (match === null) {
    return readPlain(text, from);
  }
  return { value: (match[1] ?? "").replace(/""/g, '"'), end: from + match[0].length };
}

export function formatTsv(rows: readonly (readonly string[])[]): string {
  const quoted = (cell: string) =>
    /[\t\r\n"]/.test(cell) ? `"${cell.replace(/"/g, '""')}"` : cell;
  return rows.map((row) => row.map(quoted).join("\t")).join("\n");
}

/** Rows of comma-separated text: what the server gives and takes for parts of a budget. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  const pattern = /("(?:[^"]|"")*"|(?!")[^,\r\n]*)(,|\r\n|\n|\r|$)/y;
  const body = text.replace(/^\ufeff/, "");
  let row: string[] = [];
  while (pattern.lastIndex < body.length) {
    const match = pattern.exec(body);
    if (match === null) {
      throw new SyntaxError("a quote in this text does not end");
    }
    const cell = match[1] ?? "";
    row.push(cell.startsWith('"') ? cell.slice(1, -1).replace(/""/g, '"') : cell);
    if (match[2] === ",") {
      if (pattern.lastIndex === body.length) {
        row.push("");
      }
      continue;
    }
    rows.push(row);
    row = [];
  }
  if (row.length > 0) {
    rows.push(row);
  }
  return rows.filter((cells) => cells.length > 1 || cells[0] !== "");
}

export function formatCsv(rows: readonly (readonly string[])[]): string {
  const quoted = (cell: string) => (/[",\r\n]/.test(cell) ? `"${cell.replace(/"/g, '""')}"` : cell);
  return rows.map((row) => `${row.map(quoted).join(",")}\n`).join("");
}
