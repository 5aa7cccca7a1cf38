// A texter's phone at the stand-in gateway.
import assert from 'node:assert/strict';

export class Phone {
    constructor(line, number) {
        Object.assign(this, {line, number, heard: 0});
    }
    /** Text the line; the gateway delivers it and the line takes it with an empty TwiML. */
    async texts(body, more = {}) {
        const answer = await this.line.gateway.deliver({from: this.number, body, ...more});
        assert.equal(answer.status, 200, `the line took ${JSON.stringify(body)}`);
        return answer;
    }
    /** Everything that came here so far. */
    inbox() {
        return this.line.gateway.texts_to(this.number);
    }
    /** The next text that came (texts are heard in order) says this. */
    async hears(pattern, ms = 10_000) {
        const wanted = `${this.number.slice(-2)} to hear ${pattern}`;
        await this.line.gateway.until(() => this.inbox().length > this.heard, ms, wanted).catch((error) => {
            const said = this.inbox().map((message) => JSON.stringify(message.body)).join('\n  ');
            throw new Error(`${error.message}; heard so far:\n  ${said}`);
        });
        const message = this.inbox()[this.heard++];
        assert.match(message.body, pattern);
        return message;
    }
    /** Once the line owes nobody anything, nothing more has come. */
    async hears_nothing_more() {
        await this.line.settled();
        assert.deepEqual(this.inbox().slice(this.heard).map((message) => message.body), []);
    }
}
