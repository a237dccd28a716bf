// What a technician does before a session: the plan of a case that is there already. Stories 1, 10, 11 of the acceptance
// list, with its numbers. What the page says is what `fadeline plan` says: same id, same file.
import { test, assert, clinic, shot, axe, clean } from './harness.mjs';
import { cpSync, mkdirSync, readFileSync, readdirSync, existsSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const source = process.env.FL_SOURCE;

function put(c, file, name) {
    mkdirSync(join(c.home, 'cases'), { recursive: true });
    cpSync(join(source, 'profiles/cases', file), join(c.home, 'cases', `${name}.yaml`));
}

async function plan(c, page, name, laser = 'example-pico') {
    await page.goto(c.url + 'plans');
    await page.check(`[name=case][value="${name}"]`, { force: true });
    await page.check(`[name=laser][value="${laser}"]`, { force: true });
    await page.click('main form button:has-text("Plan")');
    await page.waitForURL(/\/plan\/P-[0-9a-f]{16}$/, { timeout: 120000 });
}

const text = page => page.locator('main').innerText();

test('story 1: a plan says yes with its reasons and a range', { timeout: 400000 }, async t => {
    const c = await clinic(t, { date: '2026-05-04' });
    put(c, 'case-1.yaml', 'C-0001-2026-05-04');
    const page = await c.page();
    await c.signIn(page, 'op:17');
    await page.goto(c.url + 'plans');
    await shot(page, 'plans-begin');
    await axe(page);
    await plan(c, page, 'C-0001-2026-05-04');
    const said = await text(page);
    for (const part of ['PLAN', '532 nm', 'blocked', '520.0', '4,633', '3.0 mm: 8,237', '1 to 4 sessions, most likely 2',
        'Total of the form\n12', 'Eight items without sun\n11'])
        assert(said.includes(part), `the page does not say ${part}\n${said}`);
    await shot(page, 'plan-dark-1280');
    await shot(page, 'plan-dark-whole', true);
    await axe(page);

    // The same as the command: id, and the file byte for byte.
    const id = page.url().split('/').pop();
    c.fadeline(['plan', join(c.home, 'cases/C-0001-2026-05-04.yaml'), '--device', 'example-pico', '--out', join(c.home, 'cli.json')]);
    assert.equal(readFileSync(join(c.home, 'cli.json'), 'utf8'), readFileSync(join(c.home, `plans/${id}.json`), 'utf8'));
    // Same data again, same plan: no second file.
    await plan(c, page, 'C-0001-2026-05-04');
    assert.equal(page.url().split('/').pop(), id);
    assert.deepEqual(readdirSync(join(c.home, 'plans')).sort(), [id, `${id}.json`]);

    await page.click('button[name=language]');
    await page.click('button[name=theme]');
    await page.goto(c.url + `plan/${id}`);
    const french = await text(page);
    for (const part of ['de 1 à 4 séances', '1,50', 'bloqué', 'Impulsions par passage']) assert(french.includes(part), part);
    assert(!french.includes('1.50 ('));
    await shot(page, 'plan-light-fr-whole', true);
    await axe(page);
    await page.setViewportSize({ width: 768, height: 1024 });
    await shot(page, 'plan-light-fr-768');
    await page.goto(c.url + 'session');
    assert((await text(page)).includes(id), 'the session page does not find the plan');
    clean(page);
});

test('story 11: a refusal has no way to READY, and a sheet', { timeout: 400000 }, async t => {
    const c = await clinic(t, { date: '2026-05-04' });
    put(c, 'case-6.yaml', 'C-0006-2026-05-04');
    const page = await c.page();
    await c.signIn(page, 'op:17');
    await plan(c, page, 'C-0006-2026-05-04');
    const said = await text(page);
    assert(said.includes('REFUSE'));
    assert.equal(await page.locator('main a[href="/session"]').count(), 0);
    assert(!/J\/cm²\n|\d mJ/.test(said), 'a refusal shows a number that could be set');
    const [sheet] = await Promise.all([page.waitForEvent('download'), page.click('main a[href$="refusal.pdf"]')]);
    assert.equal(readFileSync(await sheet.path()).subarray(0, 5).toString(), '%PDF-');
    await shot(page, 'plan-refuse-whole', true);
    await axe(page);
    clean(page);
});

test('a plan that is cancelled leaves nothing', { timeout: 200000 }, async t => {
    const c = await clinic(t, { date: '2026-05-04' });
    put(c, 'case-4.yaml', 'C-0004-2026-05-04');
    const page = await c.page();
    await c.signIn(page, 'op:17');
    await page.goto(c.url + 'plans');
    await page.check('[name=case]', { force: true });
    await page.check('[name=laser][value=example-pico]', { force: true });
    await page.click('main form button:has-text("Plan")');
    await page.waitForURL(/\/plans\/work\/\d+$/);
    // Held where it is, so that the page of waiting can be looked at however fast the machine is.
    const [child] = execFileSync('pgrep', ['-P', String(c.console.pid)], { encoding: 'utf8' }).trim().split('\n').map(Number);
    process.kill(child, 'SIGSTOP');
    await shot(page, 'plan-work');
    await axe(page);
    const work = page.url();
    await page.click('main form button:has-text("Cancel")');
    await page.waitForURL(/\/plans$/);
    await page.goto(work);
    assert((await text(page)).includes('cancelled'));
    assert(!existsSync(join(c.home, 'plans')) || readdirSync(join(c.home, 'plans')).length === 0);
    clean(page);
});
