// paths.ts: what may be asked where, and what comes back: read off the description of the API (schema.ts),
// so that a path, a parameter or a member that the server does not know does not compile.
import type { paths } from "./schema";
import type { Told } from "./types";

export type Method = "get" | "put" | "post" | "delete";

/** The paths that take a method, with {names} for what a caller fills in. */
export type Path<M extends Method> = {
  [P in keyof paths]: paths[P] extends { [K in M]: object } ? P : never;
}[keyof paths];

type Operation<P, M> = P extends keyof paths ? (M extends keyof paths[P] ? paths[P][M] : never) : never;
type Parameters<P, M> = Operation<P, M> extends { parameters: infer Given } ? Given : never;

/* A parameter is a word of an address: its name is checked here, its value by the server. */
type Word<T> = [T] extends [number | undefined]
  ? number | string
  : [T] extends [boolean | undefined]
    ? boolean
    : string;
type Words<Q> = { [K in keyof Q]: Word<Q[K]> | null | undefined };

type Names<P, M> = Parameters<P, M> extends { path: infer Given }
  ? { path: { [K in keyof Given]: string } }
  : { path?: undefined };
type Terms<P, M> = Parameters<P, M> extends { query: infer Given }
  ? { query: Words<Given> }
  : Parameters<P, M> extends { query?: infer Given }
    ? { query?: Words<NonNullable<Given>> | undefined }
    : { query?: undefined };

/** What a path is asked with: its {names}, and its parameters. */
export type Asked<P, M extends Method> = Names<P, M> & Terms<P, M>;

/** An argument that may be left out where nothing of it is needed. */
export type Rest<A> = object extends A ? [asked?: A] : [asked: A];

type Success = 200 | 201 | 202 | 204;
type ContentOf<T> = T extends { content: infer Content } ? Content : never;
type JsonOf<Content> = Content extends { "application/json": infer Json }
  ? Told<Json>
  : [Content] extends [never]
    ? undefined
    : string;

/** What a path answers when it does what was asked: as JSON where it can. */
export type AnswerTo<P, M> = Operation<P, M> extends { responses: infer Given }
  ? { [S in keyof Given & Success]: JsonOf<ContentOf<Given[S]>> }[keyof Given & Success]
  : never;

/** What is sent to a path: an object as JSON, or a text in a type that the path takes. */
export type BodyOf<P, M> = Operation<P, M> extends { requestBody?: infer Given }
  ? NonNullable<Given> extends { content: infer Content }
    ? Content extends { "application/json": infer Json }
      ? Json | string
      : string
    : undefined
  : undefined;

/* References of entries and keys of documents may have slashes, and these paths take them as they are. */
const TAKES_SLASHES = /^\/v1\/(entries|proofs|trace)\//;

/** A path with its {names} filled in. */
export function fillPath(path: string, names: Record<string, string> = {}): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = names[name] ?? "";
    return TAKES_SLASHES.test(path) ? value.split("/").map(encodeURIComponent).join("/") : encodeURIComponent(value);
  });
}
