// later.tsx: a screen that travels when it is first opened: who only reads statements does not load the
// grid of the journal.
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Failure } from "./ErrorSummary";
import { Spinner } from "./Spinner";

export function later<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  let loaded: ComponentType<P> | null = null;
  return function Later(props: P) {
    const [, setTurn] = useState(0);
    const [failure, setFailure] = useState<unknown>(null);
    const fetch = () => {
      setFailure(null);
      load().then(
        (component) => {
          loaded = component;
          setTurn((before) => before + 1);
        },
        (given) => setFailure(given),
      );
    };
    useEffect(() => {
      if (!loaded) {
        fetch();
      }
    }, []);
    const Component = loaded;
    return Component ? <Component {...props} /> : failure !== null ? <Failure failure={failure} onRetry={() => location.reload()} /> : <Spinner />;
  };
}
