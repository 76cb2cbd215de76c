// provider.mjs REDIRECT_URI...: a real identity provider (oidc-provider) for the tests of signing in. It listens on a
// port of 127.0.0.1 and prints "issuer URL". Who asks is whoever the header X-Account names, without a page in between;
// "-" says no. PROVIDER_HOST is another name for this machine: to a browser, another site. What a provider can do wrong
// it does on command, by POST /test/COMMAND:
//   keys     it goes on with other keys          stale    the same, and /jwks does not tell of them
//   stall    its token endpoint never answers    broken   its token endpoint answers 500
//   well     all is well again
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import Provider from "oidc-provider";

const redirects = process.argv.slice(2);
const clients = [
  { client_id: "fisc", client_secret: "a secret: of+the client/%", redirect_uris: redirects },
  { client_id: "fisc-public", token_endpoint_auth_method: "none", redirect_uris: redirects },
];
let issuer = "";
let provider;
let keys = 0;
let mood = "well";
let published; // what /jwks tells while the keys are others

function makeKeys() {
  keys += 1;
  const make = (type, options, kid, alg) => ({ ...generateKeyPairSync(type, options).privateKey.export({ format: "jwk" }), kid, alg, use: "sig" });
  return { keys: [make("rsa", { modulusLength: 2048 }, `rsa-${keys}`, "RS256"), make("ec", { namedCurve: "P-256" }, `ec-${keys}`, "ES256")] };
}

// Consent is a matter of course: fisc is the agency's own.
async function grantAtOnce(ctx) {
  const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
  grant.addOIDCScope("openid employee");
  grant.addOIDCClaims(["employee", "amr"]);
  await grant.save();
  return grant;
}

function open() {
  provider = new Provider(issuer, {
    clients,
    jwks: makeKeys(),
    cookies: { keys: ["for tests only"] },
    claims: { openid: ["sub", "amr"], employee: ["employee"] },
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    loadExistingGrant: grantAtOnce,
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, employee: id.replace(/^sub-/, "") }) }),
  });
  provider.on("server_error", (_, error) => console.error(error));
}

async function interact(request, response) {
  const account = request.headers["x-account"] ?? "sub-ana";
  const [name, means] = account.split("/");
  const result = name === "-" ? { error: "access_denied", error_description: "the person said no" }
    : { login: { accountId: name, amr: means ? [means] : undefined } };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

async function command(word, response) {
  if (word === "keys" || word === "stale") {
    published = word === "stale" ? await (await fetch(`${issuer}/jwks`)).text() : undefined;
    open();
  } else {
    mood = word;
  }
  response.end();
}

const server = createServer((request, response) => {
  const path = request.url.split("?")[0];
  if (path.startsWith("/test/")) return void command(path.slice("/test/".length), response);
  if (path.startsWith("/interaction/")) return void interact(request, response).catch((error) => response.writeHead(500).end(String(error)));
  if (path === "/jwks" && published) return void response.setHeader("Content-Type", "application/jwk-set+json").end(published);
  if (path === "/token" && mood === "stall") return undefined;
  if (path === "/token" && mood === "broken") return void response.writeHead(500).end("<html>sorry");
  return provider.callback()(request, response);
});
server.listen(0, "127.0.0.1", () => {
  issuer = `http://${process.env.PROVIDER_HOST ?? "127.0.0.1"}:${server.address().port}`;
  open();
  console.log(`issuer ${issuer}`);
});
process.stdin.resume(); // whoever started it is gone when this ends
process.stdin.on("end", () => process.exit(0));
