// Counsellors at the dashboard, against the real binary and the stand-in gateway.
import assert from 'node:assert/strict';
import {createHmac} from 'node:crypto';
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
/** Out of the field that taking a conversation leads into, not out of the conversation. */
async function leave_field(page) {
    await page.locator('#composer:focus').waitFor();
    await page.keyboard.press('Escape');
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
        await page.getByRole('button', {name: 'Sign in', exact: true}).click();
        await page.getByText('Name, password or code is wrong.').waitFor();
        await page.getByLabel('Password', {exact: true}).fill(kPassword);
        await page.getByRole('button', {name: 'Sign in', exact: true}).click();
        await page.getByRole('link', {name: 'Queue'}).waitFor();
        sound(page);
    });
});

story('a texter in danger appears, is taken, answered and handed back', {}, async (line) => {
    await in_browser(async (browser) => {
        const page = await come_in(browser, line, 'Maya', ['counsellor']);
        await page.getByText('Nobody is waiting.').waitFor();
        const row = queue_row(page, kDanger);
        const begun = performance.now();
        const [mia] = await Promise.all([in_danger(line), row.waitFor().then(() =>
            console.log(JSON.stringify({ms_from_text_to_row: Math.round(performance.now() - begun), aim: 300})))]);
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

story('handed back at a step: the bot goes on from there', {}, async (line) => {
    await in_browser(async (browser) => {
        const page = await come_in(browser, line, 'Maya', ['counsellor']);
        const mia = line.phone('+15550116');
        await mia.texts('PERSON');
        await line.settled();
        mia.heard = mia.inbox().length;
        await queue_row(page, 'PERSON').click();
        await bubble(page, 'PERSON').first().waitFor();
        await page.keyboard.press('t');
        await mia.hears(/Maya/);
        await leave_field(page);
        await page.keyboard.press('h');
        await page.getByLabel('The bot goes on').selectOption('slip');
        await page.getByLabel('At the step').selectOption('S2');
        await page.getByRole('dialog').getByRole('button', {name: 'Hand back'}).click();
        await page.getByText('The bot is talking. Take the conversation to write.').waitFor();
        await mia.hears(/./);
        await page.locator('.step').filter({hasText: 'slip · S2'}).waitFor();
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

/** RFC 6238, as an authenticator shows it. @param secret  Base32 */
function totp(secret, at = Date.now()) {
    const bits = [...secret].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
    const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
    const hash = createHmac('sha1', key).update(counter).digest();
    return String((hash.readUInt32BE(hash.at(-1) & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

story('a second factor is set up, asked for, and nothing gets past it', {}, async (line) => {
    await in_browser(async (browser) => {
        const page = await come_in(browser, line, 'Maya', ['counsellor']);
        await page.at('me');
        const factor = page.locator('.card').filter({hasText: 'Second factor'});
        await factor.getByLabel('Your password').fill(kPassword);
        await factor.getByRole('button', {name: 'Set it up'}).click();
        const secret = await factor.locator('code').innerText();
        await factor.getByLabel('The code it shows').fill('000000');
        await factor.getByRole('button', {name: 'Turn it on'}).click();
        await factor.getByText('That code is not right').waitFor();
        await factor.getByLabel('The code it shows').fill(totp(secret));
        await factor.getByRole('button', {name: 'Turn it on'}).click();
        await factor.getByText('On: a code is asked for at sign-in.').waitFor();

        const again = await visit(browser, line);
        await again.at('');
        await again.getByLabel('Name').fill('Maya');
        await again.getByLabel('Password', {exact: true}).fill(kPassword);
        await again.getByRole('button', {name: 'Sign in', exact: true}).click();
        await again.getByText('Now the six digits').waitFor();
        await again.getByLabel('Code of your authenticator').fill('000000');
        await again.getByRole('button', {name: 'Sign in', exact: true}).click();
        await again.getByText('That code is not right').waitFor();
        await again.getByLabel('Code of your authenticator').fill(totp(secret, Date.now() + 30_000));  // one code, one use
        await again.getByRole('button', {name: 'Sign in', exact: true}).click();
        await again.getByText('Nobody is waiting.').waitFor();
        sound(again);
    });
});

story('a session that ends while somebody writes: the draft is there after signing in', {}, async (line) => {
    await in_browser(async (browser) => {
        const page = await come_in(browser, line, 'Maya', ['counsellor']);
        const mia = await in_danger(line);
        await queue_row(page, kDanger).click();
        await page.getByRole('button', {name: 'Take', exact: true}).first().click();
        await mia.hears(/Maya/);
        await page.getByLabel('Your text to the texter').fill('half a sentence');
        const elsewhere = await visit(browser, line);
        await sign_in(elsewhere, 'Maya');
        await elsewhere.context().request.post(`${elsewhere.origin}/api/v1/session/end`, {data: {everywhere: true}, headers: {'X-Handrail': '1'}});
        await page.keyboard.press('Enter');  // wherever the page is by now: it may have been told of the end before
        await page.getByText('You were signed out.').waitFor();
        await page.getByLabel('Name').fill('Maya');
        await page.getByLabel('Password', {exact: true}).fill(kPassword);
        await page.getByRole('button', {name: 'Sign in', exact: true}).click();
        assert.equal(await page.getByLabel('Your text to the texter').inputValue(), 'half a sentence');
        await page.getByLabel('Your text to the texter').press('Enter');
        await mia.hears(/^half a sentence$/);
        await mia.hears_nothing_more();
    });
});

story('the number is masked until somebody says why, and that is kept; notes and tags are seen by the others', {}, async (line) => {
    await in_browser(async (browser) => {
        const page = await come_in(browser, line, 'Maya', ['counsellor']);
        const luis = await come_in(browser, line, 'Luis', ['supervisor', 'auditor']);
        const mia = await in_danger(line, '+15550117');
        for (const each of [page, luis]) await queue_row(each, kDanger).click();
        await bubble(page, kDanger).waitFor();
        assert.doesNotMatch(await page.content(), /15550117|555.?01.?17/, 'nowhere in the page');
        await page.getByRole('button', {name: 'Show the number'}).click();
        await page.getByLabel('Why do you need it?').fill('Ambulance asks');
        await page.getByRole('button', {name: 'Show', exact: true}).click();
        await page.getByText('+15550117').waitFor();
        await page.getByRole('button', {name: 'Close'}).click();
        await page.keyboard.press('t');
        await mia.hears(/Maya/);
        await leave_field(page);
        await page.keyboard.press('n');
        await page.getByLabel('Note for colleagues').fill('<b>Sister</b> lives next door.');
        await page.getByLabel('Note for colleagues').press('Enter');
        await luis.locator('.notes').getByText('<b>Sister</b> lives next door.').waitFor();
        await page.getByRole('button', {name: 'Add a tag'}).click();
        await page.getByRole('dialog').getByLabel('Add a tag').fill('family');
        await page.getByRole('dialog').getByRole('button', {name: 'Add', exact: true}).click();
        await luis.locator('.tags').getByText('family').waitFor();
        await mia.hears_nothing_more();
        await luis.at('admin/audit');
        await luis.getByText('saw the number').waitFor();
        await luis.getByText('Ambulance asks').waitFor();
        [page, luis].forEach(sound);
    });
});

story('forgetting a texter takes two people', {}, async (line) => {
    await in_browser(async (browser) => {
        const luis = await come_in(browser, line, 'Luis', ['supervisor']);
        const ana = await come_in(browser, line, 'Ana', ['supervisor']);
        await line.phone('+15550118').texts('HELP');
        await line.settled();
        for (const page of [luis, ana]) await page.at('contacts/1');
        await luis.getByRole('button', {name: 'Ask to erase'}).click();
        await luis.getByLabel('Reason').fill('Asked by letter');
        await luis.getByRole('dialog').getByRole('button', {name: 'Ask to erase'}).click();
        await luis.getByText('Waiting for a second person.').waitFor();
        assert.equal(await luis.getByRole('button', {name: 'Confirm: erase now'}).count(), 0, 'not the one who asked');
        await ana.getByText('Luis asked to erase this contact.').waitFor();
        await ana.getByRole('button', {name: 'Confirm: erase now'}).click();
        await ana.getByText('Luis asked to erase this contact.').waitFor({state: 'detached'});
        const {items} = await line.api('/conversations/1/messages');
        assert.deepEqual(items.map((each) => each.text), ['', ''], 'no word is left');
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
                await page.locator('nav a[aria-current="page"]:visible', {hasText: names[i]}).first().waitFor();
                const sections = page.locator('.sections a');  // those of the page before must have made way
                await sections.first().waitFor({state: names[i] === 'Administration' ? 'visible' : 'detached'});
                await page.waitForTimeout(300);  // for what a page asks late and is refused
                for (const section of await sections.all()) await section.click();
            }
            assert.deepEqual(refused, [], role);
            sound(page);
            await page.context().close();
        }
    });
});
