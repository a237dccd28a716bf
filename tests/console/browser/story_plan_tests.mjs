// Test spots and coming back: stories 3, 10 and 15 of the acceptance list.
import { test, assert, clinic, shot, axe, clean } from './harness.mjs';
import { appendFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const source = process.env.FL_SOURCE;
const text = page => page.locator('main').innerText();

function put(c, file, name, change = yaml => yaml) {
    mkdirSync(join(c.home, 'cases'), { recursive: true });
    writeFileSync(join(c.home, 'cases', `${name}.yaml`), change(readFileSync(join(source, 'profiles/cases', file), 'utf8')));
}

async function plan(page, url) {
    await page.goto(url + 'plans');
    await page.check('[name=case]', { force: true });
    await page.check('[name=laser][value=example-pico]', { force: true });
    await page.click('main form button:has-text("Plan")');
    await page.waitForURL(/\/plan\/P-[0-9a-f]{16}$/, { timeout: 120000 });
}

test('story 3: a spot that went darker excludes its setting', { timeout: 400000 }, async t => {
    const c = await clinic(t, { date: '2026-05-04' });
    put(c, 'case-4.yaml', 'C-0004-2026-05-04');
    const page = await c.page();
    await c.signIn(page, 'op:17');
    await plan(page, c.url);
    let said = await text(page);
    for (const part of ['TEST FIRST', 'Read not before 2026-06-01', '532 nm', '1064 nm', 'No full session before the read'])
        assert(said.includes(part), `${part}\n${said}`);
    await page.goto(c.url + 'tests/C-0004-2026-05-04');
    await shot(page, 'tests-grid', true);
    await axe(page);
    await page.click('button:has-text("They were placed today")');
    assert.equal(await page.locator('main form').count(), 3);
    await shot(page, 'tests-placed', true);
    await axe(page);
    // Six weeks pass: the console of that day reads the second spot darker, the others lighter.
    const file = join(c.home, 'cases/C-0004-2026-05-04.yaml');
    assert(c.fadeline(['check', file]).includes('good'));
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('placed_on: 2026-05-04', 'placed_on: 2026-04-01'));
    await page.reload();
    for (const [spot, result, cleared] of [[0, 'lighter', '20'], [1, 'darker', ''], [2, 'lighter', '10']]) {
        const form = page.locator(`main form:has([name=spot][value="${spot}"])`);
        await form.locator(`[name=result][value=${result}]`).check({ force: true });
        await form.locator('[name=cleared]').fill(cleared);
        await form.locator('button').click();
        await page.waitForURL(/\/tests\//);
    }
    await shot(page, 'tests-read', true);
    assert(readFileSync(file, 'utf8').includes('result: darker'));
    await plan(page, c.url);
    said = await text(page);
    assert(/dark/i.test(said) && said.includes('blocked'), said);
    await shot(page, 'plan-after-darker', true);
    clean(page);
});

test('story 10: a read narrows the range, a poor one asks for causes', { timeout: 400000 }, async t => {
    const c = await clinic(t, { date: '2026-05-04' });
    const earlier = percent => yaml => yaml.replace('denied:', `earlier:\n  - {id: s1, on: 2026-03-20, device: example-pico, wavelength_nm: 1064, spot_mm: 4, fluence_J_cm2: 1.5, read_on: 2026-05-02, cleared_percent: ${percent}}\n\ndenied:`);
    const page = await c.page();
    await c.signIn(page, 'op:17');
    put(c, 'case-1.yaml', 'C-0001-2026-05-04', earlier(55));
    await plan(page, c.url);
    let said = await text(page);
    assert(/sessions|about \d more/.test(said) && said.includes('read'), said);
    await shot(page, 'plan-read-55');
    put(c, 'case-1.yaml', 'C-0001-2026-05-04', earlier(5));
    await plan(page, c.url);
    said = await text(page);
    for (const part of ['ink', 'depth', 'energy check']) assert(said.includes(part), `${part}\n${said}`);
    clean(page);
});

test('story 15: clients, one client, in two presses', { timeout: 200000 }, async t => {
    const c = await clinic(t, { date: '2026-05-04' });
    put(c, 'case-4.yaml', 'C-0001-2026-05-04', yaml => yaml.replace('client: C-0004', 'client: C-0001'));
    c.fadeline(['clients', 'add', '--name', 'Ann Example', '--born', '1980-01-01', '--contact', 'x', '--language', 'en', '--code', 'C-0001', '--who', 'op:17', '--simulated', '--date', '2026-05-04'], { input: '493027\n' });
    const page = await c.page();
    await c.signIn(page, 'op:17');
    await page.click('nav >> text=Clients');
    await shot(page, 'clients');
    await axe(page);
    assert(!(await text(page)).includes('Ann'));
    await page.click('main button:has-text("C-0001")');
    await page.waitForURL(/\/client\/C-0001$/);
    const said = await text(page);
    assert(said.includes('Open alerts') && !said.includes('Ann'), said);
    await shot(page, 'client', true);
    await axe(page);
    assert(c.fadeline(['journal', 'show', '--kind', 'look', '--simulated']).includes('C-0001'));
    // Somebody who has not opened it sees nothing of it.
    const other = await c.page();
    await c.signIn(other, 'op:9');
    await other.goto(c.url + 'client/C-0001');
    assert(!(await text(other)).includes('Open alerts'));
    clean(page);
});
