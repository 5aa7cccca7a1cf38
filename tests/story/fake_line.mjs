// A line in memory with one fault at a time, to show that the checker notices each. It speaks the same wire.
import http from 'node:http';
import {twilio_webhooks} from '../support/node/official.mjs';

export class FakeLine {
    /** @param fault  'none' or what goes wrong: see `take` and `answer` */
    constructor(gateway, fault) {
        Object.assign(this, {gateway, fault, contacts: new Map(), seen: new Set(), rows: 0, outbox: []});
        this.server = http.createServer((request, response) => {
            const chunks = [];
            request.on('data', (chunk) => chunks.push(chunk));
            request.on('end', () => this.#take(request, Buffer.concat(chunks).toString('utf8'), response));
        });
    }
    async start() {
        await new Promise((done) => this.server.listen(0, '127.0.0.1', done));
        return this.server.address().port;
    }
    async stop() {
        this.server.closeAllConnections();
        await new Promise((done) => this.server.close(done));
    }
    async #take(request, body, response) {
        const form = Object.fromEntries(new URLSearchParams(body));
        const url = new URL(request.url, this.gateway.webhook.public_base).href;
        const signed = twilio_webhooks.validateRequest(
            this.gateway.auth_token, request.headers['x-twilio-signature'] ?? '', url, form);
        if (!signed && this.fault !== 'unsigned') return response.writeHead(403).end();
        response.writeHead(200, {'Content-Type': 'text/xml'}).end('<Response/>');
        if (this.fault === 'lost') return;
        if (this.seen.has(form.MessageSid) && this.fault !== 'repeated') return;
        this.seen.add(form.MessageSid);
        await this.#answer(form);
    }
    async #answer(form) {
        const contact = this.contacts.get(form.From) ?? this.#new_contact(form.From);
        const row = {id: ++this.rows, direction: 'in', text: form.Body, state: '', said_by: ''};
        if (this.fault === 'reordered') contact.messages.unshift(row);
        else contact.messages.push(row);
        if (this.fault === 'silent') return;
        if (contact.consent === 'opted_out' && this.fault !== 'after_stop') {
            row.said_by = 'opted_out';
            return;
        }
        const stop = form.Body === 'STOP';
        if (stop) contact.consent = 'opted_out';
        await this.#say(contact, stop ? 'You are out.' : `Heard: ${form.Body}`, stop ? 'opt_out_confirm' : 'reply');
        if (stop && this.fault === 'confirmed_twice') await this.#say(contact, 'Really out.', 'opt_out_confirm');
    }
    #new_contact(number) {
        const contact = {id: this.contacts.size + 1, number, consent: 'conversation', messages: []};
        this.contacts.set(number, contact);
        return contact;
    }
    async #say(contact, text, kind) {
        const row = {id: ++this.rows, direction: 'out', contact: contact.id, text, kind, state: 'sent',
            text_id: kind === 'reply' ? '' : 'OUT.1'};
        contact.messages.push(row);
        this.outbox.push(row);
        for (let times = this.fault === 'sent_twice' ? 2 : 1; times > 0; --times) await this.#hand_over(contact, row);
    }
    async #hand_over(contact, row) {
        const {account_sid, auth_token, numbers, url} = this.gateway;
        await fetch(`${url}/2010-04-01/Accounts/${account_sid}/Messages.json`, {
            method: 'POST',
            headers: {Authorization: 'Basic ' + Buffer.from(`${account_sid}:${auth_token}`).toString('base64')},
            body: new URLSearchParams({
                To: contact.number, From: numbers[0], Body: row.text,
                StatusCallback: `https://sms.example.org/status?mid=${row.id}`, ValidityPeriod: '600',
            }),
        });
    }
    snapshot() {
        return {conversations: [...this.contacts.values()], outbox: this.outbox, escalations: []};
    }
}
