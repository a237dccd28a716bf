// A laser that goes in the middle of a pulse, and plans that hardly fit a screen.
import { live, shot, axe, clean, assert } from './harness.mjs';
import { room, begin, until, state, prepare, arm, fire, text, said, pulses, fits, gloved, close, accounted, prepareAgain } from './room.mjs';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const gone = child => child.exitCode !== null || child.signalCode !== null ? null : new Promise(left => child.once('exit', left));

/** cut: what the room is told, so that the next pulse goes wrong; then the laser is gone, and its line with it. */
async function unplugged(t, name, cut) {
    const c = await room(t, { pulses: 100 }), page = c.tech;
    await prepare(c);
    await fire(c, page, 5);
    c.tell(`after ${await pulses(page) + 3} pulses ${cut}`);
    c.now('foot down');
    await until(page, () => document.getElementById('state').dataset.state === 'FAULT');
    if (gone(c.laser)) { const left = gone(c.laser); c.laser.kill('SIGKILL'); await left; } // the pseudo-terminal goes with it
    // The screen says what happened, in words, and what to do.
    assert.match(await said(page), /No report of a granted pulse came in time|No fresh status from the laser|not proven open while firing/);
    assert.match(await said(page), /\d+ pulses are certain, (1 more is possible until the laser's counter is read|and no other is possible)/);
    await until(page, () => document.getElementById('state').dataset.state === 'BROKEN' || document.getElementById('missing').dataset.bad?.split(' ').includes('link'));
    if (await page.evaluate(() => document.getElementById('state').dataset.state === 'BROKEN')) assert.match(await said(page), /the line to the laser is gone; the session is closed[\s\S]*check cable and power of the laser/);
    await until(page, () => [...document.querySelectorAll('[data-v^="measured"]')].every(e => e.textContent === '–'));
    assert.equal(await text(page, '[data-fact=interlock]'), '–', 'unknown is a dash');
    await fits(page);
    await shot(page, `unplug-${name}`);
    await page.waitForTimeout(500);
    // Plugged in again: going on works, in this session or, when control gave up, in the next one.
    await c.switchOn();
    await until(page, () => ['STANDBY', 'FAULT', 'BROKEN', 'OFF'].includes(document.getElementById('state').dataset.state), null, 30000);
    const here = await page.evaluate(() => document.getElementById('state').dataset.state);
    const back = here === 'FAULT' && await until(page, () => document.querySelector('[data-fact=interlock]').textContent !== '–', null, 10000).catch(() => false);
    if (back) {
        await page.click('#p-more > summary');
        await page.click('form:has(#fault) button');
        await state(page, 'STANDBY', 20000);
        await page.keyboard.press('Escape');
    } else {
        await page.goto(c.url + 'session/finish');
        if (await page.locator('form:has([name=do][value=end]) button').count()) {
            await page.click('form:has([name=do][value=end]) button');
            await until(page, () => !document.querySelector('form [name=do][value=end]'), null, 20000);
        }
        await begin(c);
        await state(page, 'STANDBY', 40000);
    }
    await prepareAgain(c, page);
    const before = await pulses(page);
    await shot(page, `unplug-${name}-again`);
    await fire(c, page, before + 2);
    await page.keyboard.press('Escape');
    await state(page, 'STANDBY');
    await close(c, page);
    assert.ok(accounted(c) >= before + 2);
    clean(page);
}

live('the laser is gone between a grant and its answer: the pulse was made', t => unplugged(t, 'fired', 'fault stall=60000'));
live('the laser loses its mains at a pulse: it was counted and never made', t => unplugged(t, 'cut', 'power cut'));
live('the cable goes: the line is gone at once', t => unplugged(t, 'yank', 'fault die'));

live('a plan without any allowed setting', async t => {
    const c = await room(t, { plan: ['none'] }), page = c.tech;
    await page.goto(c.url + 'session');
    assert.match(await text(page, 'main'), /REFUSE/);
    await page.check('[name=plan]', { force: true });
    await page.fill('[name=port]', c.port);
    await page.check('[name=kind][value=treatment]', { force: true });
    await page.click('main form > button');
    await until(page, () => document.querySelector('.no') !== null || document.querySelector('#session') !== null);
    assert.match(await text(page, 'main'), /did not begin: this plan allows no pulse: its verdict is refuse/i);
    await axe(page);
    await shot(page, 'unplug-no-setting', true);
    clean(page);
});

live('as many zones as a plan holds, with names of 40 characters', async t => {
    const c = await room(t, { plan: ['full'] }), page = c.tech, long = 'left-of-the-old-scar-behind-the-crown-031';
    await prepare(c, long);
    await fits(page);
    await gloved(page);
    assert.ok((await text(page, '[data-fact=zone]')).startsWith(long));
    await shot(page, 'unplug-long-zone');
    await page.click('#p-zone > summary');
    const cut = await page.evaluate(() => [...document.querySelectorAll('#p-zone .grid button, #p-zone .grid b')]
        .filter(e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth).map(e => e.textContent));
    assert.deepEqual(cut, []);
    assert.ok(await page.locator('#stop').isVisible(), 'STOP is never covered');
    await axe(page);
    await shot(page, 'unplug-zones');
    await page.keyboard.press('Escape');
    await page.click('.screen [name=language]');
    await until(page, () => document.documentElement.lang === 'fr' && document.getElementById('session')?.dataset.first === 'yes');
    await fits(page);
    await shot(page, 'unplug-long-zone-french');
    // One zone more than that is no plan, and the page says so in a sentence.
    const file = join(c.home, 'plans', 'plan.json'), plan = JSON.parse(readFileSync(file, 'utf8'));
    while (plan.zones.length < 60) plan.zones.push({ ...plan.zones[1], id: `Z-${plan.zones.length}` });
    writeFileSync(join(c.home, 'plans', 'sixty.json'), JSON.stringify(plan));
    await page.goto(c.url + 'session/finish');
    await page.click('form:has([name=do][value=end]) button');
    await until(page, () => !document.querySelector('form [name=do][value=end]'), null, 20000);
    await page.goto(c.url + 'session');
    assert.match(await text(page, 'main'), /sixty\.json .*(32|zones)/);
    await shot(page, 'unplug-sixty', true);
    clean(page);
});
