// A treatment room for the stories of the live session: a real control process, a simulated laser, a real browser, and what a
// technician does with them. Stories: story_session.mjs, story_numbers.mjs, story_exercise.mjs, story_unplug.mjs.
import { clinic, shot, assert, people } from './harness.mjs';
import { appendFileSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { setPriority } from 'node:os';
import { join } from 'node:path';

export const DAY = '2026-05-04';

/** A clinic with a plan on its shelf, a laser whose room is told live (`c.now('foot down')`), and a technician signed in.
 *  pulses: of zone F-L. plan: further words of plan_maker. real: the console of the clinic's own journal, today, where a simulated laser is for exercises only. */
export async function room(t, { pulses = 20, plan = [], page = {}, real = false } = {}) {
    const day = real ? new Date().toISOString().slice(0, 10) : DAY;
    const c = await clinic(t, real ? { real, nice: -10 } : { date: DAY, nice: -10 });
    mkdirSync(join(c.home, 'plans'), { recursive: true });
    execFileSync(join(process.env.FL_BUILD, 'tests', 'plan_maker'), [join(c.home, 'plans', 'plan.json'), day, String(pulses), ...plan], { env: c.env });
    const fifo = join(c.home, 'room');
    c.switchOn = async (script = 'when hello +0.2 prove\n') => {
        c.port = await c.twin(script, { words: ['--room', fifo] });
        try { setPriority(c.laser.pid, -15); } catch { /* a laser has a processor of its own; not everybody may give it one */ }
    };
    await c.switchOn();
    c.now = (...events) => appendFileSync(fifo, events.map(e => `now ${e}\n`).join(''));
    c.tell = line => appendFileSync(fifo, line + '\n');
    c.tech = await c.page(page);
    await c.signIn(c.tech, 'op:17');
    return c;
}

export async function begin(c, page = c.tech, kind = 'treatment') {
    await page.goto(c.url + 'session');
    await page.check('[name=plan]', { force: true });
    await page.fill('[name=port]', c.port);
    await page.check(`[name=kind][value=${kind}]`, { force: true });
    await page.click('main form > button');
    await until(page, () => document.querySelector('#session[data-first]') !== null);
}

/** Asks the page again and again: its policy lets no checker of ours live in it. */
export async function until(page, question, arg, milliseconds = 30000) {
    const end = Date.now() + milliseconds;
    for (;;) {
        const answer = await page.evaluate(question, arg).catch(() => false); // it may be between two pages
        if (answer) return answer;
        if (Date.now() >= end) assert.fail(`it did not come in ${milliseconds} ms: ${question} ${arg ?? ''}\n${await page.evaluate(() => document.querySelector('main').innerText)}`);
        await page.waitForTimeout(15);
    }
}
export const state = (page, wanted, timeout) => until(page, s => document.getElementById('state')?.dataset.state === s, wanted, timeout);
const gone = (page, what) => until(page, w => !document.getElementById('missing').dataset.bad?.split(' ').includes(w), what);

export async function signOn(c, page = c.tech) {
    await page.click('#p-sign > summary');
    for (const digit of people['op:17'].pin) await page.click(`#p-sign [data-key="${digit}"]`);
    await page.click('#p-sign form > button');
    await gone(page, 'auth');
}
export async function zone(page, id) {
    await page.click('#p-zone > summary');
    await page.click(`#p-zone [value="${id}"]`);
    await until(page, z => document.querySelector('[data-fact=zone]').textContent.startsWith(z), id);
}
export async function eyewear(page, marks) {
    await page.click('#p-eyewear > summary');
    await page.fill('#marks', marks);
    await page.click('#p-eyewear form > button');
}
export async function hold(page, milliseconds = 1300) {
    const box = await page.locator('#arm').boundingBox();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.waitForTimeout(milliseconds);
    await page.mouse.up();
}
/** From the first page to STANDBY with nothing missing. */
export async function prepare(c, id = 'F-L', page = c.tech, kind = 'treatment') {
    await begin(c, page, kind);
    await state(page, 'STANDBY');
    await signOn(c, page);
    await zone(page, id);
    await eyewear(page, '755 OD7 M LB9');
    await until(page, () => document.querySelector('#missing .calm') !== null);
}
/** The supervisor's signature: what 'second' or 'reconcile' asks for. */
async function sign(page, what) {
    await page.evaluate(w => { for (const e of [document.getElementById('p-more'), document.querySelector(`details.sign:has(#pin-${w})`)]) e.open = true; }, what);
    await page.fill(`#who-${what}`, 'op:9');
    await page.fill(`#pin-${what}`, people['op:9'].pin);
    await page.click(`details.sign:has(#pin-${what}) form > button`);
}
/** A zone that was treated earlier today wants a second person, and a room that is still being proven takes the eyewear back. */
export async function prepareAgain(c, page, id = 'F-L') {
    const bad = () => page.evaluate(() => document.getElementById('missing').dataset.bad ?? '');
    if ((await bad()).includes('auth')) await signOn(c, page);
    await zone(page, id);
    for (let tries = 0; tries < 40; tries++) {
        if (await page.evaluate(() => document.querySelector('#missing .calm') !== null)) return;
        const missing = await page.evaluate(() => document.getElementById('missing').innerText);
        if (/second person/i.test(missing)) {
            await sign(page, 'second');
        } else if (/eyewear/i.test(missing) && !/door/i.test(missing)) {
            await eyewear(page, '755 OD7 M LB9');
        }
        await page.waitForTimeout(1000);
        await page.keyboard.press('Escape');
    }
    assert.fail('not prepared after 40 s\n' + await page.evaluate(() => document.querySelector('main').innerText));
}
export const reset = async page => {
    console.log('once more:', (await said(page)).split('\n').filter(Boolean)[0]);
    await page.click('#p-more > summary');
    await page.click('form:has(#fault) button');
    await state(page, 'STANDBY');
    await page.keyboard.press('Escape');
    const calm = milliseconds => until(page, () => document.querySelector('#missing .calm') !== null, null, milliseconds);
    if (!await calm(3000).catch(() => false)) { // too many faults: a supervisor signs
        await sign(page, 'reconcile');
        await page.waitForTimeout(500);
        await page.keyboard.press('Escape');
    }
    await calm();
};
/** READY. A machine too busy for a laser that wants a word every 100 ms faults; then it is reset, as a person would. */
export async function arm(page) {
    for (let tries = 0; tries < 5; tries++) {
        await hold(page);
        const came = await until(page, () => ['READY', 'FAULT'].find(s => s === document.getElementById('state').dataset.state), null, 8000).catch(() => ''); // '': the hold was not taken: once more
        if (came === 'READY') return;
        if (came) await reset(page);
    }
    assert.fail('no READY in five tries');
}
/** A foot until the zone has so many pulses, however often a busy machine lets the line fall silent; READY at its end. */
export async function fire(c, page, wanted) {
    await arm(page);
    for (;;) {
        c.now('foot down');
        await until(page, n => Number(document.querySelector('[data-count=zone_pulses]').textContent) >= n || document.getElementById('state').dataset.state === 'FAULT', wanted);
        c.now('foot up');
        if (await pulses(page) >= wanted) return;
        await reset(page);
        await arm(page);
    }
}
export const text = (page, where) => page.evaluate(w => document.querySelector(w).textContent, where);
export const said = page => page.evaluate(() => document.getElementById('said').innerText);
export const pulses = async (page, of = 'zone') => Number((await text(page, `[data-count=${of}_pulses]`)).replace(/\D/g, '') || 0);
export const heard = async (page, words, milliseconds) => until(page, w => document.getElementById('said').innerText.includes(w), words, milliseconds);
/** Everything a person needs is in sight, and nothing has to be scrolled. */
export async function fits(page) {
    const { width, height } = page.viewportSize();
    const out = await page.evaluate(([w, h]) => {
        const bad = [];
        if (document.documentElement.scrollHeight > h || document.documentElement.scrollWidth > w) bad.push(`page ${document.documentElement.scrollWidth} x ${document.documentElement.scrollHeight}`);
        for (const e of document.querySelectorAll('.session section, .session button, .session summary, .session td, .session dd, .session dt, .word, .digits')) {
            if (e.closest('details:not([open]) > div') || e.closest('[hidden]')) continue;
            const b = e.getBoundingClientRect();
            if (b.width && (b.left < 0 || b.top < 0 || b.right > w + 0.5 || b.bottom > h + 0.5)) bad.push(`${e.className || e.textContent} ${JSON.stringify(b)}`);
            if (e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflow === 'hidden' && e.clientWidth) bad.push(`cut: ${e.textContent}`);
        }
        return bad;
    }, [width, height]);
    if (out.length) await shot(page, 'session-does-not-fit');
    assert.deepEqual(out, [], `${width} x ${height}`);
}
/** Targets of 20 mm, digits of 8 mm, gaps of 5 mm. */
export async function gloved(page) {
    const bad = await page.evaluate(() => {
        const found = [];
        const targets = [...document.querySelectorAll('.session button, .session summary')].filter(e => !e.closest('details:not([open]) > div') && e.getClientRects().length);
        for (const e of targets) {
            const b = e.getBoundingClientRect();
            if (b.width < 75.5 || b.height < 75.5) found.push(`${e.textContent} ${b.width} x ${b.height}`);
        }
        for (const e of document.querySelectorAll('.l-set td, .digits')) if (parseFloat(getComputedStyle(e).fontSize) < 42) found.push(`digits ${e.textContent}`);
        return found;
    });
    assert.deepEqual(bad, []);
}
export const journal = (c, real) => c.fadeline(['journal', 'show', ...(real ? [] : ['--simulated']), '--json']).trim().split('\n').map(line => { const e = JSON.parse(line); return e.entry ?? e; });

/** The session's end, from the page; papers are there then. */
export async function close(c, page) {
    await page.goto(c.url + 'session/finish');
    await page.click('form:has([name=do][value=end]) button');
    await until(page, () => !document.querySelector('form [name=do][value=end]') && document.querySelector('main'), null, 20000);
}
/** The record against the laser's own counter, by the audit: to the pulse. How many pulses the counter counted. */
export function accounted(c) {
    const { devices } = JSON.parse(c.fadeline(['audit', '--simulated', '--from', DAY, '--to', DAY, '--json'])), line = devices[0];
    assert.equal(line.unexplained, 0, JSON.stringify(line));
    assert.equal(line.unexplained_absolute, 0, JSON.stringify(line));
    assert.equal(line.delta, line.treatment, JSON.stringify(line));
    return line.delta;
}

/** The control process of this session's laser; 0: there is none. */
export function controlOf(c) {
    for (const id of readdirSync('/proc').filter(n => /^\d+$/.test(n))) {
        try {
            const line = readFileSync(`/proc/${id}/cmdline`, 'utf8');
            if (line.includes('fadeline-control') && line.includes(c.port)) return Number(id);
        } catch { /* it ended meanwhile */ }
    }
    return 0;
}
