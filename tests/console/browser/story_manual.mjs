// A session by hand, as a technician meets it: a laser without a link, a plan, a counter on its front, and a browser that may go
// away at any moment. The same session is done by `fadeline run --device manual:` and audited: the figures are the same.
import { test, clinic, shot, axe, clean, assert, people } from './harness.mjs';
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync, cpSync } from 'node:fs';
import { join } from 'node:path';

const DAY = '2026-05-04', LASER = 'hand-pico';

/** The invented laser of the tests without its link: nobody can ask it anything. */
function laser(home) {
    mkdirSync(join(home, 'devices'), { recursive: true });
    mkdirSync(join(home, 'plans'), { recursive: true });
    const file = readFileSync(join(process.env.FL_SOURCE, 'devices', 'example-pico.yaml'), 'utf8')
        .replace('id: example-pico', `id: ${LASER}`).replace(/\nlink:\n(  .*\n)+/, '\nlink:\n  kind: none\n');
    writeFileSync(join(home, 'devices', `${LASER}.yaml`), file);
}

/** A clinic with that laser, a plan of today whose zone F-L has so many pulses, and a technician at the screen. */
async function room(t, { pulses = 20, page = {} } = {}) {
    const c = await clinic(t, { date: DAY });
    laser(c.home);
    c.plan = join(c.home, 'plans', 'plan.json');
    execFileSync(join(process.env.FL_BUILD, 'tests', 'plan_maker'), [c.plan, DAY, String(pulses), LASER], { env: c.env });
    c.tech = await c.page(page);
    await c.signIn(c.tech, 'op:17');
    return c;
}
const step = (page, n) => page.waitForSelector(`#step[data-step="${n}"]`);
const [SIGN_IN, AFTER, EXPLAIN, SUPERVISOR, TARGET, EYEWEAR, BEFORE] = [1, 2, 3, 4, 5, 6, 7];
const text = page => page.evaluate(() => document.querySelector('main').innerText);

/** A touch that sends a form: done when the next page is there. */
async function press(page, where) {
    await Promise.all([page.waitForNavigation(), page.click(where)]);
}
async function pad(page, id, digits) {
    for (const digit of digits) await page.click(`.pad[data-for="${id}"] [data-key="${digit}"]`);
}
async function begin(c, page = c.tech, marks = '755 OD7 M LB9') {
    await page.goto(c.url + 'by-hand');
    await page.click('.ways a');
    await page.check(`[name=device][value=${LASER}]`, { force: true });
    await page.fill('#marks', marks);
    await pad(page, 'pin-self', people['op:17'].pin);
    await press(page, 'form button.main');
}
async function counter(page, digits) {
    await pad(page, 'counter', digits);
    await press(page, 'form button.main');
}
async function zone(page, id) {
    await press(page, `#step [name=zone][value="${id}"]`);
    await step(page, BEFORE);
}
/** Everything a person needs is in sight, nothing has to be scrolled, and gloves meet targets of 20 mm and digits of 8 mm. */
async function fits(page) {
    const bad = await page.evaluate(() => {
        const out = [], h = innerHeight, w = innerWidth;
        if (document.documentElement.scrollHeight > h || document.documentElement.scrollWidth > w) out.push(`page ${document.documentElement.scrollWidth} x ${document.documentElement.scrollHeight}`);
        const seen = e => { const b = e.getBoundingClientRect(); return b.width > 0 && !e.closest('details:not([open])>div') ? b : null; };
        for (const e of document.querySelectorAll('main button, main input, main summary, main a.button')) {
            const b = e.type !== 'hidden' && seen(e);
            if (!b) continue;
            if (b.bottom > h + 1 || b.right > w + 1 || b.left < 0 || b.top < 0) out.push(`out of sight: ${e.outerHTML.slice(0, 90)}`);
            if (b.height < 75.5 || b.width < 75.5) out.push(`small: ${e.outerHTML.slice(0, 90)} ${b.width} x ${b.height}`);
        }
        for (const e of document.querySelectorAll('.h-set .digits, #counter'))
            if (parseFloat(getComputedStyle(e).fontSize) < 42) out.push(`digits: ${e.outerHTML.slice(0, 90)}`);
        for (const e of document.querySelectorAll('.h-step, .h-card'))
            if (e.scrollHeight > e.clientHeight + 1) out.push(`cut: ${e.className} ${e.scrollHeight} > ${e.clientHeight}`);
        return out;
    });
    assert.deepEqual(bad, []);
}

test('a session by hand from the first page to the papers', async t => {
    const c = await room(t), page = c.tech;
    await page.goto(c.url + 'session');
    await page.click('a[href="/by-hand"]');
    await shot(page, 'manual-plans');
    await axe(page);
    await page.click('.ways a');
    await shot(page, 'manual-begin', true);
    await axe(page);
    await begin(c);
    await step(page, TARGET);
    await shot(page, 'manual-what-next');
    await axe(page);
    await fits(page);
    await zone(page, 'F-L');
    await fits(page);
    await axe(page);
    for (const figure of ['755', '1.59', '199.8', '10', 'F-L', 'left', 'alex-755', '20'])
        assert((await text(page)).includes(figure), `${figure} is not to be seen`);
    await shot(page, 'manual-set');
    await counter(page, '88410');
    assert.match(await text(page), /type the same number once more/);
    await fits(page);
    await shot(page, 'manual-first-reading');
    await counter(page, '88410');
    await step(page, AFTER);
    assert.match(await text(page), /FIRE/);
    await shot(page, 'manual-fire');
    await fits(page);
    await axe(page);
    await press(page, '[name=seen][value=frost]');
    await counter(page, '88430');
    await step(page, TARGET);
    await shot(page, 'manual-counted');
    clean(page);
});

const end = async page => {
    await page.goto(new URL('/session/finish', page.url()).href);
    await press(page, "form:has([name=do][value=end]) button");
};

test('the end, its papers, and the same figures as by the command', async t => {
    const c = await room(t), page = c.tech;
    await begin(c);
    await zone(page, 'F-L');
    for (const digits of ['88410', '88410']) await counter(page, digits);
    await step(page, AFTER);
    await counter(page, '88421');
    await step(page, BEFORE);
    await press(page, '[name=seen][value=frost]');
    await counter(page, '88421');
    await step(page, AFTER);
    await page.click('#h-near > summary');
    await shot(page, 'manual-near-miss');
    await press(page, '[name=what][value="wrong spot"]');
    await counter(page, '88432');
    await step(page, TARGET);
    await press(page, ".l-acts a.button");
    await shot(page, 'manual-finish', true);
    await axe(page);
    await press(page, 'form:has([name=about][value=pain]) [value="3"]');
    for (const word of ['erythema', 'oedema']) await page.check(`form:has([name=about][value=reaction]) [value=${word}]`, { force: true });
    await press(page, 'form:has([name=about][value=reaction]) > fieldset > button');
    await press(page, 'form:has([name=about][value=cooling]) [value=air]');
    for (const saved of ['Saved: 3', 'Saved: erythema, oedema', 'Saved: air']) assert((await text(page)).includes(saved), saved);
    await end(page);
    await page.waitForSelector('a[href$="client.pdf?lang=fr"]');
    assert.match(await text(page), /2026-06-15/); // the next date of the plan
    await shot(page, 'manual-papers', true);
    await axe(page);
    for (const paper of ['client.pdf?lang=en', 'client.pdf?lang=fr', 'next.ics']) {
        const got = await page.evaluate(async way => (await fetch(way)).status, `/session/1/${paper}`);
        assert.equal(got, 200, paper);
    }
    clean(page);
    await page.context().close();

    // The very same by the command, in a home of its own.
    const other = join(c.home, "other");
    mkdirSync(other);
    for (const part of readdirSync(c.home)) if (!/^(journal-simulated|other)/.test(part)) cpSync(join(c.home, part), join(other, part), { recursive: true });
    const words = ['sign-in op:17 493027', 'eyewear 755 OD7 M LB9', 'zone F-L', 'before 88410', 'before 88410', 'after 88421', 'endpoint frost',
        'before 88421', 'near-miss wrong-spot', 'after 88432', 'note pain 3', 'note reaction erythema oedema', 'note cooling air', 'end'];
    c.fadeline(['run', join(other, "plans", "plan.json"), "--device", `manual:${LASER}`, '--training', '--date', DAY], { input: words.join('\n') + '\n', home: other });
    const figures = home => JSON.parse(c.fadeline(['audit', '--simulated', '--from', DAY, '--to', DAY, '--json'], { home }));
    // All of it but when it was, which log it stands in, and that somebody opened the console first.
    const plain = what => JSON.parse(JSON.stringify(what, (key, value) => /^(log|journals|began|ended|started|opened|closed_at|at|when|time|times|entry|entries|index|root|sha256|checkpoint|hash|size|made|verification|verified|first|last)$|utc|_us$|_at$/.test(key) ? undefined : Array.isArray(value) ? value.filter(one => one?.kind !== "auth.ok") : value));
    assert.deepEqual(plain(figures(c.home)), plain(figures(other)));
    const record = home => plain(JSON.parse(c.fadeline(["paper", "session", "1", "--simulated", "--json"], { home })));
    assert.deepEqual(record(c.home), record(other));
    assert.equal(record(c.home).zones[0].delivered, 22);
    assert.deepEqual(record(c.home).intervals.map(i => [i.counter_before, i.counter_after, i.endpoint]), [[88410, 88421, "frost"], [88421, 88432, null]]);
});

/** Another console in front of the same home, as after a restart. */
async function again(c, t) {
    const child = spawn(join(process.env.FL_BUILD, 'fadeline'), ['console', '--port', '0', '--json', '--simulated', '--date', DAY], { env: c.env, stdio: ['ignore', 'pipe', 'inherit'] });
    t.after(() => child.kill('SIGKILL'));
    const line = await new Promise(resolve => child.stdout.once('data', data => resolve(String(data))));
    c.url = JSON.parse(line).url;
    return child;
}

test('the console is killed while a foot fires, and the open zone is asked first', async t => {
    const c = await room(t);
    let page = c.tech;
    await begin(c);
    await zone(page, 'F-L');
    for (const digits of ['88410', '88410']) await counter(page, digits);
    await step(page, AFTER);
    c.console.kill('SIGKILL');
    await again(c, t);
    page = await c.page();
    await c.signIn(page, 'op:17');
    await page.goto(c.url + 'by-hand');
    assert.match(await text(page), /INTERRUPTED: a zone was begun and never counted/);
    for (const word of ['F-L', '88,410', 'C-0001']) assert((await text(page)).includes(word), word);
    await shot(page, 'manual-interrupted');
    await axe(page);
    await page.click('#left a.button');
    await page.check(`[name=device][value=${LASER}]`, { force: true });
    await page.fill('#marks', '755 OD7 M LB9');
    await pad(page, 'pin-self', people['op:17'].pin);
    await press(page, 'form button.main');
    await step(page, AFTER);
    await shot(page, 'manual-count-first');
    await fits(page);
    await axe(page);
    await counter(page, '88425');
    await step(page, TARGET);
    await zone(page, 'F-L');
    assert.match(await page.evaluate(() => document.querySelector('.h-set').innerText), /15/); // counted today
    clean(page);
});

test('numbers that do not fit, a photo of the screen, who looks on', async t => {
    const c = await room(t, { pulses: 20 }), page = c.tech;
    await begin(c);
    await zone(page, 'MID');
    for (const digits of ['5000', '5000']) await counter(page, digits);
    await step(page, AFTER);

    // One pixel, as a camera would send it: its hash stands in the journal, with session and zone.
    const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
    await page.click('#h-more > summary');
    await shot(page, 'manual-more');
    await axe(page);
    await page.setInputFiles('#photo-screen', { name: 'screen.png', mimeType: 'image/png', buffer: png });
    await press(page, 'form[enctype="multipart/form-data"] button');
    const photo = c.fadeline(['journal', 'show', '--simulated', '--json']).split('\n').find(line => line.includes('"photo"'));
    assert(photo, 'no photo in the journal while the session runs');
    const { createHash } = await import('node:crypto');
    assert(photo.includes(createHash('sha256').update(png).digest('hex')), photo);
    for (const part of ['"what":"screen"', '"sid":1', '"zone":"MID"', '"who":"op:17"']) assert(photo.includes(part), `${part}: ${photo}`);

    const boss = await c.page();
    await c.signIn(boss, 'op:9'); // a sign-in while this process holds the journal
    await boss.goto(c.url + 'by-hand');
    await shot(boss, 'manual-looks-on');
    await axe(boss);
    assert.equal(await boss.evaluate(() => document.querySelectorAll('main button').length), 0, 'who looks on has no button');

    await counter(page, '5700');
    assert.match(await text(page), /More than this laser can fire/);
    await shot(page, 'manual-too-fast');
    await fits(page);
    await axe(page);
    await counter(page, '5700');
    await step(page, EXPLAIN);
    await shot(page, 'manual-explain');
    await axe(page);
    for (let n = 0; n < 40 && await boss.evaluate(() => document.querySelector('#step')?.dataset.step).catch(() => 0) !== '3'; n++) await boss.waitForTimeout(250);
    assert.equal(await boss.evaluate(() => document.querySelector('#step').dataset.step), '3', 'the other screen follows');
    await page.fill('#why-explain', 'the foot came before the number');
    await press(page, '#step form > button');
    await step(page, BEFORE);
    for (const digits of ['12', '12']) await counter(page, digits);
    await step(page, SUPERVISOR);
    await shot(page, 'manual-supervisor');
    await fits(page);
    await axe(page);
    await page.fill('#who-reconcile', 'op:9');
    await page.fill('#why-reconcile', 'a new head');
    await pad(page, 'pin-reconcile', people['op:9'].pin);
    await press(page, '#step form > button');
    await step(page, BEFORE);
    await page.click('[name=seen][value=bleed]');
    await page.waitForSelector('.h-pause');
    await shot(page, 'manual-pause');
    await fits(page);
    clean(page);
});

test('in French, in the light, large and on a tablet', async t => {
    const c = await room(t), page = c.tech;
    await page.click('[name=language]');
    await begin(c);
    for (const [width, height] of [[1280, 800], [1920, 1080], [820, 1180]]) {
        await page.setViewportSize({ width, height });
        for (const theme of ['light', 'dark']) {
            if (await page.evaluate(() => document.documentElement.dataset.theme) !== theme) await press(page, `[name=theme][value=${theme}]`);
            await axe(page);
        }
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        assert(wide <= width, `${wide} of ${width}`);
    }
    await page.setViewportSize({ width: 1280, height: 800 });
    await zone(page, 'F-L');
    await counter(page, '88410');
    assert.match(await text(page), /tapez encore une fois le même nombre/);
    assert((await text(page)).includes('1,59'), 'a comma');
    await fits(page);
    await counter(page, '88410');
    await step(page, AFTER);
    await fits(page);
    await shot(page, 'manual-fire-fr');
    await page.setViewportSize({ width: 1920, height: 1080 });
    await fits(page);
    await shot(page, 'manual-fire-1920');
    await page.setViewportSize({ width: 820, height: 1180 });
    await shot(page, 'manual-fire-tablet', true);
    await press(page, '[name=theme][value=light]');
    await axe(page);
    await page.setViewportSize({ width: 1280, height: 800 });
    await shot(page, 'manual-fire-light');
    clean(page);
});
