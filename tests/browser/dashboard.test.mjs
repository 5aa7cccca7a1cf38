// Counsellors at the dashboard, against the real binary and the stand-in gateway.
import assert from 'node:assert/strict';
import {story} from '../support/node/story.mjs';
import {kWidths} from './browser.mjs';
import {add_staff, bubble, come_in, in_browser, kPassword, queue_row, sign_in, sound, visit} from './staff.mjs';

const kDanger = 'i dont want to be here anymore. i want to kill myself';

/** Somebody in danger, whose crisis text has arrived. */
async function in_danger(line, number = '+15550110') {
    const mia = line.phone(number);
    await mia.texts(kDanger);
    await line.settled();
    mia.heard = mia.inbox().length;
    return mia;
}
const write = async (page, text) => {
    const field = page.getByLabel('Your text to the texter');
    await field.fill(text);
    await field.press('Enter');
};

story('the first account: a one-time link, a password, and back in with it', {}, async (line) => {
    await in_browser(async (browser) => {
        const link = await add_staff(line, 'Maya', 'counsellor');
        const page = await visit(browser, line);
        await page.goto(`${page.origin}/dashboard/#welcome=${link}`);
        await page.getByLabel('New password', {exact: true}).fill(kPassword);
        await page.getByLabel('The same once more').fill('something else');
        await page.getByRole('button', {name: 'Set it and sign in'}).click();
        await page.getByText('The two are not the same.').waitFor();
        await page.getByLabel('The same once more').fill(kPassword);
        await page.getByRole('button', {name: 'Set it and sign in'}).click();
        await page.getByText('Nobody is waiting.').waitFor();

        await page.getByRole('link', {name: 'Maya'}).click();
        await page.getByRole('button', {name: 'Sign out', exact: true}).click();
        await page.getByLabel('Name').fill('Maya');
        await page.getByLabel('Password', {exact: true}).fill('not this one at all');
        await page.getByRole('button', {name: 'Sign in'}).click();
        await page.getByText('Name, password or code is wrong.').waitFor();
        await page.getByLabel('Password', {exact: true}).fill(kPassword);
        await page.getByRole('button', {name: 'Sign in'}).click();
        await page.getByRole('link', {name: 'Queue'}).waitFor();
        sound(page);
    });
});

story('a texter in danger appears, is taken, answered and handed back', {}, async (line) => {
    await in_browser(async (browser) => {
        const page = await come_in(browser, line, 'Maya', ['counsellor']);
        await page.getByText('Nobody is waiting.').waitFor();
        const mia = await in_danger(line);
        const row = queue_row(page, kDanger);
        await row.waitFor();
        assert.match(await row.innerText(), /Danger now/);
        assert.match(await row.innerText(), /Nobody has it/);
        assert.match(await page.title(), /^\(1!\)/);

        await page.keyboard.press('j');
        await page.keyboard.press('Enter');
        await bubble(page, kDanger).waitFor();
        await page.keyboard.press('t');
        await page.getByLabel('Your text to the texter').waitFor();
        await mia.hears(/Maya/);
        await write(page, 'Hi, this is Maya. I am here with you.');
        await mia.hears(/^Hi, this is Maya\. I am here with you\.$/);
        await bubble(page, 'I am here with you').waitFor();
        await mia.texts('thank you');
        await bubble(page, 'thank you').waitFor();
        await line.settled();

        await page.getByRole('button', {name: 'Resolve'}).click();
        await page.getByLabel('Safe now').check();
        await page.getByRole('dialog').getByRole('button', {name: 'Close the case'}).click();
        await page.getByRole('dialog').waitFor({state: 'detached'});
        await page.getByRole('link', {name: 'Queue'}).click();
        await page.getByText('Nobody is waiting.').waitFor();
        const [escalation] = (await line.api('/escalations')).items;
        assert.equal(escalation.state, 'resolved');
        sound(page);
    });
});

story('two counsellors: each sees the other write, one sends, the other is told', {}, async (line) => {
    await in_browser(async (browser) => {
        const maya = await come_in(browser, line, 'Maya', ['counsellor']);
        const luis = await come_in(browser, line, 'Luis', ['supervisor']);
        const mia = await in_danger(line);
        for (const page of [maya, luis]) {
            await queue_row(page, kDanger).click();
            await bubble(page, kDanger).waitFor();
        }
        await maya.getByRole('button', {name: 'Take', exact: true}).first().click();
        await maya.getByLabel('Your text to the texter').waitFor();
        await mia.hears(/Maya/);
        await luis.getByText('Maya has this conversation.').waitFor();
        assert.equal(await luis.getByLabel('Your text to the texter').count(), 0, 'nowhere to write');
        await maya.getByLabel('Your text to the texter').pressSequentially('Hello');
        await luis.getByText('Maya is writing').waitFor();

        await luis.getByRole('button', {name: 'Take over'}).click();
        await luis.getByRole('dialog').getByRole('button', {name: 'Take over'}).click();
        await luis.getByLabel('Your text to the texter').waitFor();
        await maya.getByText('Luis has this conversation.').waitFor();
        await line.settled();
        mia.heard = mia.inbox().length;
        await write(luis, 'Luis here now.');
        await mia.hears(/^Luis here now\.$/);
        await bubble(maya, 'Luis here now.').waitFor();
        await mia.hears_nothing_more();
        [maya, luis].forEach(sound);
    });
});

story('one person, laptop and phone: the second window cannot say again what the first has said', {}, async (line) => {
    await in_browser(async (browser) => {
        const laptop = await come_in(browser, line, 'Maya', ['counsellor']);
        const phone = await visit(browser, line, {viewport: kWidths.phone});
        await sign_in(phone, 'Maya');
        await phone.at('queue');
        const mia = await in_danger(line);
        await queue_row(laptop, kDanger).click();
        await laptop.getByRole('button', {name: 'Take', exact: true}).first().click();
        await mia.hears(/Maya/);
        await queue_row(phone, kDanger).click();
        await phone.getByLabel('Your text to the texter').fill('Are you alone?');
        await phone.route('**/api/v1/conversations/*', (route) => route.abort());  // it sees nothing new
        await write(laptop, 'Is anybody with you?');
        await mia.hears(/^Is anybody with you\?$/);
        await phone.getByLabel('Your text to the texter').press('Enter');
        await phone.getByText('something new was said').waitFor();
        assert.equal(await phone.getByLabel('Your text to the texter').inputValue(), 'Are you alone?', 'not lost');
        await phone.unroute('**/api/v1/conversations/*');
        await bubble(phone, 'Is anybody with you?').waitFor();
        await mia.hears_nothing_more();
        await phone.getByLabel('Your text to the texter').press('Enter');
        await mia.hears(/^Are you alone\?$/);
        await mia.hears_nothing_more();
    });
});

story('the server is killed in the middle and comes back: nothing on the page is lost', {}, async (line) => {
    await in_browser(async (browser) => {
        const page = await come_in(browser, line, 'Maya', ['counsellor']);
        const mia = await in_danger(line);
        await queue_row(page, kDanger).click();
        await page.getByRole('button', {name: 'Take', exact: true}).first().click();
        await page.getByLabel('Your text to the texter').waitFor();
        await mia.hears(/Maya/);
        await page.getByLabel('Your text to the texter').fill('half a thou');
        await line.kill();
        await page.getByText('Not connected').waitFor();
        await bubble(page, kDanger).waitFor();
        await page.getByLabel('Your text to the texter').fill('half a thought, finished');
        await page.getByLabel('Your text to the texter').press('Enter');
        await page.getByText('not sent', {exact: true}).waitFor();
        await line.launch();
        await page.getByText('Not connected').waitFor({state: 'detached'});
        await mia.texts('are you there?');
        await bubble(page, 'are you there?').waitFor();
        await page.getByRole('button', {name: 'Send again'}).click();
        await mia.hears(/^half a thought, finished$/);
        await mia.hears_nothing_more();
    });
});

story('an opt-out while a reply is being written', {}, async (line) => {
    await in_browser(async (browser) => {
        const page = await come_in(browser, line, 'Maya', ['counsellor']);
        const mia = await in_danger(line);
        await queue_row(page, kDanger).click();
        await page.getByRole('button', {name: 'Take', exact: true}).first().click();
        await mia.hears(/Maya/);
        await page.getByLabel('Your text to the texter').fill('I wanted to ask');
        await mia.texts('STOP');
        await page.getByText('This person has opted out. No text can be sent.').waitFor();
        await page.getByLabel('Your text to the texter').press('Enter');
        assert.equal(await page.getByLabel('Your text to the texter').inputValue(), 'I wanted to ask');
        await mia.hears(/our texts have ended|opted out/);
        await mia.hears_nothing_more();
        sound(page);
    });
});

const kMarkup = [
    '<script>document.title="owned"</script>', '<img src=x onerror="document.title=\'owned\'">', '<svg/onload=document.title="owned">',
    '"><iframe srcdoc="<script>parent.document.title=\'owned\'</script>">', 'javascript:document.title="owned"', '</q></a><a href="https://evil.example">click</a>',
    '{{constructor.constructor("document.title=1")()}}', '\u202Egnp.exe <b>bold</b>',
];

story('markup by SMS is text everywhere', {}, async (line) => {
    await in_browser(async (browser) => {
        const page = await come_in(browser, line, 'Maya', ['counsellor']);
        const mia = await in_danger(line);
        for (const text of kMarkup) await mia.texts(text);
        await queue_row(page, kMarkup.at(-1).slice(1)).click();
        for (const text of kMarkup) await bubble(page, text).waitFor();
        const shown = await page.locator('.message.theirs .bubble').allTextContents();
        assert.deepEqual(shown.slice(-kMarkup.length), kMarkup);
        assert.equal(await page.locator('.bubble *').count(), 0, 'no element came of it');
        assert.doesNotMatch(await page.title(), /owned/);
        sound(page);
    });
});

story('a phone in the night: the same conversation on 390 pixels', {}, async (line) => {
    await in_browser(async (browser) => {
        const page = await come_in(browser, line, 'Maya', ['counsellor'], {viewport: kWidths.phone, colorScheme: 'dark', hasTouch: true});
        const mia = await in_danger(line);
        await queue_row(page, kDanger).tap();
        await page.getByRole('button', {name: 'Take', exact: true}).first().tap();
        await mia.hears(/Maya/);
        await write(page, 'I am here.');
        await mia.hears(/^I am here\.$/);
        await page.getByRole('link', {name: 'Back'}).tap();
        await queue_row(page, 'You have it').waitFor();
        sound(page);
    });
});

const kRoles = {
    counsellor: ['Queue', 'Contacts', 'On call'],
    supervisor: ['Queue', 'Contacts', 'On call', 'Numbers'],
    administrator: ['Administration'],
    auditor: ['Administration'],
};
story('role by role: what is offered is what the server allows', {}, async (line) => {
    await in_browser(async (browser) => {
        await in_danger(line);
        for (const [role, wanted] of Object.entries(kRoles)) {
            const page = await come_in(browser, line, role.slice(0, 10), [role]);
            const refused = [];
            page.on('response', (answer) => { if (answer.status() >= 400) refused.push(`${answer.status()} ${new URL(answer.url()).pathname}`); });
            const links = page.getByRole('navigation').first().locator('a:visible');
            const names = await links.locator('span:first-of-type').allTextContents();
            for (const name of wanted) assert.ok(names.includes(name), `${role} sees ${name} (${names})`);
            if (!wanted.includes('Queue')) assert.ok(!names.includes('Queue'), `${role} reads no conversation`);
            for (let i = 0; i < names.length; ++i) {
                await links.nth(i).click();
                await page.waitForLoadState('networkidle').catch(() => undefined);
                for (const section of await page.locator('.sections a').all()) await section.click();
            }
            assert.deepEqual(refused, [], role);
            sound(page);
            await page.context().close();
        }
    });
});
