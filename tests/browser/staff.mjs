// Staff at the dashboard: accounts as an administrator makes them, each in a browser of their own.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {kWidths, launch, open_page} from './browser.mjs';

export const kPassword = 'four words nobody guesses';
const kTypes = {'.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml'};

/** Work on the page without building the server: HANDRAIL_PAGE is a bundle that is shown instead of the embedded one,
    under the server's policy. */
async function show_other_page(context, origin) {
    const folder = process.env.HANDRAIL_PAGE;
    if (!folder) return;
    await context.route(`${origin}/dashboard/**`, (route) => {
        const name = new URL(route.request().url()).pathname.slice('/dashboard/'.length) || 'index.html';
        return route.fulfill({body: fs.readFileSync(path.join(folder, name)), headers: {
            'Content-Type': kTypes[path.extname(name)],
            'Content-Security-Policy': "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; " +
                "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
        }});
    });
}

/** The one-time link of a new account, as `handrail staff add` prints it. */
export async function add_staff(line, name, ...roles) {
    const made = await line.command('staff', 'add', '--config', line.file('handrail.toml'), ...roles.flatMap((role) => ['--role', role]), name);
    assert.equal(made.code, 0, made.stderr);
    return /#welcome=(\S+)/.exec(made.stdout)[1];
}

/** A browser with nobody signed in. */
export async function visit(browser, line, options = {}) {
    const origin = line.options.local ? line.public_base : `http://127.0.0.1:${line.port}`;
    const page = await open_page(browser, {origins: [origin], viewport: kWidths.desk, ...options});
    await show_other_page(page.context(), origin);
    page.at = (route) => page.goto(`${origin}/dashboard/#/${route}`);
    page.origin = origin;
    return page;
}

/** A new account at its dashboard. */
export async function come_in(browser, line, name, roles, options = {}) {
    const link = await add_staff(line, name, ...roles);
    const page = await visit(browser, line, options);
    const answer = await page.context().request.post(`${page.origin}/api/v1/welcome`, {data: {link, password: kPassword}, headers: {'X-Handrail': '1'}});
    assert.equal(answer.status(), 200, await answer.text());
    await page.at(roles.includes('counsellor') || roles.includes('supervisor') ? 'queue' : '');
    await page.getByRole('navigation').first().waitFor();
    return page;
}

/** Another browser of somebody who has a password. */
export async function sign_in(page, name) {
    const answer = await page.context().request.post(`${page.origin}/api/v1/session`, {data: {name, password: kPassword}, headers: {'X-Handrail': '1'}});
    assert.equal(answer.status(), 200, await answer.text());
}

/** A browser for one story. */
export async function in_browser(body) {
    const browser = await launch();
    try {
        await body(browser);
    } finally {
        await browser.close();
    }
}

export const queue_row = (page, words) => page.locator('.queue-row').filter({hasText: words});
export const bubble = (page, words) => page.locator('.bubble').filter({hasText: words});

/** What the page may never have done: asked elsewhere, thrown, or hurt its policy. What the browser itself writes when a
    request is refused or the server is away is no complaint. */
export function sound(page) {
    assert.deepEqual(page.complaints.filter((text) => !/Failed to load resource|ERR_CONNECTION|ERR_INCOMPLETE_CHUNKED|ERR_EMPTY_RESPONSE/.test(text)), []);
}
