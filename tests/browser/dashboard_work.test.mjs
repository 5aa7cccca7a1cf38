// The working day at the dashboard: saved replies, a conversation given to a colleague, standing in, accounts.
import assert from 'node:assert/strict';
import {kLuis, kMaya} from '../support/node/line.mjs';
import {eventually, story} from '../support/node/story.mjs';
import {kWidths} from './browser.mjs';
import {bubble, come_in, in_browser, kPassword, queue_row, sound, visit} from './staff.mjs';

const kMia = '+15550110';
const kDanger = 'i dont want to be here anymore. i want to kill myself';

story('a reply is kept for everybody, used by key with its words filled in, and removed only when that is meant', {}, async (line) => {
    await in_browser(async (browser) => {
        const luis = await come_in(browser, line, 'Luis', ['supervisor'], {viewport: kWidths.phone});
        await luis.at('admin/replies');
        await luis.getByRole('button', {name: 'Add'}).click();
        const asked = luis.getByRole('dialog');
        await asked.getByLabel('Name').fill('Here');
        await asked.getByLabel('English').fill('{password}');
        await asked.getByLabel('Spanish').fill('Hola, soy {staff}.');
        await asked.getByRole('button', {name: 'Save'}).click();
        await asked.locator('.refusal').waitFor();
        await asked.getByLabel('English').fill('Hi, this is {staff}.');
        await asked.getByRole('button', {name: 'Save'}).click();
        await asked.waitFor({state: 'detached'});
        await luis.locator('.card').getByText('Hi, this is {staff}.').waitFor();

        const mia = line.phone(kMia);
        await mia.texts(kDanger);
        await line.settled();
        const maya = await come_in(browser, line, 'Maya', ['counsellor']);
        await queue_row(maya, kDanger).click();
        await bubble(maya, kDanger).waitFor();
        await maya.keyboard.press('t');
        await maya.locator('#composer:focus').waitFor();
        await maya.keyboard.press('Escape');
        await maya.keyboard.press('s');
        await maya.locator('.saved-text:focus').waitFor();
        await maya.keyboard.press('Enter');
        await maya.getByRole('dialog').waitFor({state: 'detached'});
        assert.equal(await maya.locator('#composer').inputValue(), 'Hi, this is Maya.');
        await line.settled();
        mia.heard = mia.inbox().length;
        await maya.locator('#composer').press('Enter');
        await mia.hears(/^Hi, this is Maya\.$/);

        await luis.getByRole('button', {name: 'Remove: Here'}).click();
        await asked.getByRole('button', {name: 'Cancel'}).click();
        await luis.locator('.card').getByText('Hi, this is {staff}.').waitFor();
        await luis.getByRole('button', {name: 'Remove: Here'}).click();
        await asked.getByRole('button', {name: 'Remove'}).click();
        await luis.locator('.card').waitFor({state: 'detached'});
        [maya, luis].forEach(sound);
    });
});

story('a conversation is given to a colleague with a word on it, who is told and goes on', {}, async (line) => {
    await in_browser(async (browser) => {
        const maya = await come_in(browser, line, 'Maya', ['counsellor']);
        const luis = await come_in(browser, line, 'Luis', ['counsellor']);
        await maya.reload();  // whoever has an account by now
        const mia = line.phone(kMia);
        await mia.texts(kDanger);
        await line.settled();
        mia.heard = mia.inbox().length;
        for (const page of [maya, luis]) {
            await queue_row(page, kDanger).click();
            await bubble(page, kDanger).waitFor();
        }
        await maya.keyboard.press('t');
        await maya.locator('#composer:focus').waitFor();
        await maya.keyboard.press('Escape');
        await maya.keyboard.press('g');
        await maya.getByRole('dialog').getByLabel('To', {exact: true}).selectOption('Luis');
        await maya.getByRole('dialog').getByLabel('What they should know').fill('Her sister is on the way.');
        await maya.getByRole('dialog').getByRole('button', {name: 'Transfer'}).click();
        await maya.getByText('Luis has this conversation.').waitFor();
        await luis.getByText('You have it').first().waitFor();
        await luis.locator('.notes').getByText('Her sister is on the way.').waitFor();
        await eventually(() => line.gateway.texts_to(kLuis.phone).some((one) => /Maya gave you a conversation/.test(one.body)), 'a text to Luis');
        await line.settled();
        mia.heard = mia.inbox().length;
        await luis.getByLabel('Your text to the texter').fill('Luis here.');
        await luis.getByLabel('Your text to the texter').press('Enter');
        await mia.hears(/^Luis here\.$/);
        [maya, luis].forEach(sound);
    });
});

const kSchedule = `
[[oncall.schedule]]
name = "primary"
time_zone = "America/New_York"
hours = [ { on_call = "Luis" } ]
`;
story('standing in for tonight by click, and taking it back; a test page to oneself', {toml: kSchedule, people: [kMaya, kLuis]}, async (line) => {
    await in_browser(async (browser) => {
        const page = await come_in(browser, line, 'Maya', ['counsellor'], {viewport: kWidths.phone});
        await page.at('oncall');
        await page.locator('.now-names').getByText('Luis').waitFor();
        await page.getByRole('button', {name: 'Cover tonight'}).click();
        const from = page.getByLabel('From', {exact: true});
        assert.match(await page.getByLabel('Until', {exact: true}).inputValue(), /T08:00$/);
        await from.fill(`${(await from.inputValue()).slice(0, 10)}T00:00`);
        await page.getByRole('button', {name: 'Save the cover'}).click();
        await page.locator('.now-names').getByText('Maya').waitFor();
        await page.getByRole('button', {name: /^Take back: Maya/}).click();
        await page.locator('.now-names').getByText('Luis').waitFor();
        await page.getByText('None planned.').waitFor();
        assert.equal(await page.getByRole('button', {name: 'Page Luis'}).count(), 0, 'only oneself');
        await page.getByRole('button', {name: 'Page Maya'}).click();
        await page.getByText('Paged. It should arrive within seconds.').waitFor();
        await eventually(() => line.gateway.texts_to(kMaya.phone).some((one) => /Test page/.test(one.body)), 'the test page');
        sound(page);
    });
});

story('an account: made, its link shown once, its roles changed, a new link, disabled', {}, async (line) => {
    await in_browser(async (browser) => {
        const page = await come_in(browser, line, 'Ada', ['administrator']);
        await page.at('admin/staff');
        await page.getByRole('button', {name: 'Add'}).click();
        const asked = page.getByRole('dialog');
        await asked.getByLabel('Name').fill('Maya');
        await asked.getByRole('button', {name: 'Save'}).click();
        await asked.getByText('One-time link for Maya').waitFor();
        const first = await asked.locator('code').innerText();
        await asked.getByRole('button', {name: 'Close'}).click();
        const row = page.locator('tbody tr').filter({hasText: 'Maya'});
        await row.getByText('Link not used yet').waitFor();
        await row.getByRole('button', {name: 'Change: Maya'}).click();
        await asked.getByLabel('Supervisor').check();
        await asked.getByRole('button', {name: 'Save'}).click();
        await row.getByText('Counsellor, Supervisor').waitFor();

        await row.getByRole('button', {name: 'New link: Maya'}).click();
        await asked.getByText('Take away Maya’s password').waitFor();
        await asked.getByRole('button', {name: 'New link'}).click();
        await asked.getByText('One-time link for Maya').waitFor();
        const second = await asked.locator('code').innerText();
        assert.notEqual(first, second);
        await asked.getByRole('button', {name: 'Close'}).click();
        const maya = await visit(browser, line);
        const come = (link) => maya.context().request.post(`${maya.origin}/api/v1/welcome`, {
            data: {link: /#welcome=(.+)$/.exec(link)[1], password: kPassword}, headers: {'X-Handrail': '1'}});
        assert.ok((await come(first)).status() >= 400, 'the first one leads nowhere any more');
        assert.equal((await come(second)).status(), 200);
        await maya.at('queue');
        await maya.getByText('Nobody is waiting.').waitFor();

        await row.getByRole('button', {name: 'Disable: Maya'}).click();
        await row.getByText('Disabled').waitFor();
        await maya.reload();
        await maya.getByRole('button', {name: 'Sign in', exact: true}).waitFor();
        sound(page);
    });
});
