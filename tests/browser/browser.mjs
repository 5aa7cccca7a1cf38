// Debian's Chromium, and what every page has to stand: axe, no complaint of its policy, nothing from elsewhere.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import axe from 'axe-core';
import {chromium} from 'playwright-core';
import {kSource} from '../support/node/places.mjs';

export const kWidths = {desk: {width: 1280, height: 900}, phone: {width: 390, height: 844}};
const kScreenshots = process.env.HANDRAIL_SCREENSHOTS ?? path.join(kSource, 'build/screenshots');
const kRules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

export function launch() {
    // As root, as in many containers, Chromium has no sandbox; it only ever sees our own pages here.
    const args = process.getuid() === 0 ? ['--no-sandbox'] : [];
    return chromium.launch({executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args});
}

/** A page that keeps what goes wrong in it: complaints, and requests to anybody but `origins`. */
export async function open_page(browser, {origins, ...options}) {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    page.complaints = [];
    page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) page.complaints.push(message.text());
    });
    page.on('pageerror', (error) => page.complaints.push(String(error)));
    page.on('request', (request) => {
        const url = request.url().replace(/^blob:/, '');  // the page's own, from what it has fetched
        if (!origins.some((origin) => url.startsWith(`${origin}/`))) page.complaints.push(`asked ${request.url()}`);
    });
    return page;
}

/** @param frame  a page or frame: nothing that axe can see keeps anybody out */
export async function is_accessible(frame, what) {
    await frame.evaluate(axe.source);
    const {violations} = await frame.evaluate((values) => axe.run(document, {runOnly: {type: 'tag', values}}), kRules);
    const told = violations.map(({id, help, nodes}) => `${id}: ${help}\n    ${nodes.map((node) => node.html).join('\n    ')}`);
    assert.deepEqual(told, [], what);
}

/** Nothing has to be scrolled sideways. */
export async function fits(frame, what) {
    const [content, view] = await frame.evaluate(() =>
        [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
    assert.ok(content <= view, `${what}: ${content} px of content on ${view}`);
}

export async function photograph(page, name) {
    fs.mkdirSync(kScreenshots, {recursive: true});
    await page.screenshot({path: path.join(kScreenshots, `${name}.png`), fullPage: true});
}
