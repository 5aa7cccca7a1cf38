// Passkeys in a real browser with its virtual authenticator: made, signed in with, removed.
import assert from 'node:assert/strict';
import {eventually, story} from '../support/node/story.mjs';
import {is_accessible, kWidths, photograph} from './browser.mjs';
import {come_in, in_browser, kPassword, sound} from './staff.mjs';

/** A laptop whose owner is there and is recognised. */
async function give_authenticator(page) {
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('WebAuthn.enable');
    const {authenticatorId} = await cdp.send('WebAuthn.addVirtualAuthenticator', {options: {
        protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true,
        automaticPresenceSimulation: true,
    }});
    return {
        keys: async () => (await cdp.send('WebAuthn.getCredentials', {authenticatorId})).credentials,
        recognises: (isUserVerified) => cdp.send('WebAuthn.setUserVerified', {authenticatorId, isUserVerified}),
    };
}

async function make(page, name) {
    await page.getByLabel('Name of the passkey').fill(name);
    await page.getByRole('region', {name: 'Passkeys'}).getByLabel('Your password').fill(kPassword);
    await page.getByRole('button', {name: 'Make a passkey'}).click();
}

async function sign_out(page) {
    await page.at('me');
    await page.getByRole('button', {name: 'Sign out', exact: true}).click();
    await page.getByRole('button', {name: 'Sign in with a passkey'}).waitFor();
}

for (const [width, viewport] of Object.entries(kWidths)) {
    story(`a passkey is made, signs in and is removed (${width})`, {local: 'localhost', timeout: 300_000}, (line) => in_browser(async (browser) => {
        const page = await come_in(browser, line, 'Maya', ['counsellor'], {viewport});
        const device = await give_authenticator(page);
        await page.at('me');
        await page.getByRole('heading', {name: 'Passkeys'}).waitFor();
        await make(page, 'Night phone');
        await page.getByText('Night phone', {exact: true}).waitFor();
        assert.equal((await device.keys()).length, 1);
        await make(page, 'Night phone again');
        await page.getByText('There is a passkey for this line on this device already.').waitFor();
        await is_accessible(page, 'You, with a passkey');
        await photograph(page, `dashboard-passkeys-${width}`);

        await sign_out(page);
        await is_accessible(page, 'Sign in, with passkeys');
        await photograph(page, `dashboard-sign-in-passkey-${width}`);
        await device.recognises(false);
        await page.getByRole('button', {name: 'Sign in with a passkey'}).click();
        await page.getByText('Nothing was done: the passkey was not given.').waitFor();
        await device.recognises(true);
        await page.getByRole('button', {name: 'Sign in with a passkey'}).click();
        await page.getByRole('navigation').first().waitFor();

        await page.at('me');
        await page.getByRole('button', {name: 'Remove: Night phone'}).click();
        const dialog = page.getByRole('dialog');
        await dialog.getByLabel('Your password').fill(kPassword);
        await is_accessible(page, 'Removing a passkey');
        await dialog.getByRole('button', {name: 'Remove'}).click();
        await eventually(async () => !await page.getByText('Night phone', {exact: true}).isVisible(), 'the passkey to be gone');
        await sign_out(page);
        await page.getByRole('button', {name: 'Sign in with a passkey'}).click();
        await page.getByText('This passkey does not sign in here.').waitFor();
        sound(page);
    }));
}
