// Passkeys (WebAuthn): what the browser and the server say to each other of them.
import {post, Problem, type Me, type Passkey} from './api';

export const browser_has_passkeys = (): boolean => 'PublicKeyCredential' in window && 'credentials' in navigator;

function bytes_of(text: string): Uint8Array<ArrayBuffer> {
    const plain = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
    return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function text_of(bytes: ArrayBuffer): string {
    const plain = Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join('');
    return btoa(plain).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

/** What the browser's own dialog gave; closed, or without a passkey for this line, it is a refusal like another. */
async function asked<T>(dialog: Promise<Credential | null>): Promise<T> {
    try {
        const credential = await dialog;
        if (credential) return credential as T;
    } catch (error) {
        if (!(error instanceof DOMException)) throw error;
        if (error.name === 'InvalidStateError') throw new Problem({title: '', status: 409, code: 'passkey_known'});
    }
    throw new Problem({title: '', status: 400, code: 'passkey_closed'});
}

type Made = PublicKeyCredential & {response: AuthenticatorAttestationResponse};
type Answered = PublicKeyCredential & {response: AuthenticatorAssertionResponse};

/** @param line  as the authenticator shows it */
export async function make_passkey(name: string, password: string, line: string): Promise<Passkey> {
    const options = await post('/api/v1/me/passkeys/begin', {password});
    const {response} = await asked<Made>(
        navigator.credentials.create({
            publicKey: {
                challenge: bytes_of(options.challenge),
                rp: {id: options.relying_party, name: line},
                user: {id: bytes_of(options.user_handle), name: options.user_name, displayName: options.user_name},
                pubKeyCredParams: options.algorithms.map((alg) => ({type: 'public-key', alg})),
                excludeCredentials: options.exclude.map((id) => ({type: 'public-key', id: bytes_of(id)})),
                authenticatorSelection: {
                    residentKey: 'required',
                    requireResidentKey: true,
                    userVerification: 'required',
                },
                attestation: 'none',
                timeout: 240_000,
            },
        }),
    );
    return post('/api/v1/me/passkeys', {
        name,
        client_data: text_of(response.clientDataJSON),
        attestation_object: text_of(response.attestationObject),
    });
}

export async function sign_in_with_passkey(): Promise<Me> {
    const {challenge, relying_party} = await post('/api/v1/session/passkey/begin', {});
    const {rawId, response} = await asked<Answered>(
        navigator.credentials.get({
            publicKey: {
                challenge: bytes_of(challenge),
                rpId: relying_party,
                userVerification: 'required',
                timeout: 240_000,
            },
        }),
    );
    return post('/api/v1/session/passkey', {
        credential: text_of(rawId),
        user_handle: text_of(response.userHandle ?? new ArrayBuffer(0)),
        client_data: text_of(response.clientDataJSON),
        authenticator_data: text_of(response.authenticatorData),
        signature: text_of(response.signature),
    });
}
