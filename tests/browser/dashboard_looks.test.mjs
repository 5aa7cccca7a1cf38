// Every page of the dashboard as it looks: by axe, at a desk and on a phone, by light and by dark, in both languages.
import {story} from '../support/node/story.mjs';
import {fits, is_accessible, kWidths, photograph} from './browser.mjs';
import {bubble, come_in, in_browser, kPassword, queue_row, sound, visit} from './staff.mjs';

/** A line with something on every page. */
async function lived_in(line) {
    const text = async (number, ...texts) => {
        for (const each of texts) {
            await line.phone(number).texts(each);
            await line.settled();
        }
    };
    await text('+15550110', 'i slipped last night', '1', 'i feel sick about it. my sponsor does not answer', 'i dont want to wake up tomorrow');
    await text('+15550111', 'hola, recai anoche y me siento muy mal', 'quiero hablar con una persona');
    await text('+15550112', 'hi', 'PERSON');
    await text('+15550113', 'START');
    await text('+15550114', 'i want to kill myself', 'STOP');
}

const kReplies = [
    {name: 'Here with you', en: 'Hi, this is {staff}. I am here and I have read what you wrote. Are you safe right now?', es: 'Hola, soy {staff}. Estoy aqui y lei lo que escribiste. ¿Estas a salvo ahora?'},
    {name: 'Call me', en: 'Would it be ok if I called you? You can also call us at {helpline}.', es: '¿Puedo llamarte? Tambien puedes llamarnos al {helpline}.'},
];

async function post(page, target, data) {
    const answer = await page.context().request.post(`${page.origin}/api/v1${target}`, {data, headers: {'X-Handrail': '1'}});
    if (!answer.ok()) throw new Error(`${target}: ${answer.status()} ${await answer.text()}`);
    return answer.json();
}

const kLooks = {
    desk: [{colorScheme: 'light', locale: 'en-US'}, {colorScheme: 'dark', locale: 'es-MX'}],
    phone: [{colorScheme: 'dark', locale: 'en-US'}, {colorScheme: 'light', locale: 'es-MX'}],
};
const kEverything = ['counsellor', 'supervisor', 'administrator', 'auditor'];

/** The page, its dialogs, and what one sees before signing in. */
async function look_around(page, look, width) {
    await queue_row(page, 'tomorrow').waitFor();
    await look('queue');

    await queue_row(page, 'tomorrow').click();
    await bubble(page, 'i slipped last night').waitFor();
    await page.locator('.cases .case').first().waitFor({state: 'attached'});
    await look('conversation');
    await page.keyboard.press('t');
    await page.locator('#composer').waitFor();
    await page.locator('#composer').fill('I am here. Can you tell me where you are right now? 😀');
    await look('conversation-taken');
    await page.keyboard.press('Escape');
    await page.keyboard.press('s');
    await page.getByText('Here with you').waitFor();
    await look('saved-replies');
    await page.keyboard.press('Escape');
    await page.locator('.composer-tabs button').last().click();
    await page.locator('#composer').fill('Sister lives next door.');
    await page.locator('#composer').press('Enter');
    await page.keyboard.press('Escape');
    await page.keyboard.press('h');
    await page.getByRole('dialog').waitFor();
    await look('hand-back');
    await page.keyboard.press('Escape');
    await page.keyboard.press('x');
    await page.getByRole('dialog').waitFor();
    await look('resolve');
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await look('keys');
    await page.keyboard.press('Escape');
    if (width === 'phone') {
        await page.locator('.details-toggle').click();
        await page.locator('.notes li').waitFor();
        await look('details');
    }
    await page.at('c/5');
    await bubble(page, 'STOP').waitFor();
    await look('opted-out');
}

const kRest = [
    ['contacts', 'contacts', '.table tbody tr'], ['contacts/1', 'contact', '.timeline li'], ['admin/staff', 'accounts', '.table tbody tr'], ['admin/replies', 'saved', '.card'],
    ['admin/tokens', 'tokens', '.table tbody tr'], ['admin/audit', 'audit', '.table tbody tr'], ['admin/hooks', 'hooks', '.card'], ['oncall', 'oncall', '.days li'], ['flows', 'flows', '.flow-list li'], ['flows/slip', 'flow', '.box'],
    ['numbers', 'numbers', '.u-legend'], ['me', 'me', '.card'], ['more', 'more', '.more-list'],
];

for (const [width, looks] of Object.entries(kLooks)) {
    for (const {colorScheme, locale} of looks) {
        const language = locale.slice(0, 2);
        story(`every page, ${width}, ${language}, ${colorScheme}`, {timeout: 580_000}, async (line) => {
            await lived_in(line);
            await in_browser(async (browser) => {
                const options = {viewport: kWidths[width], colorScheme, locale};
                const name = (what) => `dashboard-${what}-${width}-${language}-${colorScheme}`;
                const door = await visit(browser, line, options);
                await door.at('');
                await door.locator('.door-card').waitFor();
                await is_accessible(door.mainFrame(), 'sign-in');
                await photograph(door, name('sign-in'));
                await door.goto(`${door.origin}/dashboard/#welcome=x`);
                await door.locator('.door-card h1').waitFor();
                await door.locator('input[type=password]').first().fill(kPassword);
                await is_accessible(door.mainFrame(), 'welcome');
                await photograph(door, name('welcome'));

                const page = await come_in(browser, line, 'Maya', kEverything, options);
                for (const reply of kReplies) await post(page, '/saved-replies', reply);
                await post(page, '/staff', {name: 'Luis', roles: ['counsellor']});
                const look = async (what) => {
                    await is_accessible(page.mainFrame(), what);
                    await fits(page.mainFrame(), what);
                    await photograph(page, name(what));
                };
                await look_around(page, look, width);
                for (const [route, what, shown] of kRest) {
                    if (what === 'more' && width === 'desk') continue;
                    await page.at(route);
                    await page.locator(shown).first().waitFor();
                    await look(what);
                }
                sound(page);
            });
        });
    }
}
