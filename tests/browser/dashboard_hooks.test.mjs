// What an administrator does with webhooks at the page, and what a counsellor finds by words: against the real binary.
import assert from 'node:assert/strict';
import {HookReceiver} from '../support/node/hook_receiver.mjs';
import {Webhook} from '../support/node/official.mjs';
import {eventually, story} from '../support/node/story.mjs';
import {fits, is_accessible, kWidths, photograph} from './browser.mjs';
import {bubble, come_in, in_browser, sound} from './staff.mjs';

const kAnySecret = 'whsec_' + Buffer.alloc(32, 7).toString('base64');

for (const [width, viewport] of Object.entries(kWidths)) {
    story(`a webhook is added, tested, rotated, switched off and removed (${width})`, {toml: '[webhooks]\nallow_private = true\n'}, async (line) => {
        await in_browser(async (browser) => {
            const receiver = await new HookReceiver({ledger: line.ledger, secret: kAnySecret}).start();
            const page = await come_in(browser, line, 'Ana', ['administrator'], {viewport});
            const seen = async (what) => {
                await is_accessible(page.mainFrame(), what);
                await fits(page.mainFrame(), what);
                await photograph(page, `dashboard-${what}-${width}`);
            };
            const secret_shown = async () => {
                const text = await page.locator('.once code').innerText();
                await page.getByRole('dialog').getByRole('button', {name: 'Close'}).click();
                return text;
            };
            await page.at('admin/hooks');
            await page.getByRole('button', {name: 'Add'}).click();
            await page.getByLabel('Name').fill('archive');
            await page.getByLabel('Address').fill('gopher://x');
            await page.getByRole('dialog').getByRole('button', {name: 'Add'}).click();
            await page.getByText('An https URL').waitFor();
            await page.getByLabel('Address').fill(receiver.url);
            await page.getByLabel('message.received').check();
            await seen('hook-added');
            await page.getByRole('dialog').getByRole('button', {name: 'Add'}).click();
            receiver.webhook = new Webhook(await secret_shown());
            const card = page.locator('.card').filter({hasText: 'archive'});
            await line.phone('+15550110').texts('hi');
            await receiver.event('message.received');
            await card.getByRole('button', {name: 'Send a test'}).click();
            await receiver.event('test');
            await eventually(async () => (await line.metrics()).includes('endpoint="managed",outcome="sent"} 2'), 'both to be noted');
            await card.getByRole('button', {name: 'Deliveries'}).click();
            await card.getByText('204').first().waitFor();
            await seen('hook-deliveries');

            await card.getByRole('button', {name: 'New secret: archive'}).click();
            await page.getByRole('dialog').getByRole('button', {name: 'New secret'}).click();
            receiver.webhook = new Webhook(await secret_shown());
            await card.getByText('The old secret signs too until').waitFor();
            await card.getByRole('button', {name: 'Switch off: archive'}).click();
            await card.getByRole('button', {name: 'Switch on: archive'}).waitFor();
            await card.getByRole('button', {name: 'Remove: archive'}).click();
            await page.getByRole('dialog').getByRole('button', {name: 'Remove'}).click();
            await card.waitFor({state: 'detached'});
            assert.deepEqual(receiver.refused, []);
            await receiver.stop();
            sound(page);
        });
    });
}

story('words are looked for in texts, and the text opens', {}, async (line) => {
    await in_browser(async (browser) => {
        await line.phone('+15550110').texts('my brother hid the keys');
        await line.phone('+15550111').texts('i want to kill myself');
        await line.settled();
        const page = await come_in(browser, line, 'Maya', ['counsellor']);
        const look_for = async (words) => {
            await page.getByRole('searchbox').fill(words);
            await page.getByRole('searchbox').press('Enter');
        };
        await look_for('BROTHER hid');
        await page.getByText('1 conversation · texts since').waitFor();
        await page.locator('.queue-row').filter({hasText: 'my brother hid the keys'}).click();
        await bubble(page, 'my brother hid the keys').waitFor();
        await look_for('killing themselves');
        await page.locator('.queue-row').filter({hasText: 'speaks of killing themselves'}).waitFor();
        await is_accessible(page.mainFrame(), 'search');
        await photograph(page, 'dashboard-search-desk');
        sound(page);
    });
});
