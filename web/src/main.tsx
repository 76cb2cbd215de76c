// main.tsx: where the page begins.
import { render } from "preact";
import { followBook } from "./book";
import { followDisplay } from "./display";
import { startLanguage } from "./i18n";
import { start } from "./router";
import { find } from "./session";
import { Shell } from "./shell";

const root = document.getElementById("app");
if (root) {
  followDisplay();
  followBook();
  start();
  void startLanguage().then(() => render(<Shell />, root));
  find().catch(() => undefined); // the sign-in page stands there already; it will say what is wrong
}
