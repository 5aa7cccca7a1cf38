// A picture in the transcript: shown when a counsellor asks for it, in the page and under its policy.
import assert from 'node:assert/strict';
import {story} from '../support/node/story.mjs';
import {is_accessible, photograph} from './browser.mjs';
import {come_in, in_browser, queue_row, sound} from './staff.mjs';

// One red dot.
const kDot = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==', 'base64');

story('a picture is shown, a film can be saved, and what may not be fetched says why', {pictures_from: (line) => [line.gateway.url]}, async (line) => {
    let asked = 0;
    const gives = (body) => (_, response) => {
        ++asked;
        response.end(body);
    };
    line.gateway.media = new Map([
        ['/Media/1', gives(kDot)],
        ['/Media/2', gives(Buffer.concat([Buffer.alloc(4), Buffer.from('ftyp3gp4')]))],
        ['/Media/3', gives('<svg xmlns="http://www.w3.org/2000/svg"><script>document.title = "broken"</script></svg>')],
    ]);
    const named = (path, type) => ({url: line.gateway.url + path, type});
    await in_browser(async (browser) => {
        const page = await come_in(browser, line, 'Maya', ['counsellor']);
        await line.gateway.deliver({from: '+15550110', body: 'i want to kill myself', media: [named('/Media/1', 'image/png'),
            named('/Media/2', 'video/3gpp'), named('/Media/3', 'image/png'), {url: 'http://127.0.0.1:1/x.png', type: ''}]});
        await queue_row(page, 'i want to kill myself').click();
        await page.getByRole('button', {name: 'Picture · show'}).first().waitFor();
        assert.equal(asked, 0, 'nothing is fetched before somebody asks');

        await page.getByRole('button', {name: 'Picture · show'}).first().click();
        const picture = page.getByRole('img', {name: 'Picture sent by the texter'});
        await picture.waitFor();
        await picture.evaluate((image) => image.decode());
        assert.deepEqual(await picture.evaluate((image) => [image.naturalWidth, image.naturalHeight]), [1, 1]);
        await page.getByRole('button', {name: 'Film · show'}).click();
        await page.getByRole('link', {name: 'Film · save'}).waitFor();
        await page.getByRole('button', {name: 'Picture · show'}).click();
        await page.getByText('Not shown: it is no picture, sound or film.').waitFor();
        await page.getByRole('button', {name: 'Attachment · show'}).click();
        await page.getByText('Not fetched: it lies where this line takes no pictures from.').waitFor();
        assert.equal(asked, 3);
        assert.doesNotMatch(await page.title(), /broken/);
        await is_accessible(page, 'a conversation with pictures');
        await photograph(page, 'dashboard-pictures');
        sound(page);
    });
});
