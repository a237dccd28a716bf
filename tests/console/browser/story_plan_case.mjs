// The case form: stories 1 and 2 of the acceptance list, from an empty form to a plan, with the numbers printed there.
import { test, assert, clinic, shot, axe, clean } from './harness.mjs';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const text = page => page.locator('main').innerText();
const pick = (page, name, value) => page.check(`[name="${name}"][value="${value}"]`, { force: true });

async function skin(page, answers) {
    const names = ['g1', 'g2', 'g3', 'g4', 'r1', 'r2', 'r3', 'r4', 't1', 't2'];
    for (let i = 0; i < 10; i++) await pick(page, `skin-form-${names[i]}`, answers[i]);
}

async function caseOne(page, comma) {
    await page.fill('[name=client]', 'C-0001');
    await page.fill('[name=age_years]', '34');
    await page.selectOption('[name=procedure]', 'smp-scalp');
    await page.selectOption('[name=site]', 'scalp-male');
    await pick(page, 'smoker', 'no');
    await pick(page, 'goal-kind', 'remove');
    await page.fill('[name=goal-fade_percent]', '90');
    await page.fill('[name=goal-text]', 'full removal: as far as "safe" <b>');
    await skin(page, [1, 2, 1, 2, 1, 1, 1, 2, 0, 1]);
    await page.fill('[name=skin-site_ita_deg]', comma ? '45,9' : '45.9');
    await page.fill('[name=skin-last_sun]', '2026-01-31');
    await page.selectOption('[name=ink-id]', 'carbon-smp');
    await pick(page, 'ink-colours', 'black');
    await pick(page, 'ink-identified', 'yes');
    await pick(page, 'ink-white_inside', 'no');
    await page.fill('[name=ink-age_months]', '14');
    await page.fill('[name=ink-layers]', '1');
    await page.selectOption('[name=kirby_desai-colour]', 'black_only');
    await page.selectOption('[name=kirby_desai-ink]', 'minimal');
    await page.selectOption('[name=kirby_desai-scarring]', 'none');
    await page.selectOption('[name=kirby_desai-layering]', 'none');
    const areas = [40, 40, 35, 35, 110, 90, 60, 60, 50];
    for (let i = 0; i < 9; i++) await page.fill(`[name=zones-${i}-area_cm2]`, comma ? `${areas[i]},0` : String(areas[i]));
    await page.fill('[name=zones-2-test_site]', 'two finger widths above the left ear');
    await page.fill('[name=zones-8-test_site]', 'mid-line, three finger widths below the crown');
    for (const box of await page.locator('[name^="ask-"][value=no]').all()) if (!(await box.getAttribute('name')).endsWith('-sun')) await box.check({ force: true });
    await pick(page, 'ask-sun', 'no');
}

async function plan(page, url) {
    await page.goto(url + 'plans');
    await page.check('[name=case]', { force: true });
    await page.check('[name=laser][value=example-pico]', { force: true });
    await page.click('main form button:has-text("Plan")');
    await page.waitForURL(/\/plan\/P-[0-9a-f]{16}$/, { timeout: 120000 });
    return page.url().split('/').pop();
}

test('story 1: case 1 from an empty form, in French, to a plan', { timeout: 400000 }, async t => {
    const c = await clinic(t, { date: '2026-05-04' });
    const page = await c.page();
    await c.signIn(page, 'op:17');
    await page.click('button[name=language]');
    await page.goto(c.url + 'case');
    await shot(page, 'case-new-fr');
    await axe(page);
    await caseOne(page, true);
    await page.click('button[value=score]');
    const sum = await page.locator('#sum').innerText();
    for (const part of ['12', '11', 'II']) assert(sum.includes(part), sum);
    await page.click('button[value=keep]');
    await page.waitForURL(/\/case\/C-0001-2026-05-04\?kept=1$/);
    await shot(page, 'case-kept-fr', true);
    assert.equal(await page.inputValue('[name=skin-site_ita_deg]'), '45,9');
    const file = join(c.home, 'cases/C-0001-2026-05-04.yaml');
    const yaml = readFileSync(file, 'utf8');
    assert(yaml.includes('site_ita_deg: 45.9'), yaml);
    assert(c.fadeline(['check', file]).includes('good'));
    await page.click('button[name=language]');
    const id = await plan(page, c.url);
    const said = await text(page);
    for (const part of ['4,633', '8,237', '520.0', '1 to 4 sessions, most likely 2', 'full removal: as far as "safe" <b>']) assert(said.includes(part), part);
    assert.equal(JSON.parse(c.fadeline(['plan', file, '--device', 'example-pico', '--json'])).plan_id, id);
    // The form again: nothing changes; then an overlap of 20 %.
    await page.goto(c.url + 'case/C-0001-2026-05-04');
    await page.click('button[value=keep]');
    await page.waitForURL(/kept=1$/);
    assert.equal(readFileSync(file, 'utf8'), yaml);
    await page.fill('[name=overlap]', '0,2');
    await page.click('button[value=keep]');
    await page.waitForURL(/kept=1$/);
    assert.notEqual(await plan(page, c.url), id);
    assert((await text(page)).includes('5,864'));
    clean(page);
});

test('story 2: typing traps', { timeout: 200000 }, async t => {
    const c = await clinic(t, { date: '2026-05-04' });
    const page = await c.page();
    await c.signIn(page, 'op:17');
    await page.goto(c.url + 'case');
    await skin(page, [3, 3, 2, 3, 2, 3, 2, 3, 2, 2]);
    await page.click('button[value=score]');
    let sum = await page.locator('#sum').innerText();
    assert(sum.includes('25') && sum.includes('IV') && sum.includes('two bands'), sum);
    await shot(page, 'case-score-25');
    await skin(page, [3, 3, 3, 4, 3, 3, 3, 3, 3, 3]);
    await page.click('button[value=score]');
    sum = await page.locator('#sum').innerText();
    assert(sum.includes('31') && sum.includes('V-VI: choose') && sum.includes('Sun gate: recent sun'), sum);
    // 5, 11, and none at all, as a browser without our form could send them.
    await page.goto(c.url + 'case');
    await caseOne(page, false);
    for (const wrong of ['5', '11']) {
        await page.evaluate(value => { const box = document.querySelector('[name=skin-form-r2]:checked'); box.value = value; }, wrong);
        await page.click('button[value=keep]');
        assert((await page.locator('#skin-form-r2 .wrong').innerText()).includes(`${wrong} is out of range for 'R2'`));
        await pick(page, 'skin-form-r2', 1);
    }
    await page.evaluate(() => { document.querySelector('[name=skin-form-g4]:checked').checked = false; });
    await page.click('button[value=keep]');
    assert((await page.locator('#skin-form-g4 .wrong').innerText()).includes('G4 of the skin form is blank: no type, no plan'));
    await shot(page, 'case-wrong');
    await axe(page);
    await page.setViewportSize({ width: 768, height: 1024 });
    await page.locator('#zones').scrollIntoViewIfNeeded();
    await shot(page, 'case-zones-768');
    clean(page);
});
