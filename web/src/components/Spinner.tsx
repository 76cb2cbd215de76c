// Spinner.tsx: said only when it takes a while, so that what is quick does not flicker.
import { useEffect, useState } from "preact/hooks";
import { t } from "../i18n";

const PATIENCE_MS = 300;

export function Spinner(props: { label?: string }) {
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div class="spinner" role="status">
      {isShown && (
        <>
          <span class="spin" aria-hidden="true" /> {props.label ?? t("common.loading")}
        </>
      )}
    </div>
  );
}
