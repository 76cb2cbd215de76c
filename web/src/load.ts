// load.ts: reading for a screen: what is known is shown at once, what comes later replaces it, what has
// been left is stopped.
import { useCallback, useEffect, useState } from "preact/hooks";
import { addressOf, peek, readUrl } from "./api/client";
import type { AnswerTo, Asked, Path, Rest } from "./api/paths";

export interface Loaded<T> {
  data: T | undefined;
  failure: unknown;
  isLoading: boolean;
  again: () => void;
}

/** Reads a path, and again when what it is asked changes. @path null: nothing to read yet. While another
 * address is read, data holds what was shown before, so that nothing jumps. */
export function useRead<P extends Path<"get">>(path: P | null, ...[asked]: Rest<Asked<P, "get">>): Loaded<AnswerTo<P, "get">> {
  const url = path === null ? null : addressOf(path, ...([asked] as Rest<Asked<P, "get">>));
  const [state, setState] = useState<{ url: string | null; data: AnswerTo<P, "get"> | undefined; failure: unknown }>({
    url: null,
    data: undefined,
    failure: null,
  });
  const [turn, setTurn] = useState(0);
  const again = useCallback(() => setTurn((before) => before + 1), []);
  useEffect(() => {
    if (url === null) {
      return;
    }
    const stop = new AbortController();
    const known = peek(url) as AnswerTo<P, "get"> | undefined;
    if (known !== undefined) {
      setState({ url: null, data: known, failure: null });
    }
    readUrl<AnswerTo<P, "get">>(url, { signal: stop.signal })
      .then(({ data }) => setState({ url, data, failure: null }))
      .catch((failure) => !stop.signal.aborted && setState((before) => ({ ...before, url, failure })));
    return () => stop.abort();
  }, [url, turn]);
  return {
    data: state.data,
    failure: state.url === url ? state.failure : null,
    isLoading: url !== null && state.url !== url,
    again,
  };
}
