// note.ts: a signed head as it is written for the witness: lines of "name value", an empty line, the
// signatures.

export interface Head {
  size: string;
  root: string;
  time: string;
  environment: string;
  signedBy: string[]; // names of keys
}

export function readNote(note: string): Head | null {
  const [body = "", signatures = ""] = note.split("\n\n", 2);
  const words = new Map(body.split("\n").map((line) => [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)]));
  const get = (name: string) => words.get(name) ?? "";
  if (!words.has("root")) {
    return null;
  }
  const signedBy = signatures.split("\n").flatMap((line) => (/^\S+-by (\S+)/.exec(line)?.[1] ? [/^\S+-by (\S+)/.exec(line)?.[1] as string] : []));
  return { size: get("size"), root: get("root"), time: get("time"), environment: get("environment"), signedBy };
}
