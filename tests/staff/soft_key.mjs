// A passkey in software: ES256, by the text of Web Authentication and CTAP 2.
import {createHash, generateKeyPairSync, randomBytes, sign} from 'node:crypto';

const sha256 = (data) => createHash('sha256').update(data).digest();
const b64 = (data) => Buffer.from(data).toString('base64url');
/** One CBOR item with its length in two bytes at most (RFC 8949, 3). */
const head = (major, value) => Buffer.from(value < 24 ? [major << 5 | value] : value < 256 ? [major << 5 | 24, value] : [major << 5 | 25, value >> 8, value & 255]);
const text = (value) => Buffer.concat([head(3, value.length), Buffer.from(value)]);
const bytes = (value) => Buffer.concat([head(2, value.length), value]);

export class SoftKey {
    constructor({rp, origin}) {
        Object.assign(this, {rp, origin, count: 0, id: randomBytes(32)});
        this.pair = generateKeyPairSync('ec', {namedCurve: 'P-256'});
    }
    #client_data(type, challenge) {
        return Buffer.from(JSON.stringify({type, challenge, origin: this.origin, crossOrigin: false}));
    }
    #data(flags, more = Buffer.alloc(0)) {
        const count = Buffer.alloc(4);
        count.writeUInt32BE(this.count);
        return Buffer.concat([sha256(this.rp), Buffer.from([flags]), count, more]);
    }
    /** What navigator.credentials.create gives; the body of POST /me/passkeys. */
    made({challenge, user_handle}, name = 'Blue key') {
        this.handle = user_handle;
        const {x, y} = this.pair.publicKey.export({format: 'jwk'});
        const key = Buffer.concat([Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21]), bytes(Buffer.from(x, 'base64url')),
            Buffer.from([0x22]), bytes(Buffer.from(y, 'base64url'))]);
        const attested = Buffer.concat([Buffer.alloc(16), Buffer.from([0, this.id.length]), this.id, key]);
        const object = Buffer.concat([head(5, 3), text('fmt'), text('none'), text('attStmt'), head(5, 0), text('authData'), bytes(this.#data(0x45, attested))]);
        return {name, client_data: b64(this.#client_data('webauthn.create', challenge)), attestation_object: b64(object)};
    }
    /** What navigator.credentials.get gives; the body of POST /session/passkey. */
    answers(challenge) {
        const client_data = this.#client_data('webauthn.get', challenge);
        const data = this.#data(0x05);
        return {credential: b64(this.id), user_handle: this.handle, client_data: b64(client_data), authenticator_data: b64(data),
            signature: b64(sign('sha256', Buffer.concat([data, sha256(client_data)]), this.pair.privateKey))};
    }
}
