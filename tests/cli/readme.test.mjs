// The README promises nothing that does not happen.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import {kSource} from '../support/node/places.mjs';
import {ChatDriver} from './chat_driver.mjs';
import {run} from './flow_folder.mjs';

const kPages = ['README.md', 'deploy/RUNBOOK.md', 'flows/README.md', 'webhooks/gateways/README.md'];
const read = (page) => fs.readFileSync(path.join(kSource, page), 'utf8');
const kMargin = ' '.repeat(16);

/** An event as it stands in a terminal (webhooks/cli/chat_view.cpp); without the small effects. */
function on_screen({at, dir, text, effect}) {
    const local = `Sat ${Number(at.slice(11, 13)) - 5}${at.slice(13, 16)}`;  // New York in winter
    if (dir === 'out') return `${local}  line  ${text.replaceAll('\n', `\n${kMargin}`)}\n`;
    if (dir === 'in' || !/^(consent|escalate|raise|page|silent|waited)/.test(effect)) return '';
    return `${kMargin}${effect}\n`;
}

test('the first conversation goes as the README shows it', async (context) => {
    const shown = /```text\n([^]*?)```/.exec(read('README.md'))[1];
    const lines = [...shown.matchAll(/^Sat 12:10 {2}you {3}(.*)$/mg)].map(([, line]) => line);
    assert.ok(lines.length >= 3);
    const chat = new ChatDriver('--flows', path.join(kSource, 'flows'), '--at', '2026-03-07T17:10:00Z');
    context.after(() => chat.quit());
    let screen = '';
    for (const line of lines) {
        screen += `Sat 12:10  you   ${line}\n` + (await chat.say(line)).map(on_screen).join('');
    }
    assert.equal(screen, shown);
});

test('every page that is linked exists', () => {
    for (const page of kPages) {
        for (const [, target] of read(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
            assert.ok(fs.existsSync(path.join(kSource, path.dirname(page), target)), `${page}: ${target}`);
        }
    }
});

test('every command that is shown exists', async () => {
    const commands = new Set();
    for (const page of kPages) {
        for (const [, command] of read(page).matchAll(/\bhandrail ((?:flows|config|quarantine) [a-z]+|serve|chat|classify|doctor)\b/g)) {
            commands.add(command);
        }
        for (const [, command] of read(page).matchAll(/`h ((?:config|quarantine) [a-z]+|doctor)/g)) commands.add(command);
    }
    assert.ok(commands.size >= 8, [...commands].join(', '));
    for (const command of commands) assert.equal((await run(...command.split(' '), '--help')).code, 0, command);
});
