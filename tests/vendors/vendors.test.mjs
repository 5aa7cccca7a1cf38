// What the gateways publish themselves, beside our adapters: their helpers accept what our stand-in signs, and refuse what
// the server refuses; their clients send what the server sends: path, authentication, and every field that they know.
import assert from 'node:assert/strict';
import {createHash, createHmac, generateKeyPairSync, randomBytes, randomUUID, sign} from 'node:crypto';
import fs from 'node:fs';
import {eventually, story} from '../support/node/story.mjs';
import {Auth, Configuration, Messages, MessagesApi, SMS, Telnyx, TelnyxWebhook, plivo, verifySignature} from './packages.mjs';
import {StandIn} from './stand_in.mjs';

const kTexter = '+12015550142';
const pair = generateKeyPairSync('ed25519');
const kPublicKey = pair.publicKey.export({type: 'spki', format: 'der'}).subarray(-32).toString('base64');
const kKeys = {
    telnyx_key: 'KEY' + randomBytes(16).toString('hex'), vonage_secret: randomBytes(8).toString('hex'), vonage_signature: randomBytes(20).toString('hex'),
    plivo_token: randomBytes(20).toString('hex'), bandwidth_api: 'api-' + randomBytes(8).toString('hex'), bandwidth_hook: randomBytes(16).toString('hex'),
};
const kVonageKey = 'a1b2c3d4';
const kPlivoId = 'MA0123456789ABCDEFGH';
const kApplication = '93de2206-9669-4e07-948d-329f4b722ee2';

const now_s = () => String(Math.floor(Date.now() / 1000));
const base64url = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

function jwt(body, more = {}) {
    const claims = {iss: 'Vonage', iat: Math.floor(Date.now() / 1000), jti: randomUUID(), api_key: kVonageKey,
        payload_hash: createHash('sha256').update(body).digest('hex'), ...more};
    const text = `${base64url({alg: 'HS256', typ: 'JWT'})}.${base64url(claims)}`;
    return `${text}.${createHmac('sha256', kKeys.vonage_signature).update(text).digest('base64url')}`;
}

/** Each: how the gateway delivers a text, what its own package says of that, and what its client sends. */
const kGateways = {
    telnyx: {
        number: '+15550114',
        toml: 'kind = "telnyx"\nwho_answers_keywords = "handrail"\npublic_key = "' + kPublicKey + '"\napi_key = SECRET(telnyx_key)\napi_base = API',
        deliver(text) {
            const body = JSON.stringify({data: {event_type: 'message.received', id: randomUUID(), record_type: 'event', payload: {
                id: randomUUID(), direction: 'inbound', type: 'SMS', from: {phone_number: kTexter},
                to: [{phone_number: this.number}], text, media: []}}, meta: {attempt: 1}});
            const timestamp = now_s();
            const signature = sign(null, Buffer.from(`${timestamp}|${body}`), pair.privateKey).toString('base64');
            return {body, headers: {'Content-Type': 'application/json', 'telnyx-signature-ed25519': signature, 'telnyx-timestamp': timestamp}};
        },
        accepts: ({body, headers}) => new TelnyxWebhook(kPublicKey).verify(body, headers).then(() => true, () => false),
        status: 204,
        send(url, {text, ours}) {
            const client = new Telnyx({apiKey: kKeys.telnyx_key, baseURL: `${url}/v2`, maxRetries: 0});
            return client.messages.send({from: this.number, to: kTexter, text, webhook_url: ours.fields.webhook_url});
        },
    },
    vonage: {
        number: '+15550115',
        toml: `kind = "vonage"\napi = "messages"\napi_key = "${kVonageKey}"\napi_secret = SECRET(vonage_secret)\nsignature_secret = SECRET(vonage_signature)\napi_base = API`,
        deliver(text) {
            const body = JSON.stringify({channel: 'sms', message_uuid: randomUUID(), from: kTexter.slice(1), to: this.number.slice(1),
                timestamp: new Date().toISOString(), message_type: 'text', text});
            return {body, headers: {'Content-Type': 'application/json', Authorization: `Bearer ${jwt(body)}`}};
        },
        // The package looks at the token alone; that it belongs to this body is ours to see.
        accepts: async ({headers}) => {
            try {
                return verifySignature(headers.Authorization.slice('Bearer '.length), kKeys.vonage_signature);
            } catch {
                return false;
            }
        },
        covers_body: false,
        status: 204,
        send(url, {text, ours}) {
            const auth = new Auth({apiKey: kVonageKey, apiSecret: kKeys.vonage_secret});
            return new Messages(auth, {apiHost: url}).send({message_type: 'text', messageType: 'text', channel: 'sms', from: this.number.slice(1),
                to: kTexter.slice(1), text, clientRef: ours.fields.client_ref, ttl: ours.fields.ttl});
        },
    },
    'vonage-sms': {
        number: '+15550116',
        toml: `kind = "vonage"\napi = "sms"\napi_key = "${kVonageKey}"\napi_secret = SECRET(vonage_secret)\nsignature_secret = SECRET(vonage_signature)\nsignature_method = "sha256"\napi_base = API`,
        deliver(text) {
            const fields = {msisdn: kTexter.slice(1), to: this.number.slice(1), messageId: randomBytes(8).toString('hex'), text, type: 'text',
                'api-key': kVonageKey, timestamp: now_s(), nonce: randomUUID()};
            const signed = Object.keys(fields).sort().map((key) => `&${key}=${fields[key].replace(/[&=]/g, '_')}`).join('');
            fields.sig = createHmac('sha256', kKeys.vonage_signature).update(signed).digest('hex');
            return {body: new URLSearchParams(fields).toString(), headers: {'Content-Type': 'application/x-www-form-urlencoded'}};
        },
        accepts: null,  // no package of today checks this; tests/gateways/vectors has what the old one says
        kind: 'vonage',
        status: 204,
        send(url, {text, ours}) {
            const auth = new Auth({apiKey: kVonageKey, apiSecret: kKeys.vonage_secret});
            const {callback, ttl, type} = ours.fields;
            return new SMS(auth, {restHost: url}).send({from: this.number.slice(1), to: kTexter.slice(1), text, callback, ttl,
                ...(type ? {type} : {}), statusReportReq: true, clientRef: ours.fields['client-ref']});
        },
    },
    plivo: {
        number: '+15550118',
        toml: `kind = "plivo"\nwho_answers_keywords = "handrail"\nauth_id = "${kPlivoId}"\nauth_token = SECRET(plivo_token)\napi_base = API`,
        deliver(text, url) {
            const fields = {From: kTexter.slice(1), To: this.number.slice(1), Text: text, Type: 'sms', MessageUUID: randomUUID(), Units: '1'};
            const nonce = randomBytes(10).toString('hex');
            return {url, fields, nonce, body: new URLSearchParams(fields).toString(), headers: {
                'Content-Type': 'application/x-www-form-urlencoded', 'X-Plivo-Signature-V2-Nonce': nonce,
                'X-Plivo-Signature-V2': createHmac('sha256', kKeys.plivo_token).update(url + nonce).digest('base64')}};
        },
        accepts: async ({url, nonce, headers}) => plivo.validateSignature(url, nonce, headers['X-Plivo-Signature-V2'], kKeys.plivo_token),
        covers_body: false,
        status: 200,
        send(url, {text, ours}) {
            const client = new plivo.Client(kPlivoId, kKeys.plivo_token, {url: `${url}/v1/Account/${kPlivoId}`});
            return client.messages.create(this.number.slice(1), kTexter.slice(1), text,
                {url: ours.fields.url, method: ours.fields.method, message_expiry: ours.fields.message_expiry});
        },
    },
    bandwidth: {
        number: '+15550117',
        toml: `kind = "bandwidth"\naccount_id = "5500001"\napplication_id = "${kApplication}"\napi_user = "api"\napi_password = SECRET(bandwidth_api)\nwebhook_user = "hook"\nwebhook_password = SECRET(bandwidth_hook)\napi_base = API`,
        deliver(text) {
            const body = JSON.stringify([{type: 'message-received', time: new Date().toISOString(), description: 'Incoming message received',
                to: this.number, message: {id: randomUUID(), owner: this.number, applicationId: kApplication, time: new Date().toISOString(),
                    segmentCount: 1, direction: 'in', to: [this.number], from: kTexter, text}}]);
            const basic = Buffer.from(`hook:${kKeys.bandwidth_hook}`).toString('base64');
            return {body, headers: {'Content-Type': 'application/json', Authorization: `Basic ${basic}`}};
        },
        accepts: null,  // there is nothing to check but the password
        covers_body: false,
        status: 204,
        send(url, {text, ours}) {
            const api = new MessagesApi(new Configuration({username: 'api', password: kKeys.bandwidth_api, basePath: `${url}/api/v2`}));
            const {tag, priority, expiration} = ours.fields;
            return api.createMessage('5500001', {applicationId: kApplication, to: [kTexter], from: this.number, text, tag, priority, expiration});
        },
    },
};

function toml_of(line, api) {
    for (const [name, secret] of Object.entries(kKeys)) fs.writeFileSync(line.file(name), secret, {mode: 0o600});
    return Object.entries(kGateways).map(([name, one]) => `[[gateway]]\nname = "${name}"\nnumbers = ["${one.number}"]\n` +
        one.toml.replace(/SECRET\((\w+)\)/g, (_, key) => `"file:${line.file(key)}"`).replace('API', `"${api}"`)).join('\n');
}

const api = await new StandIn().start();
api.server.unref();  // no reason to stay once all is done

for (const [name, gateway] of Object.entries(kGateways)) {
    story(`${name}: its own package and ours mean the same`, {local: true, log_level: 'warning', toml: (line) => toml_of(line, api.url)},
        async (line, context) => {
            const path = `/webhooks/${gateway.kind ?? name}/${name}/sms`;
            const url = `http://127.0.0.1:${line.port}${path}`;
            const post = async ({body, headers}) => {
                const answer = await fetch(url, {method: 'POST', headers, body});
                const said = await answer.text();
                if (answer.status === 400) context.diagnostic(said);
                return answer.status;
            };

            const text = gateway.deliver('HELP', url);
            if (gateway.accepts) assert.equal(await gateway.accepts(text), true, 'the package takes what the stand-in signs');
            assert.equal(await post(text), gateway.status, 'so does the server');
            if (name === 'plivo') {
                const other = {...text, body: text.body.replace('HELP', 'STOP')};
                assert.equal(await post(other), 403, 'a signature that was used carries no other text');
                assert.equal(await post(text), gateway.status, "Plivo's own repeat comes through");
            }

            const spoilt = spoil(gateway.deliver('spoilt', url));
            if (gateway.accepts) assert.equal(await gateway.accepts(spoilt), false, 'the package refuses a spoilt signature');
            assert.equal(await post(spoilt), 403, 'so does the server');
            const changed = gateway.deliver('one thing', url);
            changed.body = changed.body.replace(/one.thing/, 'another');
            if (gateway.accepts && gateway.covers_body !== false) assert.equal(await gateway.accepts(changed), false);
            // Plivo's V2 and Bandwidth's password cover no body, and Vonage's package does not look at its hash.
            if (!['plivo', 'bandwidth'].includes(name)) assert.equal(await post(changed), 403, 'of another body');

            await line.settled();
            const said = (await line.snapshot()).outbox.find((row) => row.kind === 'reply');
            const answer = (await line.snapshot()).conversations[0].messages.find((one) => one.direction === 'out');
            assert.equal(said.state, 'sent', JSON.stringify(said));
            const ours = await api.with_text(answer.text);
            const before = api.requests.length;
            await gateway.send(api.url, {text: answer.text, ours});
            await eventually(() => api.requests.length > before, 'the package to send');
            const theirs = api.requests[before];
            api.requests.length = 0;
            for (const what of ['method', 'path', 'type', 'authorization']) assert.equal(ours[what], theirs[what], what);
            assert.deepEqual(comparable(ours.fields), comparable(theirs.fields));
            context.diagnostic(`${name}: ${theirs.method} ${theirs.path}: ${Object.keys(theirs.fields).join(', ')}`);
        });
}

/** One character of what proves it, wherever that stands. */
function spoil({body, headers, ...more}) {
    const other = (text) => text.slice(0, -8) + (text.at(-8) === 'A' ? 'B' : 'A') + text.slice(-7);
    const spoilt = {...headers};
    let found = false;
    for (const name of ['telnyx-signature-ed25519', 'X-Plivo-Signature-V2', 'Authorization']) {
        if (!headers[name]) continue;
        spoilt[name] = other(headers[name]);
        found = true;
    }
    return {...more, headers: spoilt, body: found ? body : body.replace(/sig=(.)/, (_, c) => `sig=${c === '0' ? '1' : '0'}`)};
}

/** Numbers of seconds may be written as text, and what is not given need not be said. */
function comparable(fields) {
    return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, Array.isArray(value) ? value.map(String) : String(value)]).sort());
}
