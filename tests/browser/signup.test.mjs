// The sign-up page and its embedded form as people meet them: at a desk and on a phone, in both languages, by light and
// by dark, with the keyboard, without JavaScript, on the centre's own site.
import assert from 'node:assert/strict';
import http from 'node:http';
import {free_port} from '../support/node/ports.mjs';
import {story} from '../support/node/story.mjs';
import {fits, is_accessible, kWidths, launch, open_page, photograph} from './browser.mjs';

const kWords = {
    en: {number: 'Your mobile number', send: 'Text me', done: 'Check your phone', wrong: /does not look like a mobile number/,
        asked: /someone asked for free/, not_taken: /cannot text that number/, busy: /This page is busy/},
    es: {number: 'Tu número de celular', send: 'Envíame un texto', done: 'Mira tu teléfono', wrong: /no parece un número/,
        asked: /alguien pidi[oó] apoyo/, not_taken: /No podemos escribir/, busy: /está ocupada/},
};
const of_signup = (more = '') => ({
    toml: `[signup]\nper_address_an_hour = 50\nper_prefix_an_hour = 50\n${more}`,
});

/** A site of its own that shows the form in a frame. */
async function site(port, framed) {
    const server = http.createServer((request, response) => {
        response.writeHead(200, {'Content-Type': 'text/html; charset=utf-8'});
        response.end(`<!doctype html><html lang="en"><head><title>Centre</title><link rel="icon" href="data:,"></head>
            <body style="margin:0;background:#fff"><main><h1 style="font-size:1rem">The centre's own site</h1>
            <iframe src="${framed}" title="Support by text" width="100%" height="1000" style="border:0"></iframe></main></body></html>`);
    });
    await new Promise((listening) => server.listen(port, '127.0.0.1', listening));
    return {url: `http://127.0.0.1:${port}`, close: () => { server.closeAllConnections(); server.close(); }};
}

async function in_browser(line, body) {
    const browser = await launch();
    try {
        await body(browser, `http://127.0.0.1:${line.port}`);
    } finally {
        await browser.close();
    }
}

/** From the first look to "check your phone"; each state seen by axe and the camera. */
async function sign_up(page, frame, {language, name, number}) {
    const words = kWords[language];
    const look = async (state) => {
        await is_accessible(frame, `${name} ${state}`);
        await fits(frame, `${name} ${state}`);
        await photograph(page, `${name}-${state}`);
    };
    const field = frame.getByLabel(words.number);
    await field.waitFor();
    assert.equal(await frame.evaluate(() => document.documentElement.lang), language);
    await look('start');

    await field.fill('212 555');
    await field.press('Enter');
    await frame.getByRole('alert').filter({hasText: words.wrong}).waitFor();
    assert.equal(await field.getAttribute('aria-invalid'), 'true');
    assert.equal(await frame.evaluate(() => document.activeElement.id), 'number', 'back to what has to be mended');
    await look('wrong');

    await field.fill(number);
    await frame.getByRole('button', {name: words.send}).click();
    await frame.getByRole('heading', {name: words.done}).waitFor();
    assert.equal(await frame.evaluate(() => document.activeElement.id), 'done-title', 'a screen reader hears it');
    await look('done');
}

const kLooks = {desk: [['en', 'light'], ['es', 'dark']], phone: [['en', 'dark'], ['es', 'light']]};

for (const [width, viewport] of Object.entries(kWidths)) {
    for (const [language, scheme] of kLooks[width]) {
        story(`the page, ${width}, ${language}, ${scheme}`, of_signup(), async (line) => {
            await in_browser(line, async (browser, origin) => {
                const locale = language === 'es' ? 'es-MX' : 'en-US';
                const page = await open_page(browser, {origins: [origin], viewport, colorScheme: scheme, locale});
                await page.goto(`${origin}/signup`);
                await sign_up(page, page.mainFrame(), {language, name: `signup-${width}-${language}-${scheme}`, number: '(212) 555-0110'});
                assert.deepEqual(page.complaints, []);
                await line.phone('+12125550110').hears(kWords[language].asked);
            });
        });
    }

    story(`the form on the centre's own site, ${width}`, {}, async (line) => {
        const port = await free_port();
        Object.assign(line.options, of_signup(`frame_ancestors = ["http://127.0.0.1:${port}"]\n`));
        await line.terminate();
        line.configure();
        await line.launch();
        const origin = `http://127.0.0.1:${line.port}`;
        const centre = await site(port, `${origin}/signup/embed?lang=es`);
        const stranger = await site(await free_port(), `${origin}/signup/embed?lang=es`);
        await in_browser(line, async (browser) => {
            const page = await open_page(browser, {origins: [origin, centre.url], viewport});
            await page.goto(centre.url);
            const frame = page.frames().find((each) => each.url().startsWith(origin));
            await sign_up(page, frame, {language: 'es', name: `signup-embed-${width}-es`, number: '212 555 0111'});
            await line.phone('+12125550111').hears(kWords.es.asked);
            assert.deepEqual(page.complaints, []);

            const elsewhere = await open_page(browser, {origins: [origin, stranger.url], viewport});
            await elsewhere.goto(stranger.url);
            assert.match(elsewhere.complaints.join('\n'), /frame-ancestors/);
            assert.equal(await elsewhere.frames()[1].locator('form').count(), 0);
        }).finally(() => [centre, stranger].forEach((each) => each.close()));
    });
}

story('with the keyboard alone, and the other language one link away', of_signup(), async (line) => {
    await in_browser(line, async (browser, origin) => {
        const page = await open_page(browser, {origins: [origin], viewport: kWidths.desk});
        await page.goto(`${origin}/signup`);
        await page.getByLabel(kWords.en.number).waitFor();
        await page.keyboard.press('Tab');
        assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Español');
        await page.keyboard.press('Enter');
        await page.waitForURL(`${origin}/signup?lang=es`);
        await page.getByLabel(kWords.es.number).waitFor();
        await page.keyboard.press('Tab');
        await page.keyboard.press('Tab');
        await page.keyboard.type('2125550112');
        await page.keyboard.press('Enter');
        await page.getByRole('heading', {name: kWords.es.done}).waitFor();
        await line.phone('+12125550112').hears(kWords.es.asked);
        assert.deepEqual(page.complaints, []);
    });
});

story('a number that is not taken, and a page that is full, say so and how to reach the line', {
    toml: '[signup]\nper_address_an_hour = 1\n',
}, async (line) => {
    await in_browser(line, async (browser, origin) => {
        const page = await open_page(browser, {origins: [origin], viewport: kWidths.phone});
        const send = async (number) => {
            await page.getByLabel(kWords.en.number).fill(number);
            await page.getByRole('button', {name: kWords.en.send}).click();
        };
        await page.goto(`${origin}/signup`);
        await send('900 555 0110');
        await page.getByRole('alert').filter({hasText: kWords.en.not_taken}).waitFor();
        await send('212 555 0110');
        await page.getByRole('heading', {name: kWords.en.done}).waitFor();
        await page.reload();
        await send('212 555 0111');
        await page.getByRole('alert').filter({hasText: kWords.en.busy}).waitFor();
        await is_accessible(page.mainFrame(), 'full');
        await photograph(page, 'signup-phone-en-full');
    });
});

story('a challenge that went stale behind the page is replaced without a word', {
    toml: '[signup]\nproof_lasts = "1m"\n',
}, async (line) => {
    await in_browser(line, async (browser, origin) => {
        const page = await open_page(browser, {origins: [origin], viewport: kWidths.desk});
        await page.goto(`${origin}/signup`);
        await page.getByLabel(kWords.en.number).fill('212 555 0110');
        await line.terminate();  // the key of its challenges goes with it
        await line.launch();
        await page.getByRole('button', {name: kWords.en.send}).click();
        await page.getByRole('heading', {name: kWords.en.done}).waitFor();
        await line.phone('+12125550110').hears(kWords.en.asked);
    });
});

story('without JavaScript the page says which number to text', of_signup(), async (line) => {
    await in_browser(line, async (browser, origin) => {
        const page = await open_page(browser, {origins: [origin], viewport: kWidths.phone, javaScriptEnabled: false});
        await page.goto(`${origin}/signup`);
        await page.getByText('This form needs JavaScript').waitFor();
        assert.equal(await page.locator('form').isVisible(), false);
        assert.equal(await page.getByRole('link', {name: /START/}).getAttribute('href'), 'sms:+15550199?body=START');
        await photograph(page, 'signup-phone-en-no-script');
    });
});
