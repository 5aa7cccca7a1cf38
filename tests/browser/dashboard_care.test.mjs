// What keeps a counsellor from harm: being called when it matters, not waking anybody by accident, reading what was before.
import assert from 'node:assert/strict';
import {story} from '../support/node/story.mjs';
import {fits, is_accessible, kWidths, photograph} from './browser.mjs';
import {bubble, come_in, in_browser, queue_row, sound} from './staff.mjs';

const kMia = '+15550110';
const kDanger = 'i dont want to be here anymore. i want to kill myself';

/** A browser that asks for permission as `answer` says, and keeps what it would have shown and played. */
async function with_alerts(page, answer) {
    await page.addInitScript((permission) => {
        window.shown = [];
        window.tones = 0;
        window.Notification = class {
            static permission = 'default';
            static async requestPermission() {
                return (window.Notification.permission = permission);
            }
            constructor(title, options) {
                window.shown.push({title, options, made: this});
            }
            close() {}
        };
        const start = OscillatorNode.prototype.start;
        OscillatorNode.prototype.start = function (...times) {
            ++window.tones;
            return start.apply(this, times);
        };
        Object.defineProperty(document, 'visibilityState', {get: () => (window.looked_away ? 'hidden' : 'visible')});
    }, answer);
    await page.reload();
}

story('somebody in danger while nobody looks: a sound and a notification without a word of theirs, a click leads there', {}, async (line) => {
    await in_browser(async (browser) => {
        const page = await come_in(browser, line, 'Maya', ['counsellor']);
        await with_alerts(page, 'granted');
        await page.getByText('Nobody is waiting.').waitFor();
        await page.getByRole('button', {name: 'Sound and alerts are off'}).click();
        await page.getByRole('button', {name: 'Sound and alerts are on'}).waitFor();
        await page.waitForFunction(() => window.tones >= 1);  // so that one knows how it sounds
        await page.evaluate(() => { window.looked_away = true; });
        await line.phone(kMia).texts(kDanger);
        await page.waitForFunction(() => window.shown.length === 1 && window.tones >= 4);
        const [title, options] = await page.evaluate(() => [window.shown[0].title, JSON.stringify(window.shown[0].options)]);
        assert.equal(title, 'Somebody is in danger');
        assert.doesNotMatch(options, /here anymore|5550110|••/);
        assert.match(await page.title(), /^\(1!\)/);
        await page.evaluate(() => { window.looked_away = false; window.shown[0].made.onclick(); });
        await bubble(page, kDanger).waitFor();
        sound(page);
    });
});

story('a browser that blocks notifications says so', {}, async (line) => {
    await in_browser(async (browser) => {
        const page = await come_in(browser, line, 'Maya', ['counsellor']);
        await with_alerts(page, 'denied');
        await page.getByRole('button', {name: 'Sound and alerts are off'}).click();
        await page.getByRole('button', {name: 'The browser blocks notifications: only sound'}).waitFor();
        sound(page);
    });
});

story('by night a reply that may wake somebody says so, and goes only when that is meant', {clock: true}, async (line) => {
    await in_browser(async (browser) => {
        const mia = line.phone(kMia);
        await mia.texts('hi');
        await line.settled();
        const wall = new Intl.DateTimeFormat('en-US', {timeZone: 'America/New_York', hour: 'numeric', hourCycle: 'h23'});
        line.pass(((26 - Number(wall.format(new Date()))) % 24) * 3600 + 3600);  // about three at night there, and long after the text
        mia.heard = mia.inbox().length;
        const page = await come_in(browser, line, 'Maya', ['counsellor'], {viewport: kWidths.phone, colorScheme: 'dark'});
        await page.at('c/1');
        await bubble(page, 'hi').first().waitFor();
        await page.keyboard.press('t');
        const field = page.getByLabel('Your text to the texter');
        await field.waitFor();
        await page.getByText(/Quiet hours until .*a text may wake them/).waitFor();
        await field.fill('How are you?');
        await field.press('Enter');
        assert.equal(await field.inputValue(), 'How are you?', 'it has not left');
        await is_accessible(page.mainFrame(), 'quiet hours');
        await fits(page.mainFrame(), 'quiet hours');
        await photograph(page, 'dashboard-quiet-hours-phone-en-dark');
        await page.getByLabel('Send it all the same').check();
        await field.press('Enter');
        await mia.hears(/^How are you\?$/);
        sound(page);
    });
});

story('who has a conversation and writes nothing is asked; a key keeps it, else the guide takes it back with a word', {clock: true}, async (line) => {
    await in_browser(async (browser) => {
        const mia = line.phone(kMia);
        await mia.texts('i want to talk to a person');
        const page = await come_in(browser, line, 'Maya', ['counsellor'], {viewport: kWidths.phone});
        await page.at('c/1');
        await bubble(page, 'i want to talk to a person').first().waitFor();
        await page.keyboard.press('t');
        await page.getByLabel('Your text to the texter').waitFor();
        const question = page.getByText(/Are you still there\?/);
        assert.equal(await question.count(), 0, 'just taken');
        line.pass(25 * 60 + 5);
        await question.waitFor();
        await is_accessible(page.mainFrame(), 'asked whether still there');
        await fits(page.mainFrame(), 'asked whether still there');
        await photograph(page, 'dashboard-still-there-phone-en');
        await page.getByRole('button', {name: 'Keep'}).click();
        await question.waitFor({state: 'detached'});
        line.pass(25 * 60 + 5);
        await question.waitFor();
        line.pass(5 * 60 + 5);
        await page.getByRole('button', {name: 'Take'}).first().waitFor();
        sound(page);
    });
});

story('earlier texts come in above, and what is being read stays where it is', {}, async (line) => {
    await in_browser(async (browser) => {
        const mia = line.phone(kMia);
        await mia.texts('hi, the very first');
        for (let i = 1; i <= 110; ++i) await mia.texts(`number ${i}.`);
        await line.settled();
        const page = await come_in(browser, line, 'Maya', ['counsellor']);
        await page.at('c/1');
        await bubble(page, 'number 110.').waitFor();
        const log = page.locator('.transcript');
        await log.evaluate((it) => { it.scrollTop = 0; });
        const first = page.locator('.transcript .bubble').first();
        const words = await first.innerText();
        const before = (await first.boundingBox()).y;
        const is_first = bubble(page, 'hi, the very first');
        assert.equal(await is_first.count(), 0, 'not all at once');
        while (await page.getByRole('button', {name: 'Earlier texts'}).count()) {
            const shown = await page.locator('.bubble').count();
            await page.getByRole('button', {name: 'Earlier texts'}).click();
            await page.waitForFunction((many) => document.querySelectorAll('.bubble').length > many, shown);
            if (await is_first.count()) break;
        }
        await is_first.waitFor();
        const after = (await bubble(page, words).first().boundingBox()).y;
        assert.ok(Math.abs(after - before) < 60, `moved from ${before} to ${after}`);
        sound(page);
    });
});

story('who has several conversations sees which one has written again, and how long there is to answer', {}, async (line) => {
    await in_browser(async (browser) => {
        const mia = line.phone(kMia);
        await mia.texts(kDanger);
        await line.settled();
        const page = await come_in(browser, line, 'Maya', ['counsellor']);
        const row = page.locator('.queue-row').first();
        await row.click();
        await bubble(page, kDanger).waitFor();
        await page.keyboard.press('t');
        await page.getByText(/write within .+, or others are paged/).waitFor();
        assert.equal(await row.getByText('Wrote again').count(), 0);
        await mia.texts('please');
        await row.getByText('Wrote again').waitFor();
        await page.getByLabel('Your text to the texter').fill('I am here.');
        await page.getByLabel('Your text to the texter').press('Enter');
        await row.getByText('Wrote again').waitFor({state: 'detached'});
        await page.getByText(/write within/).waitFor({state: 'detached'});
        sound(page);
    });
});

/** How much of what is seen has moved by itself since the page was opened: 0.1 is good (web.dev/cls). */
const moved = (page) => page.evaluate(() => new Promise((done) => {
    let all = 0;
    new PerformanceObserver((list) => {
        for (const shift of list.getEntries()) all += shift.hadRecentInput ? 0 : shift.value;
    }).observe({type: 'layout-shift', buffered: true});
    requestAnimationFrame(() => requestAnimationFrame(() => done(all)));
}));

story('nothing jumps while a page comes in, nor when a text does', {}, async (line) => {
    await in_browser(async (browser) => {
        await line.phone(kMia).texts(kDanger);
        await line.phone('+15550111').texts('PERSON');
        await line.settled();
        for (const viewport of Object.values(kWidths)) {
            const name = viewport === kWidths.desk ? 'Maya' : 'Luis';
            const page = await come_in(browser, line, name, ['counsellor'], {viewport});
            for (const [route, shown] of [['queue', '.queue-row'], ['c/1', '.bubble']]) {
                await page.at(route);
                await page.reload();
                await page.locator(shown).first().waitFor();
                await line.phone(kMia).texts(`still here, ${name}`);
                await page.getByText(`still here, ${name}`).last().waitFor({state: 'attached'});
                assert.ok(await moved(page) < 0.1, `${route} at ${viewport.width}`);
            }
            sound(page);
        }
    });
});

story('whom a texter trusts is shown to staff, the number masked', {}, async (line) => {
    await in_browser(async (browser) => {
        const mia = line.phone(kMia);
        const says = async (text, hears) => {
            await mia.texts(text);
            await mia.hears(hears);
        };
        await says('hi', /./);
        await line.settled();
        mia.heard = mia.inbox().length;
        const page = await come_in(browser, line, 'Maya', ['counsellor']);
        await page.at('c/1');
        await bubble(page, 'hi').first().waitFor();
        await page.keyboard.press('t');
        await page.locator('#composer:focus').waitFor();
        await page.keyboard.press('Escape');
        await page.keyboard.press('h');
        await page.getByLabel('The bot goes on').selectOption('reach');
        await page.getByLabel('At the step').selectOption('H1');
        await page.getByRole('dialog').getByRole('button', {name: 'Hand back'}).click();
        await page.getByText('The bot is talking. Take the conversation to write.').waitFor();
        for (const text of ['1', '1', 'Ana 555-0123']) {
            await line.settled();
            await mia.texts(text);
        }
        await line.settled();
        await page.at('contacts/1');
        const card = page.locator('.card').filter({hasText: 'Trusted person'});
        await card.getByText('Ana').waitFor();
        assert.doesNotMatch(await page.content(), /555.?0123/);
        sound(page);
    });
});
