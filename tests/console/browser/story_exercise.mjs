// Story 16: training mode, at the console of the clinic's own journal. It is marked on every screen, in both languages, and
// nothing of it reaches log, match or report.
import { live, shot, axe, clean, assert } from './harness.mjs';
import { room, begin, until, state, prepare, arm, fire, text, said, pulses, heard, fits, journal } from './room.mjs';

const today = () => new Date().toISOString().slice(0, 10);
const mark = page => page.evaluate(() => [document.querySelector('.simulated')?.innerText ?? '', document.title]);

async function marked(page, words) {
    const [banner, title] = await mark(page);
    assert.ok(banner.includes(words[0]) && banner.includes(words[1]), `${page.url()}: ${banner}`);
    assert.ok(title.startsWith(words[0]), `${page.url()}: ${title}`);
}

live('story 16: training is marked on every screen and reaches no log, match or report', async t => {
    const c = await room(t, { real: true }), page = c.tech;
    assert.deepEqual(await mark(page).then(([banner]) => banner), '', 'nothing is marked before');
    await prepare(c, 'F-L', page, 'exercise');
    await marked(page, ['EXERCISE', 'nothing of it reaches']);
    await arm(page);
    await fits(page);
    await axe(page);
    await shot(page, 'exercise-ready');
    await fire(c, page, 3);
    // Every address of the menu, of the technician and of the owner, while it runs.
    const owner = await c.page();
    await c.signIn(owner, 'op:1');
    for (const [who, at] of [[page, 'clients'], [page, 'plans'], [page, 'lasers'], [page, 'session/finish'], [page, 'follow-ups'], [page, ''],
        [owner, ''], [owner, 'month'], [owner, 'verify'], [owner, 'people'], [owner, 'session'], [owner, 'tablet'], [owner, 'no-such-page']]) {
        await who.goto(c.url + at);
        await marked(who, ['EXERCISE', 'nothing of it reaches']);
    }
    await owner.goto(c.url + 'month');
    await axe(owner);
    await shot(owner, 'exercise-owner');
    await owner.click('.screen [name=language]');
    await marked(owner, ['EXERCICE', "rien n'entre au registre"]);
    await page.goto(c.url + 'session');
    await until(page, () => document.querySelector('#session[data-first]') !== null);
    const done = await pulses(page);
    assert.ok(done >= 3, `${done} pulses`);
    await page.goto(c.url + 'session/finish');
    await shot(page, 'exercise-finish', true);
    await page.click('form:has([name=do][value=end]) button');
    await until(page, () => document.querySelector('main').innerText.includes('The exercise has ended'), null, 20000);
    assert.match(await text(page, 'main'), /The exercise has ended. Nothing of it is in this record/);
    assert.deepEqual(await page.locator('main a[href*="record"], main a[href*="client"]').count(), 0, 'no papers of the clinic');
    assert.equal((await mark(page))[0], '', 'it is over');
    await axe(page);
    await shot(page, 'exercise-ended');

    // Log: people sign in at the console, and that is all.
    const kinds = new Set(journal(c, true).map(e => e.k));
    for (const kind of ['session.open', 'grant', 'pulse', 'counter', 'fault', 'session.close'])
        assert.ok(!kinds.has(kind), `the clinic's journal has ${kind}: ${[...kinds]}`);
    assert.ok(!JSON.stringify(journal(c, true)).includes('SIM'), 'no simulated laser in the clinic\'s journal');
    assert.ok(journal(c).some(e => e.k === 'session.open'), 'the exercise stands in the journal of simulated ones');
    // Match: an invoice of this client and day finds no session.
    c.fadeline(['clients', 'add', '--who', 'op:1', '--code', 'C-0001'], { input: '275904\nRosa Quill\n1990-04-01\n\nen\n' });
    c.fadeline(['record', 'invoice', '--who', 'op:1', '--pat', 'C-0001', '--no', 'F-2041', '--amount', '120.00', '--currency', 'CAD', '--day', today()], { input: '275904\n' });
    const match = c.fadeline(['invoices', '--from', today(), '--to', today(), '--all', '--json']);
    assert.match(match, /F-2041/);
    assert.match(match, /invoice-no-pulses/);
    // Report: the audit knows neither laser nor pulse.
    const audit = c.fadeline(['audit', '--from', today(), '--to', today(), '--json'], { code: 1 });
    assert.doesNotMatch(audit, /SIM-/, audit.slice(0, 600));
    await owner.goto(c.url + 'month');
    assert.doesNotMatch(await text(owner, 'main'), /SIM-00042/);
    assert.match(await text(owner, 'main'), /invoice without pulses|facture sans impulsions/);
    clean(page);
    clean(owner);
});

live('a simulated laser treats nobody at the clinic\'s own console', async t => {
    const c = await room(t, { real: true }), page = c.tech;
    await page.goto(c.url + 'session');
    await page.check('[name=plan]', { force: true });
    await page.fill('[name=port]', c.port);
    await page.check('[name=kind][value=treatment]', { force: true });
    await page.click('main form > button');
    await heard(page, 'this is a simulated laser, and this console shows real ones', 20000);
    await until(page, () => document.querySelector('[name=plan]') || document.getElementById('state')?.dataset.state === 'ENDED');
    await page.goto(c.url + 'session');
    await until(page, () => document.querySelector('[name=plan]') !== null);
    await heard(page, 'this is a simulated laser, and this console shows real ones');
    await shot(page, 'exercise-refused', true);
    assert.ok(!journal(c, true).some(e => e.k === 'session.open'));
});
