// SIGHUP: the real server takes new flows only if they check, and whoever is in the middle finishes as they began.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import test from 'node:test';
import {FlowFolder, changed} from './flow_folder.mjs';
import {SmallLine, until} from './small_line.mjs';

const kToken = 'reader-0123456789abcdef';

/** A running line on a copy of the fixture's flows, and what the tests do with it. */
class ReloadLine {
    static async begin(context) {
        const it = new ReloadLine();
        it.folder = new FlowFolder();
        it.slip = fs.readFileSync(it.folder.file('slip.json'), 'utf8');
        it.line = await new SmallLine().prepare();
        context.after(async () => {
            await it.line.stop();
            it.folder.remove();
        });
        it.line.write('token', kToken);
        it.line.configure({flows: it.folder.directory, toml: `[[api.token]]\nname = "reader"\ntoken = "file:${it.line.file('token')}"`});
        await it.line.serve();
        return it;
    }
    /** The slip flow as version `version`, its second step under another name. */
    write_slip(version, second_step) {
        const renamed = JSON.stringify(JSON.parse(this.slip)).replaceAll('"S2"', `"${second_step}"`);
        this.folder.write('slip.json', changed(JSON.parse(renamed), '/version', version));
    }
    log() {
        return fs.readFileSync(this.line.file('log'), 'utf8').split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
    }
    /** SIGHUP; what the log says of it up to the event named. */
    async reload(event) {
        const before = this.log().length;
        this.line.server.kill('SIGHUP');
        await until(() => this.log().slice(before).some((entry) => entry.event === event));
        return this.log().slice(before);
    }
    async api(path) {
        const answer = await fetch(`http://127.0.0.1:${this.line.port}/api/v1/${path}`, {headers: {Authorization: `Bearer ${kToken}`}});
        return answer.json();
    }
    /** A text, and the place that answered it last: "slip/S2@1". */
    async said_by(from, words) {
        const sent = this.line.sent.filter(({to}) => to === from).length;
        assert.equal(await this.line.modem_text(from, words), 204);
        await until(() => this.line.sent.filter(({to}) => to === from).length > sent);
        const messages = (await this.api(`conversations/${await this.contact(from)}/messages`)).items;
        return messages.filter(({direction}) => direction === 'out').sort((a, b) => a.id - b.id).at(-1).said_by;
    }
    async contact(from) {
        this.contacts ??= new Map();
        if (!this.contacts.has(from)) this.contacts.set(from, (await this.api('conversations?limit=1')).items[0].id);
        return this.contacts.get(from);
    }
    async metric(outcome) {
        const text = await (await fetch(`http://127.0.0.1:${this.line.admin_port}/metrics`)).text();
        return Number(new RegExp(`^handrail_flow_reloads_total\\{outcome="${outcome}"\\} (\\d+)`, 'm').exec(text)?.[1] ?? 0);
    }
}

test('a conversation under way finishes on its version, the next one is on the new', async (context) => {
    const it = await ReloadLine.begin(context);
    assert.equal(await it.said_by('+15550110', 'i slipped last night'), 'slip/S1@1');
    it.write_slip(2, 'S2b');
    const log = await it.reload('flows_reloaded');
    assert.deepEqual(log.filter(({event}) => event === 'flow_changed').map(({flow, version}) => [flow, version]), [['slip', 2]]);
    assert.equal(await it.said_by('+15550110', '1'), 'slip/S2@1');
    assert.equal(await it.said_by('+15550111', 'i slipped last night'), 'slip/S1@2');
    assert.equal(await it.said_by('+15550111', '1'), 'slip/S2b@2');
    assert.equal(await it.metric('taken'), 1);
});

test('what does not check is refused by file and line, and the running version answers on', async (context) => {
    const it = await ReloadLine.begin(context);
    const rows = [
        ['no JSON', () => it.folder.write('slip.json', '{\n"flow": "slip"\n"version": 2}'), /slip\.json$/, 3, /no valid JSON/],
        ['changed under its old number', () => it.write_slip(1, 'S2b'), /^slip\.json$/, 0, /its version is still 1; raise it/],
        ['a transcript that goes otherwise',
            () => it.folder.write('slip.json', it.slip).write('transcripts/a.txt', 'lang en\n> i slipped last night\n< WEL.3\n< SLP.2\n'), /a\.txt$/, 4, /expected SLP\.2, said SLP\.1/],
    ];
    for (const [why, spoil, file, line, what] of rows) {
        spoil();
        const problem = (await it.reload('flows_refused')).find(({event}) => event === 'flow_problem');
        assert.match(problem.file, file, why);
        if (line > 0) assert.equal(problem.line, line, why);
        assert.match(problem.what, what, why);
    }
    assert.equal(await it.said_by('+15550112', 'i slipped last night'), 'slip/S1@1');
    assert.equal(await it.metric('refused'), rows.length);
    assert.equal(await it.metric('taken'), 0);

    fs.rmSync(it.folder.file('transcripts/a.txt'));
    it.write_slip(2, 'S2b');
    await it.reload('flows_reloaded');
    assert.equal(await it.said_by('+15550112', '1'), 'slip/S2@1');
});

test('a failing transcript keeps a server from starting', async (context) => {
    const folder = new FlowFolder();
    const line = await new SmallLine().prepare();
    context.after(async () => {
        await line.stop();
        folder.remove();
    });
    folder.write('transcripts/a.txt', 'lang en\n> i slipped last night\n< WEL.3\n< SLP.2\n');
    line.configure({flows: folder.directory});
    await assert.rejects(line.serve(), /a\.txt:4: expected SLP\.2, said SLP\.1 [^]*not started; nothing was changed/);
    assert.equal(await line.exited, 78);
});
