// Between two visits: stories 10 and 15 in front of a real browser. A colleague opens a client in two presses, takes a session of
// the journal into the case with its read, sees what the read changed and why, and plans the same again for today.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test, clinic, shot, axe, clean, assert } from './harness.mjs';

const source = process.env.FL_SOURCE, name = 'C-0001-2026-05-04';

async function begin(t) {
    const c = await clinic(t, { date: '2026-08-10' });
    const place = join(c.home, 'journal-simulated');
    rmSync(place, { recursive: true, force: true });
    execFileSync(join(process.env.FL_BUILD, 'tests', 'console_books'), [place, 'progress'], { env: { ...c.env, TMPDIR: dirname(c.home) } });
    mkdirSync(join(c.home, 'cases'), { recursive: true });
    cpSync(join(source, 'profiles/cases/case-1.yaml'), join(c.home, `cases/${name}.yaml`));
    return c;
}

const words = async (page, selector = 'main') => (await page.locator(selector).first().innerText()).replace(/\s+/g, ' ');

async function screen(page, { language, theme }) {
    if (language && await page.getAttribute('html', 'lang') !== language) await page.click('button[name=language]');
    if (theme && await page.getAttribute('html', 'data-theme') !== theme) await page.click('button[name=theme]');
}

async function fits(page, where) {
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert(over <= 0, `${where}: ${over} px wider than the screen`);
}

// The read of the first session: how much was cleared, six weeks later.
async function read(page, c, percent) {
    await page.goto(c.url + `case/${name}`);
    await page.fill('[name="earlier-0-read_on"]', '2026-06-15');
    await page.fill('[name="earlier-0-cleared_percent"]', percent);
    await page.click('button[value=keep]');
    await page.waitForURL(/kept=1/);
}

test('stories 10 and 15: two presses, the case, the read, and the same again', { timeout: 600000 }, async t => {
    const c = await begin(t);
    const page = await c.page();
    await screen(page, { language: 'en', theme: 'dark' });
    await c.signIn(page, 'op:17');
    // Two presses from any page.
    await page.click('nav >> text=Clients');
    await page.click('main button:has-text("C-0001")');
    const seen = await words(page);
    for (const part of ['overdue', 'Last settings and what came of them, 2026-06-29', 'F-L', '1064', 'faint-frost', 'Not before 2026-08-10', 'session not read'])
        assert(seen.includes(part), `the client's page does not say ${part}\n${seen}`);
    await shot(page, 'client-1280');
    await shot(page, 'client-whole', true);
    await axe(page, 'client');
    // Alerts, settings and responses without scrolling.
    const bottom = await page.evaluate(() => document.querySelector('.columns').getBoundingClientRect().bottom);
    assert(bottom <= 800, `alerts and last settings end at ${bottom} px of 800`);

    // The sessions of the journal come into the case without being typed again.
    await page.click('text=take it into the case >> nth=-1');
    await page.locator('#earlier').scrollIntoViewIfNeeded();
    for (const box of await page.locator('#earlier .tick input').all()) await box.check({ force: true });
    await page.click('button[value=keep]');
    await page.waitForURL(/kept=1/);
    const kept = readFileSync(join(c.home, `cases/${name}.yaml`), 'utf8');
    assert.match(kept, /earlier:[^]*id: S1[^]*on: 2026-05-04[^]*wavelength_nm: 1064[^]*spot_mm: 4[^]*fluence_J_cm2: 1.59[^]*id: S2[^]*on: 2026-06-29/);
    assert.doesNotMatch(kept, /zones: \[F-L/, 'all zones were treated: none is named');
    await page.locator('#earlier').scrollIntoViewIfNeeded();
    await shot(page, 'case-earlier');
    await axe(page, 'case with earlier sessions');

    // 55 %: narrower, and why.
    await read(page, c, '55');
    await page.goto(c.url + 'client/C-0001/progress');
    let said = await words(page);
    assert.match(said, /2026-06-15 2026-05-04 55 % 1–4 1–3 .*Narrower: 55 % is a read of this client/);
    assert.match(said, /Visit of 2026-06-29.*F-L 1064 4\.0 1\.59 – 6 faint-frost not read/);
    assert.match(said, /Visit of 2026-05-04.*F-L 1064 4\.0 1\.59 – 6 frost 55 %/);
    await shot(page, 'progress-55-dark', true);
    await axe(page, 'progress dark');
    const [ics] = await Promise.all([page.waitForEvent('download'), page.click('text=Next date (calendar)')]);
    const calendar = readFileSync(await ics.path(), 'utf8');
    assert.match(calendar, /DTSTART;VALUE=DATE:20260810/);
    assert.doesNotMatch(calendar.match(/SUMMARY.*/)[0], /laser|fad|SMP|C-0001/i);

    // 5 %: the causes come first, the range opens, and the fluence is not simply raised.
    await read(page, c, '5');
    await page.goto(c.url + 'client/C-0001/progress');
    said = await words(page);
    for (const part of ['8 to 60 or more sessions', 'The read of 2026-06-15 is low: 5 %', 'ink family', 'depth', 'spot size', 'energy check', 'not raised for it', 'More sessions: 5 % is low'])
        assert(said.includes(part), `progress does not say ${part}\n${said}`);
    await screen(page, { language: 'en', theme: 'light' });
    await shot(page, 'progress-5-light', true);
    await axe(page, 'progress light');
    await page.pdf({ path: join(process.env.FL_BUILD, 'tests/browser/shots/progress.pdf'), format: 'Letter' });
    await screen(page, { language: 'fr' });
    assert.match(await words(page), /Plus de séances : 5 % est peu/);
    assert.match(await words(page), /1,59/);
    await axe(page, 'progress fr');
    await page.setViewportSize({ width: 820, height: 1180 });
    await fits(page, 'progress on a tablet');
    await shot(page, 'progress-5-tablet-fr', true);
    await page.setViewportSize({ width: 1920, height: 1080 });
    await shot(page, 'progress-5-1920-fr');
    clean(page);
});

test('story 15: the same again asks every gate of today', { timeout: 600000 }, async t => {
    const c = await begin(t);
    const page = await c.page();
    await screen(page, { language: 'en', theme: 'light' });
    await c.signIn(page, 'op:17');
    mkdirSync(join(c.home, 'plans'), { recursive: true });
    const file = join(c.home, 'plan.json');
    c.fadeline(['plan', join(c.home, `cases/${name}.yaml`), '--device', 'example-pico', '--out', file]);
    const old = JSON.parse(readFileSync(file, 'utf8')).plan_id;
    cpSync(file, join(c.home, `plans/${old}.json`));
    // Meanwhile the client has been in the sun: today's gates say so, whatever the old plan said.
    const path = join(c.home, `cases/${name}.yaml`);
    execFileSync('sed', ['-i', 's/last_sun: 2026-01-31/last_sun: 2026-08-08/', path]);
    await page.click('nav >> text=Clients');
    await page.click('main button:has-text("C-0001")');
    assert.match(await words(page, '#plans'), /2026-05-04 PLAN 1,?064 nm · .*2026-06-15/);
    await page.locator('#plans').scrollIntoViewIfNeeded();
    await shot(page, 'client-plans-light');
    await page.click('#plans button:has-text("Same again")');
    await page.waitForURL(/\/plan\/P-[0-9a-f]{16}$/, { timeout: 120000 });
    assert.notEqual(page.url().split('/').pop(), old);
    assert.match(await words(page), /NOT TODAY/);
    await page.goto(c.url + 'client/C-0001');
    assert.match(await words(page, '#plans'), /2026-08-10 NOT TODAY .*2026-05-04 PLAN/);
    clean(page);
});
