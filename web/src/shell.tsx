// shell.tsx: what stands around every screen: the way to the content, navigation, who is signed in, the
// live region, and how fresh all of it is.
import { useEffect, useRef, useState } from "preact/hooks";
import { announce, announcement } from "./components/live";
import { freshness, isOnline, lastTook } from "./api/client";
import { Button } from "./components/Button";
import { Dialog } from "./components/Dialog";
import { Empty } from "./components/Empty";
import { Notices } from "./components/Notices";
import { KeyHelp, openKeyHelp, useGlobalKeys } from "./components/KeyHelp";
import { Spinner } from "./components/Spinner";
import { isCompact } from "./display";
import { clock, integer, language, setLanguage, t } from "./i18n";
import { arrivals, match, path } from "./router";
import { screens, type Screen } from "./screens";
import { SignIn } from "./screens/sign_in";
import { hasRole, isOver, session, signOut } from "./session";

function find(): { screen: Screen; words: Record<string, string> } | null {
  for (const screen of screens) {
    const words = match(screen.path, path.value);
    if (words) {
      return { screen, words };
    }
  }
  return null;
}

function isHere(screen: Screen): boolean {
  return screen.path === "/" ? path.value === "/" : path.value === screen.path || path.value.startsWith(`${screen.path}/`);
}

function Navigation(props: { isOpen: boolean; onGo: () => void }) {
  return (
    <nav id="nav" class={props.isOpen ? "open" : undefined} aria-label={t("app.nav")}>
      <ul>
        {screens.map(
          (screen) =>
            screen.nav &&
            hasRole(...screen.roles) && (
              <li>
                <a href={screen.path} aria-current={isHere(screen) ? "page" : undefined} onClick={props.onGo}>
                  {t(screen.nav)}
                </a>
              </li>
            ),
        )}
      </ul>
    </nav>
  );
}

function Tools() {
  const other = language.value === "en" ? "es" : "en";
  return (
    <div class="head-tools">
      <Button class="wide-only" label={t("app.compact")} pressed={isCompact.value} onPress={() => void (isCompact.value = !isCompact.value)}>
        <span aria-hidden="true">☰</span>
      </Button>
      <Button onPress={() => setLanguage(other)}>
        <span lang={other}>{other === "es" ? "Español" : "English"}</span>
      </Button>
      <Button class="wide-only" label={t("app.keys")} keys="?" onPress={openKeyHelp}>
        ?
      </Button>
      {session.value && (
        <>
          <a class="who" href="/account" title={t("account.title")} aria-label={`${t("app.signed_in_as", { name: session.value.name })}: ${t("account.title")}`}>
            {session.value.name}
          </a>
          <Button onPress={signOut}>{t("app.sign_out")}</Button>
        </>
      )}
    </div>
  );
}

function Head() {
  const [isOpen, setOpen] = useState(false);
  return (
    <header class="head">
      <a class="brand" href="/">
        {t("app.name")}
      </a>
      {session.value && (
        <>
          <Button class="menu-button" expanded={isOpen} controls="nav" onPress={() => setOpen(!isOpen)}>
            {t("app.menu")}
          </Button>
          <Navigation isOpen={isOpen} onGo={() => setOpen(false)} />
        </>
      )}
      <Tools />
    </header>
  );
}

function Foot() {
  const { batch, at } = freshness.value;
  return (
    <footer class="foot">
      {!isOnline.value && at && (
        <span class="offline" role="status">
          ⚠ {t("foot.offline", { time: clock(at) })}
        </span>
      )}
      {batch !== null && <span>{t("foot.batch", { batch: integer(batch) })}</span>}
      {at && <span>{t("foot.at", { time: clock(at) })}</span>}
      {lastTook.value !== null && <span>{t("foot.took", { ms: integer(lastTook.value) })}</span>}
    </footer>
  );
}

function Content() {
  const found = find();
  if (!found) {
    return (
      <Empty title={t("app.not_found.title")}>
        <p>{t("app.not_found.text")}</p>
        <p>
          <a href="/">{t("app.not_found.home")}</a>
        </p>
      </Empty>
    );
  }
  if (!hasRole(...found.screen.roles)) {
    return <Empty title={t(found.screen.title)}>{t("app.not_for_you")}</Empty>;
  }
  const { component: Component } = found.screen;
  return <Component key={found.screen.path} words={found.words} />;
}

/* After a change of screen the focus is on its heading, and its name is in the title and said. */
function useArrival(): void {
  const isFirst = useRef(true);
  const title = session.value === null ? t("sign_in.title") : t(find()?.screen.title ?? "app.not_found.title");
  useEffect(() => {
    document.title = `${title} – fisc`;
  }, [title]);
  useEffect(() => {
    if (isFirst.current) {
      isFirst.current = false;
      return;
    }
    (document.querySelector<HTMLElement>("main h1") ?? document.getElementById("main"))?.focus();
    announce(title);
  }, [arrivals.value]);
}

export function Shell() {
  useGlobalKeys();
  useArrival();
  const who = session.value;
  const skip = (event: Event) => {
    event.preventDefault();
    document.getElementById("main")?.focus();
  };
  return (
    <div class="shell">
      <a class="skip" href="#main" onClick={skip}>
        {t("app.skip")}
      </a>
      <Head />
      <main id="main" tabIndex={-1}>
        <Notices />
        {who === undefined ? <Spinner /> : who === null ? <SignIn /> : <Content />}
      </main>
      <Foot />
      <div class="unseen" aria-live="polite">
        {announcement.value}
      </div>
      <KeyHelp />
      {isOver.value && who && (
        <Dialog title={t("sign_in.over.title")}>
          <p>{t("sign_in.over.text")}</p>
          <SignIn person={who.person} />
          <Button kind="plain" onPress={signOut}>
            {t("sign_in.over.leave")}
          </Button>
        </Dialog>
      )}
    </div>
  );
}
