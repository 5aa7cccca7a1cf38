// Signing in by the centre's identity provider, in a real browser: there, back, and turned away in words.
import assert from 'node:assert/strict';
import {IdentityProvider, kClient} from '../support/node/identity_provider.mjs';
import {free_port} from '../support/node/ports.mjs';
import {story} from '../support/node/story.mjs';
import {is_accessible, kWidths, photograph} from './browser.mjs';
import {come_in, in_browser, visit} from './staff.mjs';

const kPort = await free_port();
const kIssuer = `http://127.0.0.1:${kPort}`;
const kOptions = {local: true, env: {OIDC_SECRET: kClient.secret}, timeout: 300_000, toml: `
[staff.oidc]
name = "Riverside login"
issuer = "${kIssuer}"
client_id = "${kClient.id}"
client_secret = "env:OIDC_SECRET"
`};

async function sign_in_at_provider(page, login) {
    await page.getByRole('link', {name: 'Sign in with Riverside login'}).click();
    await page.getByPlaceholder('Enter any login').fill(login);
    await page.getByPlaceholder('and password').fill('any');
    await page.getByRole('button', {name: 'Sign-in'}).click();
    await page.getByRole('button', {name: 'Continue'}).click();
}

story('staff come in by the identity provider, once an administrator has written down their login', kOptions, (line) => in_browser(async (browser) => {
    const provider = await IdentityProvider.start({port: kPort, redirect_uri: `${line.public_base}/api/v1/session/oidc/callback`,
        people: {maya: {email: 'maya@example.org', email_verified: true}}});
    try {
        const page = await visit(browser, line, {origins: [line.public_base, kIssuer], viewport: kWidths.phone});
        await page.at('');
        await page.getByRole('link', {name: 'Sign in with Riverside login'}).waitFor();
        await is_accessible(page, 'Sign in, with a provider');
        await photograph(page, 'dashboard-sign-in-provider-phone');
        await sign_in_at_provider(page, 'maya');
        await page.getByText('There is no account here for you yet.').waitFor();
        await is_accessible(page, 'Turned away');
        await photograph(page, 'dashboard-sign-in-turned-away-phone');

        const ana = await come_in(browser, line, 'Ana', ['administrator']);
        await ana.at('admin/staff');
        await ana.getByRole('button', {name: 'Add', exact: true}).click();
        const dialog = ana.getByRole('dialog');
        await dialog.getByLabel('Name', {exact: true}).fill('Maya');
        await dialog.getByLabel('Login at Riverside login').fill('Maya@example.org');
        await is_accessible(ana, 'An account with a login');
        await dialog.getByRole('button', {name: 'Save'}).click();
        await ana.getByText('One-time link for Maya').waitFor();

        const again = await visit(browser, line, {origins: [line.public_base, kIssuer]});
        await again.at('');
        await sign_in_at_provider(again, 'maya');
        await again.getByRole('navigation').first().waitFor();
        await again.at('me');
        await again.getByText('Signed in as Maya').waitFor();
        assert.deepEqual(provider.faults, []);
    } finally {
        await provider.stop();
    }
}));
