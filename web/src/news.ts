// news.ts: screens that show documents read them again when something happens to a document.
import { useEffect } from "preact/hooks";
import { listen } from "./live";

const READ_AGAIN_MS = 300; // several steps at once are one piece of news

/** Calls @again when a document has changed: the one that is named, else any. */
export function useDocumentNews(again: () => void, document?: string): void {
  useEffect(() => {
    let timer = 0;
    const stop = listen({}, ({ event, data }) => {
      const named = (data as { document?: string } | null)?.document;
      const isMeant = event === "document" ? document === undefined || named === document : data === null;
      if (isMeant && timer === 0) {
        timer = window.setTimeout(() => {
          timer = 0;
          again();
        }, READ_AGAIN_MS);
      }
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [again, document]);
}
