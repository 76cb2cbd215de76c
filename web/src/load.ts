// load.ts: reading for a screen: what is known is shown at once, what comes later replaces it, what has
// been left is stopped.
import { useCallback, useEffect, useState } from "preact/hooks";
import { address, peek, read, type Query } from "./api/client";

export interface Loaded<T> {
  data: T | undefined;
  failure: unknown;
  isLoading: boolean;
  again: () => void;
}

/** Reads an address, and again when it changes. @path null: nothing to read yet. While another
 * address is read, data holds what was shown before, so that nothing jumps. */
export function useRead<T>(path: string | null, query: Query = {}): Loaded<T> {
  const url = path === null ? null : address(path, query);
  const [state, setState] = useState<{ url: string | null; data: T | undefined; failure: unknown }>({
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
    const known = peek<T>(url);
    if (known !== undefined) {
      setState({ url: null, data: known, failure: null });
    }
    read<T>(url, {}, { signal: stop.signal })
      .then((data) => setState({ url, data, failure: null }))
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
