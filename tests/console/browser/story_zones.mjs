// Zones drawn on the pictures of the case form: with a mouse at 1280x800 and with a finger on a tablet held upright. What is
// drawn is what a hand would have written, is drawn again when the case is opened, and takes nothing away when it is wrong.
import { test, assert, clinic, shot, shots, axe, clean } from './harness.mjs';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const source = process.env.FL_SOURCE;

function put(c, file, name) {
    mkdirSync(join(c.home, 'cases'), { recursive: true });
    cpSync(join(source, 'profiles/cases', file), join(c.home, 'cases', `${name}.yaml`));
}
const kept = (c, name) => readFileSync(join(c.home, 'cases', `${name}.yaml`), 'utf8');
const planned = (c, file) => JSON.parse(c.fadeline(['plan', file, '--device', 'example-pico', '--json']));
const picture = (page, view) => page.locator(`.view-${view} svg.map`);
const field = (row, key) => `[name=zones-${row}-${key}]`;

async function open(c, page, name, view) {
    await page.goto(c.url + `case/${name}`);
    if (view) await page.check(`[name=view][value=${view}]`, { force: true });
    await page.locator('.draw').evaluate(element => element.scrollIntoView());
}
async function keep(page, name) {
    await page.click('button[value=keep]');
    await page.waitForURL(new RegExp(`/case/${name}\\?kept=1$`));
}
// A place of the picture, in its own millimetres, on the screen.
async function onScreen(page, view, points) {
    return picture(page, view).evaluate((svg, list) => list.map(([x, y]) => {
        const p = new DOMPoint(x, y).matrixTransform(svg.getScreenCTM());
        return [p.x, p.y];
    }), points);
}
async function dragMouse(page, view, points) {
    const places = await onScreen(page, view, points);
    await page.mouse.move(...places[0]);
    await page.mouse.down();
    for (const place of places.slice(1)) await page.mouse.move(...place, { steps: 6 });
    await page.mouse.up();
}
async function dragFinger(page, view, points) {
    const places = await onScreen(page, view, points), cdp = await page.context().newCDPSession(page);
    const send = (type, place) => cdp.send('Input.dispatchTouchEvent', { type, touchPoints: place ? [{ x: place[0], y: place[1] }] : [] });
    await send('touchStart', places[0]);
    for (let i = 1; i < places.length; i++)
        for (let k = 1; k <= 6; k++)
            await send('touchMove', [0, 1].map(n => places[i - 1][n] + (places[i][n] - places[i - 1][n]) * k / 6));
    await send('touchEnd');
    await cdp.detach();
}
const area = page => page.locator('#draw-area').innerText();
// What the server said, not the script's guess.
async function settled(page, pattern = /^\d/) {
    for (let i = 0; i < 150; i++) {
        if (pattern.test(await area(page))) return;
        await page.waitForTimeout(100);
    }
    assert.fail(`the area is ${await area(page)}`);
}
const pointsOf = line => line.replace(/^\w+:/, '').split(' ').filter(word => word.includes(',') && !word.includes('=')).map(pair => pair.split(',').map(Number));
const shoelace = points => Math.abs(points.reduce((sum, p, i) => { const q = points[(i + 1) % points.length]; return sum + p[0] * q[1] - p[1] * q[0]; }, 0)) / 200;

test('a hairline drawn with the mouse is the one that a hand writes', { timeout: 400000 }, async t => {
    const c = await clinic(t, { date: '2026-05-04' });
    const name = 'C-0020-2026-05-04';
    put(c, 'hairline.yaml', name);
    const page = await c.page();
    await c.signIn(page, 'op:17');

    // As it came: its drawings stand on the sheet; kept, it gives the plan of the file that a hand wrote.
    const before = planned(c, join(source, 'profiles/cases/hairline.yaml'));
    await open(c, page, name);
    assert.equal(await page.locator('[name=view]:checked').inputValue(), 'sheet');
    assert.equal(await page.locator('.view-sheet .drawn').count(), 3);
    await settled(page);
    assert.equal(await area(page), '19.14');
    await shot(page, 'zones-hairline-dark');
    await axe(page);
    await keep(page, name);
    const after = planned(c, join(c.home, 'cases', `${name}.yaml`));
    for (const part of ['zones', 'settings', 'reasons', 'test_spots', 'sessions']) assert.deepEqual(after[part], before[part], part);

    // Drawn anew: the keep line by hand, 12 mm, feathered; then what lies behind is locked, as the hand-written case has it.
    await open(c, page, name, 'sheet');
    for (const row of [1, 2]) { await page.fill(field(row, 'id'), ''); await page.fill(field(row, 'shape'), ''); }
    await page.uncheck(field(1, 'locked'), { force: true });
    await page.selectOption('#draw-zone', '0');
    await page.click('[data-do=clear]');
    assert.equal(await page.inputValue(field(0, 'shape')), '');
    await page.click('[data-tool=band]');
    await page.locator('.draw').evaluate(element => element.scrollIntoView());
    await dragMouse(page, 'sheet', [[-75, 0], [-40, -11], [0, -14], [40, -11], [75, 0]]);
    await settled(page);
    let line = await page.inputValue(field(0, 'shape'));
    assert.match(line, /^band:.* width=12 keep=left feather=0\.75,0\.5$/);
    // The old edge, 12 mm lower in the middle, says how wide the band is and which side stays.
    await page.click('[data-tool=remove]');
    await dragMouse(page, 'sheet', [[-72, 9], [-38, -1], [0, -4], [38, -1], [72, 9]]);
    line = await page.inputValue(field(0, 'shape'));
    const width = Number(/width=([\d.]+)/.exec(line)[1]);
    assert(width > 8 && width < 11 && /keep=left/.test(line), line);
    await page.click('[data-tool=band]');
    await page.fill('#draw-width', '12');
    await page.press('#draw-width', 'Tab');
    await page.click('[data-do=behind]');
    await settled(page);
    await page.locator('.draw').evaluate(element => element.scrollIntoView());
    await shot(page, 'zones-hairline-drawn-dark');
    await axe(page);
    assert.equal(await page.inputValue(field(1, 'id')), 'F-KEEP');
    assert(await page.isChecked(field(1, 'locked')));
    await keep(page, name);

    // A hand writes the same file: same bytes, so the same plan, by the page and by the command.
    line = await page.inputValue(field(0, 'shape'));
    const behind = await page.inputValue(field(1, 'shape'));
    const text = kept(c, name), numbers = l => pointsOf(l).flat().join(', ');
    const hand = text.slice(0, text.indexOf('zones:\n')) + `zones:
  - id: F-BAND
    shape:
      band:
        line_mm: [${numbers(line)}]
        width_mm: 12
        keep: left
        feather_rows: [0.75, 0.5]
      anaesthetic_margin_mm: 10
      hand_rate_Hz: 2.5
    test_site: "left end of the band, above the tail of the brow"
  - id: F-KEEP
    shape:
      polygon:
        points_mm: [${numbers(behind)}]
    locked: yes
    why: "density behind the keep line stays"
` + text.slice(text.indexOf('denied:'));
    assert.equal(hand, text);
    writeFileSync(join(c.home, 'hand.yaml'), hand);
    const plan = planned(c, join(c.home, 'hand.yaml'));
    await page.goto(c.url + 'plans');
    await page.check('[name=case]', { force: true });
    await page.check('[name=laser][value=example-pico]', { force: true });
    await page.click('main form button:has-text("Plan")');
    await page.waitForURL(/\/plan\/P-[0-9a-f]{16}$/, { timeout: 120000 });
    assert.equal(page.url().split('/').pop(), plan.plan_id);
    const band = plan.zones.find(zone => zone.id === 'F-BAND'), locked = plan.zones.find(zone => zone.id === 'F-KEEP');
    assert(band.pulses > 150 && !band.locked && locked.locked, JSON.stringify(plan.zones));
    const said = await page.locator('main').innerText();
    await page.locator('section:has(.maps)').screenshot({ path: join(shots, 'zones-plan-dark.png') });
    await axe(page);
    assert.equal(await page.locator('.maps .drawn').count(), 2);
    for (const part of ['F-BAND', 'F-KEEP', 'density behind the keep line stays']) assert(said.includes(part), part);

    // And it is drawn again.
    await page.click('button[name=theme]');
    await open(c, page, name);
    assert.equal(await page.inputValue(field(0, 'shape')), line);
    assert.equal(await page.locator('.view-sheet .drawn .keep').count(), 1);
    await page.waitForSelector('.view-sheet .drawn .shape.locked');
    await shot(page, 'zones-hairline-again-light');
    await axe(page);
    clean(page);
});

test('a finger draws a brow on a tablet held upright, in French', { timeout: 300000 }, async t => {
    const c = await clinic(t, { date: '2026-05-04' });
    const name = 'C-0004-2026-05-04';
    put(c, 'case-4.yaml', name);
    const page = await c.page({ width: 768, height: 1024, hasTouch: true });
    await c.signIn(page, 'op:17');
    await page.click('button[name=language]');
    await open(c, page, name);
    assert.equal(await page.locator('[name=view]:checked').inputValue(), 'front');
    await page.tap('.view-front a[data-zone=BRW-L] .touch');
    const row = await page.locator('#draw-zone').inputValue();
    assert.equal(await page.inputValue(field(row, 'id')), 'BRW-L');
    await page.tap('[data-tool=polygon]');
    await page.locator('.view-front').evaluate(element => element.scrollIntoView());
    const brow = [[13, -34], [24, -43], [42, -45], [58, -34], [44, -38], [28, -36], [14, -29], [13, -33]];
    const top = await page.evaluate(() => scrollY);
    await dragFinger(page, 'front', brow);
    assert.equal(await page.evaluate(() => scrollY), top, 'the page went away under the finger');
    await settled(page);
    const line = await page.inputValue(field(row, 'shape')), drawn = shoelace(pointsOf(line));
    assert(Math.abs(drawn - shoelace(brow)) < 0.06 * drawn, `${drawn} cm2 for ${shoelace(brow)}`);
    assert.equal(await area(page), drawn.toFixed(2).replace('.', ','));
    assert(pointsOf(line).every(([x, y]) => x > 0 && y < -350 && y > -390), line); // in the plane, where the face has its place
    await shot(page, 'zones-brow-tablet-fr');
    await axe(page);

    // A corner is moved, and put back by the button.
    const corners = pointsOf(line), far = corners.reduce((best, p) => p[0] > best[0] ? p : best);
    await dragFinger(page, 'front', [[far[0], -400 - far[1]], [far[0] + 6, -400 - far[1] + 3]]);
    const moved = await page.inputValue(field(row, 'shape'));
    assert.notEqual(moved, line);
    assert.equal(pointsOf(moved).length, corners.length, 'a corner was moved, not added');
    await page.tap('[data-do=undo]');
    assert.equal(await page.inputValue(field(row, 'shape')), line);

    // The brow was measured: 50 mm long where the picture has 45. The picture grows, and the drawing with it.
    await page.tap('[data-tool=known]');
    await page.locator('.view-front').evaluate(element => element.scrollIntoView());
    await dragFinger(page, 'front', [[13, -34], [35, -34], [58, -34]]);
    await page.waitForSelector('.view-front .known', { state: 'attached' });
    await page.fill('#draw-known', '50');
    await page.tap('[data-do=known]');
    const scale = Number((await page.inputValue('[name=picture_scale]')).replace(',', '.'));
    assert(Math.abs(scale - 50 / 45) < 0.01, String(scale));
    await settled(page);
    const grown = shoelace(pointsOf(await page.inputValue(field(row, 'shape'))));
    assert(Math.abs(grown / drawn - scale ** 2) < 0.02, `${grown / drawn} for ${scale ** 2}`);
    await shot(page, 'zones-known-tablet-fr');
    await keep(page, name);
    assert(kept(c, name).includes(`picture_scale: ${scale}`));
    assert.equal(await page.inputValue('[name=picture_scale]'), String(scale).replace('.', ','));
    assert.equal(await page.locator('.view-front .drawn').count(), 1);
    clean(page);
});

test('scar, hours and hands that draw badly', { timeout: 300000 }, async t => {
    const c = await clinic(t, { date: '2026-05-04' });
    const name = 'C-0008-2026-05-04';
    put(c, 'case-8.yaml', name);
    const page = await c.page();
    await c.signIn(page, 'op:17');
    await open(c, page, name, 'back');
    const ids = await page.locator('table.zones tbody tr td:first-child input').evaluateAll(list => list.map(input => input.value));
    const spare = ids.indexOf('');

    // Corners touched one by one, then a line through them that crosses itself: said at once, and where it is kept.
    await page.fill(field(spare, 'id'), 'OCC');
    await page.click('[data-tool=polygon]');
    await page.locator('.draw').evaluate(element => element.scrollIntoView());
    for (const place of await onScreen(page, 'back', [[-20, 10], [20, 40], [20, 10], [-20, 40]])) await page.mouse.click(...place);
    await page.waitForSelector('#draw-wrong:not([hidden])');
    assert.match(await page.locator('#draw-wrong').innerText(), /edge 1 .* crosses edge 3/);
    assert.equal(await area(page), '–');
    await shot(page, 'zones-crossed');
    await axe(page);
    const crossed = await page.inputValue(field(spare, 'shape'));
    await page.click('button[value=keep]');
    await page.waitForSelector(`#zones-${spare}-shape-wrong`);
    assert.match(await page.locator(`#zones-${spare}-shape-wrong`).innerText(), /crosses edge 3.*draw it without crossing itself/);
    assert.equal(await page.inputValue(field(spare, 'shape')), crossed, 'what was drawn is lost');
    await axe(page);

    // The scar: a line and a width instead. Length times width, by the server.
    await page.check('[name=view][value=back]', { force: true });
    await page.selectOption('#draw-zone', String(spare));
    await page.click('[data-tool=strip]');
    await page.fill('#draw-scar', '20');
    await page.locator('.draw').evaluate(element => element.scrollIntoView());
    await dragMouse(page, 'back', [[-35, 30], [35, 30]]);
    await settled(page);
    assert(Math.abs(Number(await area(page)) - 14) < 0.3, await area(page));
    await page.fill(field(spare, 'id'), 'SCAR-2');
    await page.fill('#draw-scar', '10');
    await page.press('#draw-scar', 'Tab');
    await settled(page, /^[67]\./);
    await page.locator('.draw').evaluate(element => element.scrollIntoView());
    await shot(page, 'zones-scar');

    // Hours of an areola: a part of a ring.
    await page.click('[data-tool=hours]');
    await page.selectOption('#draw-from', '10');
    await page.selectOption('#draw-to', '2');
    await page.fill('#draw-outer', '45');
    await page.fill('#draw-inner', '12');
    await page.click('[data-do=hours-L]');
    await settled(page);
    assert(Math.abs(Number(await area(page)) - Math.PI / 4 * (4.5 ** 2 - 1.2 ** 2) / 3) < 0.02, await area(page));
    const hours = await page.locator('#draw-zone').inputValue();
    assert.equal(await page.inputValue(field(hours, 'id')), 'ARE-L-10-2');
    await page.locator('.draw').evaluate(element => element.scrollIntoView());
    await shot(page, 'zones-hours');
    await axe(page);
    await keep(page, name);
    const text = kept(c, name);
    assert(/- id: SCAR-2\n {4}shape:\n {6}strip:\n/.test(text) && text.includes('- id: ARE-L-10-2\n'), text);

    // A pointer that leaves the picture draws to its edge; one that does not move adds a corner and no line.
    await open(c, page, name, 'back');
    await page.selectOption('#draw-zone', String(spare));
    await page.click('[data-do=clear]');
    await page.click('[data-tool=polygon]');
    await page.locator('.draw').evaluate(element => element.scrollIntoView());
    await dragMouse(page, 'back', [[0, 0], [300, 10], [300, 90], [0, 60]]);
    const points = pointsOf(await page.inputValue(field(spare, 'shape')));
    assert(points.length > 2 && points.every(([x]) => x <= 100.1), points.join(' '));
    clean(page);
});

test('without a script drawings are lines, and are shown', { timeout: 200000 }, async t => {
    const c = await clinic(t, { date: '2026-05-04' });
    const name = 'C-0020-2026-05-04';
    put(c, 'hairline.yaml', name);
    const page = await c.page({ javaScriptEnabled: false });
    await c.signIn(page, 'op:17');
    await open(c, page, name).catch(() => {}); // scrolling is a script
    assert.equal(await page.locator('.view-sheet .drawn').count(), 3);
    assert(!await page.locator('.draw-tools').isVisible());
    await page.fill(field(3, 'id'), 'F-L');
    await page.fill(field(3, 'shape'), 'polygon:0,-30 40,-30 40,-5');
    await page.fill(field(2, 'shape'), 'circle:nine');
    await page.locator('button[value=keep]').click();
    assert.match(await page.locator('#zones-2-shape-wrong').innerText(), /this is no diameter in mm: 'nine'/);
    assert.equal(await page.inputValue(field(2, 'shape')), 'circle:nine');
    assert.equal(await page.inputValue(field(3, 'shape')), 'polygon:0,-30 40,-30 40,-5');
    await page.fill(field(2, 'shape'), 'circle:9@112,15');
    await page.locator('button[value=keep]').click();
    await page.waitForURL(/kept=1$/);
    assert.equal(await page.locator('.view-sheet .drawn').count(), 4);
    await page.locator('.view-sheet').scrollIntoViewIfNeeded();
    await shot(page, 'zones-no-script');
});
