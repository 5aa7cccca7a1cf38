// What the line asks of Twilio, held against Twilio's own OpenAPI description: a Prism mock in Twilio's place refuses whatever
// the description does not allow.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {kMaya} from '../support/node/line.mjs';
import {free_port} from '../support/node/ports.mjs';
import {eventually, story} from '../support/node/story.mjs';

const kPrism = fileURLToPath(new URL('../support/node/node_modules/@stoplight/prism-cli/dist/index.js', import.meta.url));
const kTwilio = fileURLToPath(new URL('specs/twilio_min.yaml', import.meta.url));

async function prism() {
    const port = await free_port();
    const server = spawn(process.execPath, [kPrism, 'mock', '-h', '127.0.0.1', '-p', String(port), '--errors', kTwilio],
        {stdio: ['ignore', 'pipe', 'pipe']});
    const mock = {url: `http://127.0.0.1:${port}`, text: '', stop: () => server.kill('SIGKILL')};
    for (const stream of [server.stdout, server.stderr]) stream.on('data', (chunk) => { mock.text += chunk; });
    await eventually(() => /Prism is listening/.test(mock.text), 'Prism to listen', 60_000);
    return mock;
}

const post = (mock, line, resource, form) => fetch(`${mock.url}/2010-04-01/Accounts/${line.gateway.account_sid}/${resource}.json`, {
    method: 'POST', body: new URLSearchParams(form),
    headers: {Authorization: 'Basic ' + Buffer.from(`${line.gateway.account_sid}:x`).toString('base64')},
}).then((answer) => answer.status);

const people = [{...kMaya, more: 'notify = [ { by = "sms" }, { by = "voice" } ]'}];

story('texts and calls are what Twilio describes', {people, timeout: 180_000}, async (line) => {
    const mock = await prism();
    try {
        assert.equal(await post(mock, line, 'Messages', {Body: 'no number to send to'}), 422, 'the mock has teeth');
        assert.equal(await post(mock, line, 'Calls', {To: '+15550101', From: '+15550199', Timeout: 'soon'}), 422);
        mock.text = '';
        await line.terminate();
        line.gateway.url = mock.url;
        line.configure();
        await line.launch();
        await line.phone('+15550110').texts('i want to kill myself tonight');
        await eventually(async () => (await line.all('/outbox')).filter((row) => row.state === 'sent').length >= 3,
            'the answer and the page to be taken', 60_000);
        const wrong = (await line.all('/outbox')).filter((row) => !['sent', 'queued', 'wired'].includes(row.state));
        assert.deepEqual(wrong, [], 'not one text is refused');
        const received = (resource) => mock.text.match(new RegExp(`${resource}\\.json.*Request received`, 'g')) ?? [];
        await eventually(() => received('Calls').length > 0, 'the call to be asked for', 30_000);
        await eventually(() => (mock.text.match(/passed the validation rules/g) ?? []).length >= 4, 'all of it to pass', 30_000);
        assert.doesNotMatch(mock.text, /did not pass the validation rules/);
        assert.ok(received('Messages').length >= 3);
    } finally {
        mock.stop();
    }
});
