// account.tsx: what a person is known by here: passkeys, authenticator, password, tokens, sessions. Each is a
// section of its own; what one of them changes of the session, the others see.
import { t } from "../../i18n";
import { Authenticator } from "./authenticator";
import { Passkeys } from "./passkeys";
import { PasswordChange } from "./password";
import { Sessions } from "./sessions";
import { Tokens } from "./tokens";

export function AccountScreen() {
  return (
    <>
      <h1 tabIndex={-1}>{t("account.title")}</h1>
      <p>{t("account.about")}</p>
      <div class="account">
        <Passkeys />
        <Authenticator />
        <PasswordChange />
        <Tokens />
        <Sessions />
      </div>
    </>
  );
}
