// The live session, as a technician meets it: real control process, simulated laser, real browser. Numbers of the stories
// are those of users.md section 7.
import { test, clinic, shot, axe, clean, assert, people } from './harness.mjs';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

export const DAY = '2026-05-04';

/** A clinic with a plan of case 1 on its shelf, a laser whose room does `script`, and a technician signed in. */
export async function room(t, script, { device = 'example-pico', plan = {}, page = {}, words } = {}) {
    const c = await clinic(t, { date: DAY });
    mkdirSync(join(c.home, 'plans'), { recursive: true });
    c.fadeline(['plan', `${process.env.FL_SOURCE}/profiles/cases/${plan.case ?? 'case-1'}.yaml`, '--device', device, '--date', DAY,
        '--out', join(c.home, 'plans', 'plan.json'), ...(plan.words ?? [])]);
    c.port = await c.twin(script, { device, words });
    c.tech = await c.page(page);
    await c.signIn(c.tech, 'op:17');
    return c;
}

export async function begin(c, page = c.tech) {
    await page.goto(c.url + 'session');
    await page.check('[name=plan]', { force: true });
    await page.fill('[name=port]', c.port);
    await page.check('[name=kind][value=treatment]', { force: true });
    await page.click('main [type=submit], main form > button');
    await page.waitForSelector('#session[data-first]');
}

export const state = (page, wanted, timeout = 30000) =>
    page.waitForFunction(s => document.getElementById('state')?.dataset.state === s, wanted, { timeout, polling: 20 });
const gone = (page, what) => page.waitForFunction(w => !document.getElementById('missing').dataset.bad?.split(' ').includes(w), what, { timeout: 30000 });

export async function signOn(c, page = c.tech) {
    await page.click('#p-sign > summary');
    for (const digit of people['op:17'].pin) await page.click(`#p-sign [data-key="${digit}"]`);
    await page.click('#p-sign form > button');
    await gone(page, 'auth');
}
export async function zone(page, id) {
    await page.click('#p-zone > summary');
    await page.click(`#p-zone [value="${id}"]`);
    await page.waitForFunction(z => document.querySelector('[data-fact=zone]').textContent.startsWith(z), id);
}
export async function eyewear(page, marks) {
    await page.click('#p-eyewear > summary');
    await page.fill('#marks', marks);
    await page.click('#p-eyewear form > button');
}
export async function hold(page, milliseconds = 1100) {
    const box = await page.locator('#arm').boundingBox();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.waitForTimeout(milliseconds);
    await page.mouse.up();
}
export async function prepare(c, id = 'F-L', page = c.tech) {
    await begin(c, page);
    await state(page, 'STANDBY');
    await signOn(c, page);
    await zone(page, id);
    await eyewear(page, '755 OD7 M LB9');
    await page.waitForFunction(() => document.querySelector('#missing .calm'), null, { timeout: 30000 });
}
export const number = (page, key) => page.evaluate(k => document.querySelector(k).textContent, key);
export const said = page => page.evaluate(() => document.getElementById('said').innerText);

const PROVE = 'when hello +0.2 prove\n';

test('story 5: READY shows everything, the foot waits for it, idle stands down', async t => {
    const c = await room(t, PROVE + 'when warn +1.0 foot down\nthen +0.3 foot up\n');
    const page = c.tech;
    await shot(page, 'session-start-before');
    await page.goto(c.url + 'session');
    await shot(page, 'session-start');
    await begin(c);
    await shot(page, 'session-first');
    await prepareRest(c, page);
    await shot(page, 'session-standby');
    await hold(page);
    await state(page, 'ARMING');
    await shot(page, 'session-arming');
    await page.waitForTimeout(3000);
    await shot(page, 'session-after-early-foot');
    console.log(await said(page));
    clean(page);
});

async function prepareRest(c, page) {
    await state(page, 'STANDBY');
    await signOn(c, page);
    await zone(page, 'F-L');
    await eyewear(page, '755 OD7 M LB9');
    await page.waitForFunction(() => document.querySelector('#missing .calm'), null, { timeout: 30000 });
}
