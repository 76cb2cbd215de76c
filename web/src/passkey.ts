// passkey.ts: what a browser's devices make and sign, in the words that the server reads (WebAuthn's own).
// Nothing is decided here: what was asked goes to the device, what it says goes back.

interface Descriptor {
  type: "public-key";
  id: string;
}

interface CreationOptions {
  challenge: string;
  rp: { id: string; name: string };
  user: { id: string; name: string; displayName: string };
  pubKeyCredParams: { type: "public-key"; alg: number }[];
  timeout: number;
  excludeCredentials: Descriptor[];
  authenticatorSelection: AuthenticatorSelectionCriteria;
  attestation: AttestationConveyancePreference;
}

interface RequestOptions {
  challenge: string;
  rpId: string;
  timeout: number;
  allowCredentials: Descriptor[];
  userVerification: UserVerificationRequirement;
}

/** The person has closed the device's window, or nobody came. */
export class Declined extends Error {}
/** The device has a passkey of this person already. */
export class KnownAlready extends Error {}

/** Whether this browser has to do with passkeys at all: by TLS or at localhost. */
export function canUsePasskeys(): boolean {
  return typeof PublicKeyCredential === "function" && !!navigator.credentials;
}

export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const letters = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
}

export function textOf(bytes: ArrayBuffer): string {
  const letters = Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function descriptors(given: Descriptor[]): PublicKeyCredentialDescriptor[] {
  return given.map(({ type, id }) => ({ type, id: bytesOf(id) }));
}

/* A browser says little on purpose: whether somebody declined or nobody came is one. */
async function ask(call: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  try {
    const credential = await call();
    if (credential instanceof PublicKeyCredential) {
      return credential;
    }
    throw new Declined();
  } catch (failure) {
    const name = failure instanceof DOMException ? failure.name : "";
    if (name === "InvalidStateError") {
      throw new KnownAlready();
    }
    throw name === "NotAllowedError" || name === "AbortError" ? new Declined() : failure;
  }
}

/** @asked: `options` of the server. What goes back as `credential`. */
export async function makePasskey(asked: unknown): Promise<Record<string, unknown>> {
  const options = asked as CreationOptions;
  const publicKey: PublicKeyCredentialCreationOptions = {
    ...options,
    challenge: bytesOf(options.challenge),
    user: { ...options.user, id: bytesOf(options.user.id) },
    excludeCredentials: descriptors(options.excludeCredentials),
  };
  const made = await ask(() => navigator.credentials.create({ publicKey }));
  const response = made.response as AuthenticatorAttestationResponse;
  return {
    id: made.id,
    type: made.type,
    response: { clientDataJSON: textOf(response.clientDataJSON), authenticatorData: textOf(response.getAuthenticatorData()) },
  };
}

/** @asked: `options` of the server. What goes back as `assertion`. */
export async function usePasskey(asked: unknown): Promise<Record<string, unknown>> {
  const options = asked as RequestOptions;
  const publicKey: PublicKeyCredentialRequestOptions = {
    ...options,
    challenge: bytesOf(options.challenge),
    allowCredentials: descriptors(options.allowCredentials),
  };
  const used = await ask(() => navigator.credentials.get({ publicKey }));
  const response = used.response as AuthenticatorAssertionResponse;
  return {
    id: used.id,
    type: used.type,
    response: {
      clientDataJSON: textOf(response.clientDataJSON),
      authenticatorData: textOf(response.authenticatorData),
      signature: textOf(response.signature),
      userHandle: response.userHandle ? textOf(response.userHandle) : null,
    },
  };
}
