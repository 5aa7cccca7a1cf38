// Translations out to a gettext PO file and back; gettext's own tool, where there is one, takes what we write.
import assert from 'node:assert/strict';
import {execFileSync, spawnSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import {kSource} from '../support/node/places.mjs';
import {FlowFolder, changed, read_json, run} from './flow_folder.mjs';

class Translation {
    constructor(context) {
        this.folder = new FlowFolder();
        context.after(() => this.folder.remove());
        this.po = this.folder.file('es.po');
    }
    export() {
        return run('flows', 'export', '--po', this.folder.directory, this.po);
    }
    import() {
        return run('flows', 'import', '--po', this.folder.directory, this.po);
    }
    spanish() {
        return fs.readFileSync(this.folder.file('texts/es.json'), 'utf8');
    }
    /** Changes the PO file as a translator would. */
    edit(from, to) {
        const text = fs.readFileSync(this.po, 'utf8');
        assert.ok(text.includes(from), from);
        fs.writeFileSync(this.po, text.replace(from, to));
    }
    /** The lines of one text's entry. */
    entry(id) {
        return fs.readFileSync(this.po, 'utf8').split('\n\n').find((part) => part.includes(`msgctxt "${id}"\n`));
    }
}

test('out and back changes nothing, and an edited text comes back alone', async (context) => {
    const it = new Translation(context);
    const exported = await it.export();
    assert.equal(exported.code, 0, exported.err);
    assert.match(exported.out, /es\.po: \d+ texts, 0 stale/);
    const before = it.spanish();
    assert.match((await it.import()).out, /: 0 texts changed, 0 left/);
    assert.equal(it.spanish(), before);

    const old = read_json(it.folder.file('texts/es.json'))['CRV.12'];
    it.edit(`msgstr "${old}"`, 'msgstr "Descansa \\"hoy\\". Escribe cuando quieras."');
    const imported = await it.import();
    assert.match(imported.out, /: 1 texts changed, 0 left/, imported.err);
    assert.deepEqual(JSON.parse(it.spanish()), {...JSON.parse(before), 'CRV.12': 'Descansa "hoy". Escribe cuando quieras.'});
    const differing = it.spanish().split('\n').filter((line, i) => line !== before.split('\n')[i]);
    assert.equal(differing.length, 1, 'the other lines of the file stay as they were');
    assert.equal((await it.folder.check()).code, 0);
});

test('the shipped flows go out and back, and gettext takes the file', async (context) => {
    const it = new Translation(context);
    fs.cpSync(path.join(kSource, 'flows'), it.folder.directory, {recursive: true, force: true});
    for (const name of ['danger.json', 'talk.json', 'every.json']) fs.rmSync(it.folder.file(name));
    const before = it.spanish();
    const exported = await it.export();
    assert.equal(exported.code, 0, exported.err);
    assert.match((await it.import()).out, /: 0 texts changed, 0 left/);
    assert.equal(it.spanish(), before);
    if (spawnSync('msgfmt', ['--version']).status !== 0) return context.diagnostic('gettext is not installed');
    execFileSync('msgfmt', ['--check', '--output-file=/dev/null', it.po], {stdio: 'pipe'});
});

test('a text whose English has changed is marked, with what was translated, until somebody looks', async (context) => {
    const it = new Translation(context);
    await it.export();
    const english = read_json(it.folder.file('texts/en.json'));
    it.folder.write('texts/en.json', {...english, 'CRV.12': 'Rest now. Text me any time.'});
    assert.match((await it.export()).out, /, 1 stale/);
    assert.match(it.entry('CRV.12'), new RegExp(`#, fuzzy\n#\\| msgid "${english['CRV.12'].slice(0, 20)}`));
    assert.match((await it.export()).out, /, 1 stale/, 'a second export does not forget it');
    const before = it.spanish();
    assert.match((await it.import()).out, /: 0 texts changed, 1 left/);
    assert.equal(it.spanish(), before);

    it.edit('#, fuzzy\n', '');
    it.edit(`msgstr "${read_json(it.folder.file('texts/es.json'))['CRV.12']}"`, 'msgstr "Descansa. Escribe cuando quieras."');
    assert.match((await it.import()).out, /: 1 texts changed, 0 left/);
    assert.match((await it.export()).out, /, 0 stale/);
    assert.doesNotMatch(it.entry('CRV.12'), /fuzzy/);
});

const kRows = [
    ['no PO at all', (it) => fs.writeFileSync(it.po, '{"SLP.8": "hola"}\n'), /es\.po:1: "\{"SLP\.8":" is not understood/],
    ['a quote that does not end', (it) => it.edit('msgctxt "SLP.8"', 'msgctxt "SLP.8'), /es\.po:\d+: a string must stand in double quotes/],
    ['a text that does not exist', (it) => it.edit('msgctxt "SLP.8"', 'msgctxt "SLP.88"'), /es\.po:\d+: SLP\.88: there is no such text in texts\/en\.json/],
    ['another language', (it) => it.edit('Language: es', 'Language: fr'), /es\.po:1: is for the language "fr"; es is taken/],
    ['another charset', (it) => it.edit('charset=UTF-8', 'charset=ISO-8859-1'), /es\.po:1: the header must say/],
    ['a placeholder of his own', (it) => it.edit(it.translation('SLP.8'), 'msgstr "Hola {nombre}"'), /es\.po:\d+: SLP\.8: unknown placeholder {nombre}/],
    ['too long', (it) => it.edit(it.translation('SLP.8'), `msgstr "${'palabra '.repeat(50)}"`), /es\.po:\d+: SLP\.8: takes 3 SMS segments/],
    ['an option lost', (it) => it.edit(it.translation('SLP.2'), 'msgstr "Y ahora?\\n1 Una vez"'), /slip\/steps\/S2\/ask: the text does not show the number 2/],
    ['a file that is not there', (it) => fs.rmSync(it.po), /es\.po: cannot be read/],
];
Translation.prototype.translation = function (id) {
    return this.entry(id).slice(this.entry(id).indexOf('msgstr')).trimEnd();
};

for (const [why, spoil, says] of kRows) {
    test(`refused, and nothing changes: ${why}`, async (context) => {
        const it = new Translation(context);
        await it.export();
        const before = it.spanish();
        spoil(it);
        const {code, out, err} = await it.import();
        assert.match(err, says);
        assert.match(err, /nothing was changed\n$/);
        assert.equal(code, 1);
        assert.equal(out, '');
        assert.equal(it.spanish(), before);
    });
}

test('flows that do not check are not exported', async (context) => {
    const it = new Translation(context);
    it.folder.write('slip.json', changed(read_json(it.folder.file('slip.json')), '/steps/S8/next', 'S99'));
    const {code, err} = await it.export();
    assert.equal(code, 78);
    assert.match(err, /there is no step "S99"/);
    assert.ok(!fs.existsSync(it.po));
});
