// The owner at night: stories 1 to 5, 7, 9 and 13 in front of a real browser, in both languages and themes, at 1280x800 and on
// a tablet. The figures are held against the audit in tests/console/test_owner.c; here a person finds her way to them.
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test, clinic, shot, axe, clean, assert } from './harness.mjs';

const tablet = { width: 820, height: 1180, hasTouch: true };

// A clinic whose journal is one of console_books.c.
async function books(t, story) {
    const c = await clinic(t, { date: '2026-05-31' });
    const place = join(c.home, 'journal-simulated');
    rmSync(place, { recursive: true, force: true });
    execFileSync(join(process.env.FL_BUILD, 'tests', 'console_books'), [place, story], { env: { ...c.env, TMPDIR: dirname(c.home) } });
    return c;
}

async function screen(page, { language, theme }) {
    if (language && await page.getAttribute('html', 'lang') !== language) await page.click('button[name=language]');
    if (theme && await page.getAttribute('html', 'data-theme') !== theme) await page.click('button[name=theme]');
}

const words = async (page, selector = 'main') => (await page.locator(selector).first().innerText()).replace(/\s+/g, ' ');

// Nothing is wider than the screen; tables scroll within themselves.
async function fits(page, name) {
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert(over <= 0, `${name}: ${over} px wider than the screen`);
}

test('stories 1 to 3 and 5: the month, the day, the checks', async t => {
    const c = await books(t, 'may');
    const page = await c.page();
    await screen(page, { language: 'en', theme: 'light' });
    await c.signIn(page, 'op:1');
    await page.click('nav >> text=Month');
    assert.match(await words(page), /3 of 5 sites need a call.*never netted: 1,854 pulses/);
    assert.doesNotMatch(await words(page), /\b568\b/);
    await shot(page, 'owner-month-light');
    await page.locator('#s3').scrollIntoViewIfNeeded();
    const five = await page.locator('[data-table=devices] tbody tr').allInnerTexts();
    assert.equal(five.length, 5);
    assert.match(five[0].replace(/\s+/g, ' '), /A SIM-A .* 26,732 25,988 212 410 .*\+122 122 133 .*in order/);
    assert.match(five[3].replace(/\s+/g, ' '), /21,460 19,850 150 380 .*\+1,080/);
    await shot(page, 'owner-month-light-whole', true);
    await page.locator('#s8').scrollIntoViewIfNeeded();
    await shot(page, 'owner-checks-light');
    await fits(page, 'month');
    for (const theme of ['light', 'dark'])
        for (const language of ['en', 'fr']) {
            await screen(page, { language, theme });
            await axe(page, `month ${language} ${theme}`);
        }
    await shot(page, 'owner-month-dark-fr');
    assert.match(await words(page), /Appelez le site/);
    assert.match(await words(page, '[data-table=energy]'), /190,200 1,924 −4,9 réussi/);
    await screen(page, { language: 'en', theme: 'light' });
    // The flagged day, from its exception.
    await page.locator('.exceptions a', { hasText: '2026-05-13' }).first().click();
    assert.match(await words(page), /1,217,400 1,218,718 1,318 1,148 8 40/);
    assert.match(await words(page), /outside any session, between 2026-05-13 09:30:00 and 2026-05-13 13:30:00/);
    await shot(page, 'owner-day-light', true);
    await axe(page, 'day');
    clean(page);
});

test('story 13 and the way down to one pulse', async t => {
    const c = await books(t, 'may');
    const page = await c.page(tablet);
    await screen(page, { language: 'en', theme: 'light' });
    await c.signIn(page, 'op:17');
    await page.goto(c.url + 'record/7');
    assert.match(await words(page), /client p:5d1f.*written in the journal/);
    await shot(page, 'owner-record-asks-tablet');
    await page.click('main form button');
    assert.match(await words(page), /Intervals: set and measured.*F-L.*1\.59/);
    await shot(page, 'owner-record-tablet', true);
    await fits(page, 'record');
    await axe(page, 'record');
    await screen(page, { language: 'fr', theme: 'dark' });
    assert.match(await words(page), /1,59/);
    await axe(page, 'record fr dark');
    await screen(page, { language: 'en', theme: 'light' });
    const looks = JSON.parse(c.fadeline(['record', 'list', '--pat', 'p:5d1f', '--simulated', '--json'])).looks;
    assert(looks.some(l => l.who === 'op:17' && l.what === 'record'), 'the look is in the journal');
    await page.locator('#pulses tbody a').first().click();
    assert.match(await words(page), /197350/);
    const [proof] = await Promise.all([page.waitForEvent('download'), page.click('text=Save the inclusion proof')]);
    assert.match(proof.suggestedFilename(), /^entry-\d+\.tlog-proof$/);
    assert.match(readFileSync(await proof.path(), 'utf8'), /SIMULATED/);
    await shot(page, 'owner-pulse-tablet', true);
    await axe(page, 'entry');
    await page.goto(c.url + 'record/7/paper').catch(() => { }); // a download, not a page
    await page.goto(c.url + 'follow-ups');
    await shot(page, 'owner-follow-ups-tablet');
    await axe(page, 'follow-ups');
    clean(page);
});

test('story 4: one digit, and the page says which', async t => {
    const c = await books(t, 'long');
    const page = await c.page();
    await screen(page, { language: 'en', theme: 'light' });
    await c.signIn(page, 'op:1');
    await page.goto(c.url + 'verify');
    await page.click('text=Verify now');
    await page.waitForSelector('text=This journal is intact.');
    await shot(page, 'owner-verify-intact', true);
    await axe(page, 'verify');
    execFileSync(join(process.env.FL_BUILD, 'tests', 'console_books'), [join(c.home, 'journal-simulated'), 'digit']);
    await page.click('text=Verify now');
    await page.waitForSelector('text=This journal is damaged.');
    assert.match(await words(page), /1,024 does not match; 1 to 1,023 good/);
    await shot(page, 'owner-verify-damaged', true);
    await axe(page, 'verify damaged');
    await page.goto(c.url + 'month/2026-05');
    assert.match(await words(page), /This journal is damaged\. 1,024 does not match; 1 to 1,023 good.*holds only those/);
    await shot(page, 'owner-month-damaged');
    await screen(page, { language: 'fr', theme: 'dark' });
    await page.goto(c.url + 'verify');
    await shot(page, 'owner-verify-damaged-fr', true);
    await axe(page, 'verify fr dark');
    clean(page);
});

test('stories 7 and 9: files, each once written down', async t => {
    const c = await books(t, 'may');
    const page = await c.page();
    await screen(page, { language: 'en', theme: 'light' });
    await c.signIn(page, 'op:1');
    await page.goto(c.url + 'exports/2026-05');
    await shot(page, 'owner-exports', true);
    await axe(page, 'exports');
    const take = async click => {
        const [file] = await Promise.all([page.waitForEvent('download'), click()]);
        await page.waitForLoadState('load');
        await page.waitForTimeout(900); // the page comes again, with the file in its list
        return file;
    };
    const csv = await take(() => page.click('button[value=csv]'));
    assert.match(csv.suggestedFilename(), /^SIMULATED-audit-2026-05\.csv$/);
    assert.match(readFileSync(await csv.path(), 'utf8'), /,1318,/);
    const french = await take(() => page.click('button[value=csv-fr]'));
    assert.match(readFileSync(await french.path(), 'utf8'), /;1318;/);
    for (const kind of ['pdf', 'xlsx', 'json', 'jsonl', 'fhir']) {
        const file = await take(() => page.click(`button[value=${kind}]`));
        assert(statSync(await file.path()).size > 1000, kind);
    }
    await page.locator('.choice label', { hasText: 'SIM-A' }).click();
    const pack = await take(() => page.click('text=Make the pack'));
    assert.match(readFileSync(await pack.path(), 'latin1'), /^%PDF/);
    assert.match(await words(page), /inspector SIM-A 2026-03-01 2026-05-31/);
    await shot(page, 'owner-exports-after', true);
    clean(page);
});
