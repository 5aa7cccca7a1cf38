// Twilio as far as a line can see it, on loopback: takes messages through the REST Messages resource with its checks
// and its error dialect, sends signed inbound webhooks and delivery reports with its retry habits. Signatures are made
// by the official package. Everything goes to the ledger.
import {randomBytes} from 'node:crypto';
import http from 'node:http';
import twilio_webhooks from 'twilio/lib/webhooks/webhooks.js';
import {after_what_has_arrived} from './ledger.mjs';

const kE164 = /^\+[1-9]\d{6,14}$/;
const kMessages = {
    20003: [401, 'Authenticate'],
    20004: [405, 'Method not allowed'],
    20404: [404, 'The requested resource was not found'],
    20429: [429, 'Too Many Requests'],
    20500: [500, 'An internal server error has occurred'],
    20503: [503, 'Service is temporarily unavailable'],
    21211: [400, "The 'To' number is not a valid phone number."],
    21212: [400, "The 'From' number is not a valid phone number."],
    21266: [400, "'To' and 'From' number cannot be the same"],
    21602: [400, 'Message body is required.'],
    21603: [400, "A 'From' phone number is required."],
    21604: [400, "A 'To' phone number is required."],
    21606: [400, "The 'From' phone number provided is not a valid message-capable Twilio phone number."],
    21609: [400, "The 'StatusCallback' URL is not a valid URL."],
    21610: [400, 'Attempt to send to unsubscribed recipient'],
    21614: [400, "'To' number is not a valid mobile number"],
    21617: [400, 'The concatenated message body exceeds the 1600 character limit'],
    21624: [400, 'Invalid validity period value'],
};
const sid = (kind) => kind + randomBytes(16).toString('hex');

/** First thing wrong with a send, as Twilio's error number; undefined when it would be taken. */
export function first_fault(form, numbers) {
    const to = form.get('To'), from = form.get('From'), body = form.get('Body');
    if (!to) return 21604;
    if (!kE164.test(to)) return 21211;
    if (!from && !form.get('MessagingServiceSid')) return 21603;
    if (from && !kE164.test(from)) return 21212;
    if (from && !numbers.includes(from)) return 21606;
    if (from === to) return 21266;
    if (!body && !form.get('MediaUrl')) return 21602;
    if (body && [...body].length > 1600) return 21617;
    const callback = form.get('StatusCallback');
    if (callback !== null && !callback_is_valid(callback)) return 21609;
    const validity = form.get('ValidityPeriod');
    if (validity !== null && !(/^\d{1,5}$/.test(validity) && +validity >= 1 && +validity <= 36000)) return 21624;
    return undefined;
}

/** The same for a call. */
export function call_fault(form, numbers) {
    if (!form.get('To')) return 21604;
    if (!kE164.test(form.get('To'))) return 21211;
    if (!kE164.test(form.get('From') ?? '')) return 21212;
    if (!numbers.includes(form.get('From'))) return 21606;
    if (!callback_is_valid(form.get('Url') ?? '')) return 21609;
    if (!callback_is_valid(form.get('StatusCallback') ?? '')) return 21609;
    if (!['Enable', 'DetectMessageEnd', null].includes(form.get('MachineDetection'))) return 21624;
    return undefined;
}

function callback_is_valid(text) {
    if (!URL.canParse(text)) return false;
    const url = new URL(text);
    return ['http:', 'https:'].includes(url.protocol) && !url.hostname.includes('_');
}

export class StandInTwilio {
    /** @param options {ledger, account_sid, auth_token, numbers: [E.164], webhook: {public_base, port, sms, status}} */
    constructor(options) {
        Object.assign(this, {report_deliveries: false, broken: null, default_delay: () => 0}, options);
        this.behaviours = new Map();
        this.taken = [];
        this.calls = [];
        this.refused = [];
        this.waiters = new Set();
        this.pending_reports = new Set();
        this.next_send = 0;
        this.agent = new http.Agent({keepAlive: true, maxSockets: 256});
        this.server = http.createServer((request, response) => this.#take(request, response));
        this.server.keepAliveTimeout = 60_000;
        this.server.setMaxListeners(0);
    }
    async start(port = 0) {
        await new Promise((done) => this.server.listen(port, '127.0.0.1', done));
        this.port = this.server.address().port;
        this.url = `http://127.0.0.1:${this.port}`;
        return this;
    }
    async stop() {
        this.agent.destroy();
        this.server.closeAllConnections();
        await new Promise((done) => this.server.close(done));
    }

    /** The next sends to `number` behave so, one after the other; then normally again.
     *  'busy' 429 · 'error500' · 'error503' · 'reset' · 'hang' · 'lost' taken, but the answer never arrives ·
     *  `broken` names what every number gets instead; `deaf`: the list of messages cannot be read. {code} that error · {retry_after} seconds with 429 · {delay} milliseconds before the normal answer */
    program(number, ...behaviours) {
        this.behaviours.set(number, [...(this.behaviours.get(number) ?? []), ...behaviours]);
    }

    #take(request, response) {
        if (this.media?.has(request.url)) return this.media.get(request.url)(request, response);
        if (request.method === 'GET') return this.#list(request, response);
        const send = {n: ++this.next_send};
        this.ledger.write('send.began', send);
        const chunks = [];
        request.on('data', (chunk) => chunks.push(chunk));
        request.on('error', () => {});
        request.on('end', () => this.#judge(send, request, Buffer.concat(chunks).toString('utf8'), response));
    }
    /** The Messages list: what a line asks when an answer was lost. */
    #list(request, response) {
        const url = new URL(request.url, this.url);
        if (this.broken || this.deaf) return this.#json(response, 503, {code: 20503, status: 503});
        if (this.#access_fault({headers: request.headers, url: url.pathname, method: 'POST'})) {
            return this.#json(response, 401, {code: 20003, status: 401});
        }
        this.lists = (this.lists ?? 0) + 1;
        const asked = (name, value) => !url.searchParams.has(name) || url.searchParams.get(name) === value;
        const received = (this.missed ?? []).map((one) => ({...one, direction: 'inbound'}));
        const messages = [...this.taken, ...received].filter((one) => asked('To', one.to) && asked('From', one.from)).reverse();
        this.#json(response, 200, {
            page: 0, page_size: 100, next_page_uri: null,
            messages: messages.map(({sid, to, from, body, created, direction = 'outbound-api'}) =>
                ({sid, to, from, body, direction, status: 'queued', date_created: created})),
        });
    }
    async #judge(send, request, raw, response) {
        const form = new URLSearchParams(raw);
        if (request.url.endsWith('/Calls.json')) return this.#take_call(send, request, form, response);
        const message = {
            ...send,
            to: form.get('To'),
            from: form.get('From'),
            body: form.get('Body'),
            callback: form.get('StatusCallback'),
            validity: form.get('ValidityPeriod'),
        };
        this.ledger.write('send.got', message);
        const behaviour =
            this.broken ?? this.behaviours.get(message.to)?.shift() ?? {delay: this.default_delay(message)};
        const fault = this.#access_fault(request) ?? first_fault(form, this.numbers);
        if (fault) return this.#refuse(message, response, fault);
        if (behaviour === 'reset') return this.#cut(message, response, 'reset');
        if (behaviour === 'hang') return this.ledger.write('send.hung', send);
        if (behaviour === 'busy') return this.#refuse(message, response, 20429);
        if (behaviour === 'error500') return this.#refuse(message, response, 20500);
        if (behaviour === 'error503') return this.#refuse(message, response, 20503);
        if (behaviour.code) return this.#refuse(message, response, behaviour.code);
        if (behaviour.retry_after) {
            return this.#refuse(message, response, 20429, {'Retry-After': behaviour.retry_after});
        }
        if (behaviour.delay) await new Promise((done) => setTimeout(done, behaviour.delay));
        this.#accept(message, form, behaviour, response);
    }
    /** The Calls resource: what it is asked for, with its checks. `answer_call` and `end_call` play the phone. */
    #take_call(send, request, form, response) {
        const call = {...send, sid: sid('CA'), to: form.get('To'), from: form.get('From'), url: form.get('Url'),
            callback: form.get('StatusCallback'), timeout: form.get('Timeout'), detection: form.get('MachineDetection')};
        this.ledger.write('call.got', call);
        const fault = this.#access_fault(request, 'Calls') ?? call_fault(form, this.numbers);
        if (fault) return this.#refuse(call, response, fault);
        const behaviour = this.broken ?? this.behaviours.get(`call ${call.to}`)?.shift();
        if (behaviour === 'error503') return this.#refuse(call, response, 20503);
        this.calls.push(call);
        this.#json(response, 201, {sid: call.sid, status: 'queued', to: call.to, from: call.from,
            account_sid: this.account_sid, direction: 'outbound-api', api_version: '2010-04-01'});
        for (const waiter of [...this.waiters]) waiter();
    }
    #call_form(call, more) {
        return {CallSid: call.sid, AccountSid: this.account_sid, From: call.from, To: call.to, ApiVersion: '2010-04-01',
            Direction: 'outbound-api', ...more};
    }
    /** Somebody, or something, takes the call, or presses a key: the TwiML that the line answers with.
     *  @param more  {AnsweredBy} or {Digits, url} */
    async answer_call(call, {url = call.url, ...more} = {}) {
        const path = new URL(url, this.webhook.public_base);
        return this.post(path.pathname + path.search, this.#call_form(call, {CallStatus: 'in-progress', ...more}));
    }
    end_call(call, status = 'completed') {
        const path = new URL(call.callback);
        return this.post(path.pathname + path.search, this.#call_form(call, {CallStatus: status}));
    }
    #access_fault(request, resource = 'Messages') {
        const want = 'Basic ' + Buffer.from(`${this.account_sid}:${this.auth_token}`).toString('base64');
        if (request.headers.authorization !== want) return 20003;
        if (request.url !== `/2010-04-01/Accounts/${this.account_sid}/${resource}.json`) return 20404;
        if (request.method !== 'POST') return 20004;
        return undefined;
    }
    #accept(message, form, behaviour, response) {
        message.sid = sid('SM');
        message.created = new Date().toUTCString();
        this.taken.push(message);
        this.ledger.write('send.taken', {n: message.n});
        if (behaviour === 'lost') {
            this.#cut(message, response, 'lost');
        } else {
            this.ledger.write('send.answered', {n: message.n, sid: message.sid, status: 201});
            this.#json(response, 201, {
                sid: message.sid,
                account_sid: this.account_sid,
                to: message.to,
                from: message.from,
                body: message.body,
                status: 'queued',
                direction: 'outbound-api',
                num_segments: '1',
                error_code: null,
                error_message: null,
                date_created: new Date().toUTCString(),
            });
        }
        for (const waiter of [...this.waiters]) waiter();
        if (this.report_deliveries && message.callback) this.report(message, 'delivered');
    }
    #refuse(message, response, code, headers = {}) {
        const [status, text] = kMessages[code];
        message.code = code;
        this.refused.push(message);
        this.ledger.write('send.answered', {n: message.n, status, code});
        const more_info = `https://www.twilio.com/docs/errors/${code}`;
        this.#json(response, status, {code, message: text, more_info, status}, headers);
        for (const waiter of [...this.waiters]) waiter();
    }
    #cut(message, response, how) {
        this.ledger.write('send.cut', {n: message.n, how, sid: message.sid});
        response.socket?.resetAndDestroy();
    }
    #json(response, status, value, headers = {}) {
        if (response.destroyed) return;
        const text = JSON.stringify(value);
        response.writeHead(status, {
            'Content-Type': 'application/json;charset=utf-8',
            'Content-Length': Buffer.byteLength(text),
            ...headers,
        });
        response.end(text);
    }

    /** The form of an inbound text as Twilio posts it. */
    inbound_form({from, to = this.numbers[0], body = '', message_sid = sid('SM'), media = [], ...more}) {
        const form = {
            ToCountry: 'US', SmsMessageSid: message_sid, NumMedia: String(media.length), SmsSid: message_sid,
            SmsStatus: 'received', Body: body, FromCountry: 'US', To: to, NumSegments: '1', MessageSid: message_sid,
            AccountSid: this.account_sid, From: from, ApiVersion: '2010-04-01', ...more,
        };
        media.forEach((one, i) => {
            form[`MediaUrl${i}`] = one.url;
            form[`MediaContentType${i}`] = one.type;
        });
        return form;
    }
    /** One attempt to deliver an inbound text. Resolves with {status, body}; status 0: no answer. */
    async deliver(message, {url = this.webhook.sms, signature, agent} = {}) {
        const form = this.inbound_form(message);
        const id = {sid: form.MessageSid, from: form.From, body: form.Body};
        this.ledger.write('inbound.sent', id);
        const answer = await this.post(url, form, {signature, agent});
        await after_what_has_arrived(this.server);
        this.ledger.write('inbound.answered', {...id, status: answer.status});
        return {...answer, sid: form.MessageSid};
    }
    /** Until a 2xx, as with `#rc=5&rp=all` and a fallback URL on the same server: nothing is given up. */
    async deliver_until_taken(message, {pause = 100, give_up_after = 60_000, ...options} = {}) {
        const form = {message_sid: sid('SM'), ...message};
        const end = Date.now() + give_up_after;
        for (;;) {
            const answer = await this.deliver(form, options);
            if (answer.status >= 200 && answer.status < 300) return answer;
            if (Date.now() > end) throw new Error(`not taken: last status ${answer.status}`);
            await new Promise((done) => setTimeout(done, pause));
        }
    }
    /** A delivery report for a message we took, signed, to the StatusCallback it named. */
    async report(message, status, error_code) {
        const form = {
            SmsSid: message.sid, SmsStatus: status, MessageStatus: status, To: message.to, MessageSid: message.sid,
            AccountSid: this.account_sid, From: message.from, ApiVersion: '2010-04-01',
            ...(error_code ? {ErrorCode: String(error_code)} : {}),
        };
        const sent = (async () => {
            const answer = await this.post(message.callback, form);
            this.ledger.write('report.answered', {sid: message.sid, state: status, status: answer.status});
            return answer;
        })();
        this.pending_reports.add(sent);
        return sent.finally(() => this.pending_reports.delete(sent));
    }
    /** Sign for the public URL, post to the port behind it (a reverse proxy would do the same).
     *  @param signature  instead of the right one; null: none at all */
    post(url, form, {signature, agent = this.agent, raw, headers = {}} = {}) {
        const public_url = new URL(url, this.webhook.public_base);
        const body = raw ?? new URLSearchParams(form).toString();
        const signed = signature === undefined
            ? twilio_webhooks.getExpectedTwilioSignature(this.auth_token, public_url.href, form)
            : signature;
        return new Promise((done) => {
            const request = http.request({
                host: '127.0.0.1', port: this.webhook.port, method: 'POST', agent,
                path: public_url.pathname + public_url.search,
                headers: {
                    'Host': public_url.host,
                    'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8',
                    'Content-Length': Buffer.byteLength(body),
                    'User-Agent': 'TwilioProxy/1.1',
                    ...(signed === null ? {} : {'X-Twilio-Signature': signed}),
                    ...headers,
                },
            });
            request.setTimeout(15_000, () => request.destroy());
            request.on('error', (error) => done({status: 0, error}));
            request.on('response', (response) => {
                const chunks = [];
                response.on('data', (chunk) => chunks.push(chunk));
                response.on('error', (error) => done({status: 0, error}));
                response.on('end', () => {
                    const text = Buffer.concat(chunks).toString('utf8');
                    done({status: response.statusCode, headers: response.headers, body: text});
                });
            });
            request.end(body);
        });
    }

    /** Resolves when `count` sends have begun. */
    async until_began(count, ms = 10_000) {
        for (const end = Date.now() + ms; this.next_send < count;) {
            if (Date.now() > end) throw new Error(`waited ${ms} ms for ${count} sends`);
            await new Promise((done) => setTimeout(done, 10));
        }
    }
    /** Everything taken for one number, in order. */
    texts_to(number) {
        return this.taken.filter((message) => message.to === number);
    }
    /** Resolves when `condition()` holds, looked at after every send; rejects after `ms`. */
    until(condition, ms = 10_000, what = 'the gateway to see what was waited for') {
        if (condition()) return Promise.resolve();
        return new Promise((done, fail) => {
            const look = () => {
                if (!condition()) return;
                end();
                done();
            };
            const timer = setTimeout(() => {
                end();
                fail(new Error(`waited ${ms} ms for ${what}`));
            }, ms);
            const end = () => {
                clearTimeout(timer);
                this.waiters.delete(look);
            };
            this.waiters.add(look);
        });
    }
}
