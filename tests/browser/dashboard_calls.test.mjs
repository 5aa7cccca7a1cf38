// Calls at the dashboard: being put through to a texter, and calls that texters asked for.
import assert from 'node:assert/strict';
import {kMaya} from '../support/node/line.mjs';
import {eventually, story} from '../support/node/story.mjs';
import {fits, is_accessible, kWidths, photograph} from './browser.mjs';
import {bubble, come_in, in_browser, queue_row, sound} from './staff.mjs';

const kMia = '+15550110';
const kDanger = 'i dont want to be here anymore. i want to kill myself';
const with_voice = {toml: (line) => `[oncall.voice]\ngateway = "main"\nnumber = "${line.gateway.numbers[0]}"`};

async function in_danger(line) {
    await line.phone(kMia).texts(kDanger);
    await line.settled();
}
/** Taken by key, and out of the field that this leads into. */
async function taken(page) {
    await queue_row(page, kDanger).click();
    await bubble(page, kDanger).waitFor();
    await page.keyboard.press('t');
    await page.locator('#composer:focus').waitFor();
    await page.keyboard.press('Escape');
}
const attribute = (body, name) => body.match(new RegExp(`${name}="([^"]+)"`))[1].replaceAll('&amp;', '&');

/** What whoever has the case does with their phone, and what becomes of it. */
async function press_one(line, call) {
    const rings = await line.gateway.answer_call(call, {AnsweredBy: 'human'});
    return (await line.gateway.answer_call(call, {Digits: '1', url: attribute(rings.body, 'action')})).body;
}
async function texter_picks_up(line, call, dial) {
    const status = new URL(attribute(dial, 'statusCallback'));
    const form = {CallSid: 'CA' + '1'.repeat(32), ParentCallSid: call.sid, CallStatus: 'in-progress', From: call.from, To: kMia};
    assert.equal((await line.gateway.post(status.pathname + status.search, form)).status, 200);
}

story('c puts through whoever has the case, and shows how far the call is; a colleague sees it too', with_voice, async (line) => {
    await in_browser(async (browser) => {
        const maya = await come_in(browser, line, 'Maya', ['counsellor']);
        const luis = await come_in(browser, line, 'Luis', ['supervisor'], {viewport: kWidths.phone, colorScheme: 'dark', locale: 'es-MX'});
        await in_danger(line);
        await taken(maya);
        await queue_row(luis, kDanger).click();
        await bubble(luis, kDanger).waitFor();
        assert.equal(await luis.getByRole('button', {name: 'Llamar'}).count(), 0, 'not who does not have it');

        await maya.keyboard.press('c');
        const dialog = maya.getByRole('dialog', {name: 'Call the texter'});
        await dialog.getByText('Neither of you sees the number of the other.').waitFor();
        await dialog.getByText(/It is \d\d:\d\d where they are/).waitFor();
        await is_accessible(maya.mainFrame(), 'call');
        await photograph(maya, 'dashboard-call-desk-en-light');
        await dialog.getByRole('button', {name: 'Call now'}).click();
        await maya.getByText('Your phone is ringing: press 1 there').waitFor();
        await luis.getByText('Suena el teléfono de Maya').waitFor();
        const call = await eventually(() => line.gateway.calls.find((one) => one.to === kMaya.phone), 'the phone to ring');
        const dial = await press_one(line, call);
        await maya.getByText('Their phone is ringing').waitFor();
        await texter_picks_up(line, call, dial);
        await maya.getByText('You are on the phone with them').waitFor();
        await luis.getByText('Maya habla por teléfono con esta persona').waitFor();
        for (const [page, name] of [[maya, 'desk-en-light'], [luis, 'phone-es-dark']]) {
            await is_accessible(page.mainFrame(), name);
            await fits(page.mainFrame(), name);
            await photograph(page, `dashboard-calling-${name}`);
            assert.doesNotMatch(await page.content(), /5550110|5550101/, 'neither number is on the page');
        }
        await line.gateway.answer_call(call, {DialCallStatus: 'no-answer', url: attribute(dial, 'action')});
        await maya.getByText('They did not answer the call').waitFor();
        [maya, luis].forEach(sound);
    });
});

const without_voice = {toml: '[oncall.voice]\ngateway = "main"\nnumber = "+15550150"'};  // not a number of that account

story('a call that cannot be made says why, and nothing is lost', without_voice, async (line) => {
    await in_browser(async (browser) => {
        const page = await come_in(browser, line, 'Maya', ['counsellor'], {viewport: kWidths.phone});
        await in_danger(line);
        await taken(page);
        await page.getByRole('button', {name: 'Call', exact: true}).click();
        await page.getByRole('dialog').getByRole('button', {name: 'Call now'}).click();
        await page.getByRole('dialog').getByText('This line cannot place calls.').waitFor();
        await page.keyboard.press('Escape');
        await page.getByRole('dialog').waitFor({state: 'detached'});
        assert.equal(await page.locator('.call-bar').count(), 0);
        sound(page);
    });
});

const kHalfHour = 1_800_000;
const post = async (page, target, data) => {
    const answer = await page.context().request.post(`${page.origin}/api/v1${target}`, {data, headers: {'X-Handrail': '1'}});
    assert.ok(answer.ok(), `${target}: ${answer.status()} ${await answer.text()}`);
};
/** The page's own clock; its timers go on. */
const at_clock = (page, ms) => page.clock.setFixedTime(new Date(ms));

story('calls to make stand in the queue with their time, tick, and are ended by what came of them', {}, async (line) => {
    await in_browser(async (browser) => {
        const maya = await come_in(browser, line, 'Maya', ['counsellor']);
        const luis = await come_in(browser, line, 'Luis', ['counsellor'], {viewport: kWidths.phone, colorScheme: 'dark', locale: 'es-MX'});
        for (const number of [kMia, '+15550111']) await line.phone(number).texts('hi');
        await line.settled();
        await maya.getByText('Nobody is waiting.').waitFor();
        const at = Date.now() + kHalfHour;
        await post(maya, '/conversations/1/call-back', {what: 'set', at: new Date(at).toISOString()});
        await post(maya, '/conversations/2/visit', {what: 'missed'});
        const call = maya.locator('.task').filter({hasText: 'Call back'});
        await call.waitFor();
        await maya.locator('.task').filter({hasText: 'Missed visit'}).waitFor();
        assert.match(await call.innerText(), /at .*\d:\d\d[\s\S]*in \d+ min/);
        await luis.locator('.task').filter({hasText: 'Devolver la llamada'}).waitFor();

        for (const page of [maya, luis]) await at_clock(page, at + 12 * 60_000);
        await call.getByText('late by 12 min').waitFor();
        await luis.getByText('con 12 min de retraso').waitFor();
        for (const [page, name] of [[maya, 'desk-en-light'], [luis, 'phone-es-dark']]) {
            await is_accessible(page.mainFrame(), name);
            await fits(page.mainFrame(), name);
            await photograph(page, `dashboard-tasks-${name}`);
        }

        // By key: j to it, Enter opens it, d says what came of it.
        await maya.keyboard.press('j');
        await maya.keyboard.press('Enter');
        await bubble(maya, 'hi').first().waitFor();
        await maya.locator('.details').getByText('Call back').waitFor();
        await maya.keyboard.press('d');
        await maya.getByRole('dialog').getByLabel('No answer').check();
        await maya.getByRole('dialog').getByText('asks them for a better time').waitFor();
        await is_accessible(maya.mainFrame(), 'task-end');
        await photograph(maya, 'dashboard-task-end-desk-en-light');
        await maya.getByRole('dialog').getByRole('button', {name: 'Keep it'}).click();
        await call.waitFor({state: 'detached'});
        await luis.locator('.task').filter({hasText: 'Devolver la llamada'}).waitFor({state: 'detached'});

        // By finger: the one that is left.
        await luis.getByRole('button', {name: /^Hecho: Faltó a su visita/}).click();
        await luis.getByRole('dialog').getByLabel('Se le encontró').check();
        await photograph(luis, 'dashboard-task-end-phone-es-dark');
        await luis.getByRole('dialog').getByRole('button', {name: 'Guardar'}).click();
        await maya.locator('.task').waitFor({state: 'detached'});
        assert.deepEqual((await line.api('/tasks')).items, []);
        [maya, luis].forEach(sound);
    });
});
