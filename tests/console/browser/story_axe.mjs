// Every page that a GET row of routes.h opens, in front of axe-core: both languages, both themes, and on three screens without
// scrolling sideways; one h1, its language, a focus that is seen, targets of 20 mm on what is touched with gloves. A new row of
// routes.h wants a line in PAGES or FILES; until it has one the first test says which.
import { test, live, clinic, shot, axe, inEvery, clean, assert, people, englishLeft } from './harness.mjs';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

const source = process.env.FL_SOURCE, build = process.env.FL_BUILD;
const DAY = '2026-05-31';

/** path of the row: [who looks, address ...]. An address is a string, or a function of the clinic that stands here. */
const PAGES = {
    '/': ['op:1', '/'],
    '/sign-in': [null, '/sign-in'],
    '/lasers': ['op:17', '/lasers'],
    '/laser/:id': ['op:17', '/laser/example-pico'],
    '/people': ['op:1', '/people'],
    '/service': ['op:1', '/service'],
    '/tablet': ['op:1', '/tablet'],
    '/pair': ['far', '/pair'],
    '/clients': ['op:17', '/clients'],
    '/client/:code': ['op:17', '/client/C-0001', '/client/C-0004'], // one that was opened, one that asks
    '/client/:code/progress': ['op:17', '/client/C-0001/progress'],
    '/photos/:code': ['op:17', '/photos/C-0001'],
    '/identity': ['op:17', '/identity'],
    '/identity/:code': ['op:17', '/identity/C-0777', '/identity/C-0778'], // one that was opened, one that asks
    '/tests/:name': ['op:17', '/tests/C-0004'],
    '/case': ['op:17', '/case'],
    '/case/:name': ['op:17', '/case/C-0001'],
    '/plans': ['op:17', '/plans'],
    '/plan/:id': ['op:17', c => `/plan/${c.plans[1]}`, c => `/plan/${c.plans[4]}`, c => `/plan/${c.plans[6]}`],
    '/month': ['op:1', '/month'],
    '/month/:month': ['op:1', '/month/2026-05'],
    '/day/:day': ['op:1', '/day/2026-05-13'],
    '/follow-ups': ['op:1', '/follow-ups'],
    '/record/:sid': ['op:17', '/record/7', '/record/1'], // one that was opened, one that asks
    '/entry/:index': ['op:1', '/entry/100'],
    '/entry/:log/:index': ['op:1', '/entry/1/100'],
    '/clinics': ['op:1', '/clinics'], // no hub here; with one: story_owner2
    '/clinics/:month': ['op:1', '/clinics/2026-05'],
    '/verify': ['op:1', '/verify'],
    '/exports/:month': ['op:1', '/exports/2026-05'],
    '/session': ['op:17', '/session'], // and while one runs: the test below
    '/session/finish': ['op:17', '/session/finish'],
    '/by-hand': ['op:17', '/by-hand'], // and while one runs: story_manual
};
/** Rows that are no page: files, streams, and a page that is gone when its work is done (story_plan looks at it). */
const FILES = ['/plan/:id/file/:name', '/plan/:id/refusal.pdf', '/record/:sid/paper', '/entry/:index/proof', '/verify/:file', '/live',
    '/session/:sid/client.pdf', '/session/:sid/next.ics', '/by-hand/seen', '/plans/work/:n', '/photos/:code/small/:photo', '/photos/:code/large/:photo'];
/** Pages that another story looks at, in both languages and themes as well. */
const ELSEWHERE = { '/photos/:code/one/:photo': 'story_photos', '/photos/:code/two/:photo/:other': 'story_photos' };

const SCREENS = [[1280, 800], [1920, 1080], [768, 1024]];

test('every GET row of routes.h is looked at', () => {
    const rows = [...readFileSync(join(source, 'src/console/routes.h'), 'utf8').matchAll(/X\(GET, +"([^"]+)"/g)].map(m => m[1]);
    assert(rows.length > 30);
    const known = [...Object.keys(PAGES), ...FILES, ...Object.keys(ELSEWHERE)];
    assert.deepEqual(rows.filter(r => !known.includes(r)), [], 'these rows have no line in story_axe.mjs');
    assert.deepEqual(known.filter(r => !rows.includes(r)), [], 'these lines have no row in routes.h any more');
});

/** The clinic of console_books.c, three cases with their plans, and a door for other devices. */
async function everything(t) {
    const c = await clinic(t, { date: DAY, args: home => {
        execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30', '-subj', '/CN=127.0.0.1',
            '-keyout', join(home, 'key.pem'), '-out', join(home, 'cert.pem')], { stdio: 'ignore' });
        return ['--listen', '127.0.0.1:0', '--cert', join(home, 'cert.pem'), '--key', join(home, 'key.pem')];
    } });
    const place = join(c.home, 'journal-simulated');
    rmSync(place, { recursive: true, force: true });
    execFileSync(join(build, 'tests', 'console_books'), [place, 'may'], { env: { ...c.env, TMPDIR: dirname(c.home) } });
    c.plans = {};
    for (const folder of ['cases', 'plans']) mkdirSync(join(c.home, folder), { recursive: true });
    for (const n of [1, 4, 6]) {
        cpSync(join(source, `profiles/cases/case-${n}.yaml`), join(c.home, 'cases', `C-000${n}.yaml`));
        const file = join(c.home, 'plan.json');
        c.fadeline(['plan', join(c.home, 'cases', `C-000${n}.yaml`), '--device', 'example-pico', '--out', file], { code: n === 6 ? 1 : 0 });
        c.plans[n] = JSON.parse(readFileSync(file, 'utf8')).plan_id;
        cpSync(file, join(c.home, 'plans', `${c.plans[n]}.json`));
    }
    for (const code of ['C-0777', 'C-0778'])
        c.fadeline(['clients', 'add', '--name', 'Zoë Exemple', '--born', '1980-01-01', '--contact', 'z@example.org', '--language', 'fr', '--code', code,
            '--who', 'op:17', '--simulated', '--date', DAY], { input: `${people['op:17'].pin}\n` });
    return c;
}

/** What is wrong with the page as it stands, beyond what axe-core knows. */
async function look(page) {
    const wrong = await page.evaluate(() => {
        const found = [], seen = e => e.getClientRects().length && getComputedStyle(e).visibility !== 'hidden' && !e.closest('details:not([open]) > :not(summary)');
        if (document.querySelectorAll('h1').length !== 1) found.push(`${document.querySelectorAll('h1').length} h1`);
        if (!/Fadeline/.test(document.title) || document.title.length < 12) found.push(`title ${document.title}`);
        // 20 mm on what is touched with gloves; a word within a sentence is not a target
        if (document.body.classList.contains('gloves'))
            for (const e of document.querySelectorAll('main :is(button, summary, input:not([type=hidden]), select, a)')) {
                const b = (e.closest('.choice label') ?? e).getBoundingClientRect();
                if (!seen(e) || e.type === 'checkbox' && e.closest('label') && e.closest('label').getBoundingClientRect().height >= 75.5) continue;
                if (e.localName === 'a' && !e.closest('.ways, .button') && e.closest('p, td, th, li, dd')) continue;
                if (b.height < 75.5 || b.width < 75.5) found.push(`target ${Math.round(b.width)} x ${Math.round(b.height)} px: ${e.outerHTML.slice(0, 120)}`);
            }
        return found;
    });
    const { width, height } = page.viewportSize();
    for (const [w, h] of SCREENS) {
        await page.setViewportSize({ width: w, height: h });
        const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        if (over > 0) wrong.push(`${over} px wider than a screen of ${w} x ${h}`);
    }
    await page.setViewportSize({ width, height });
    return wrong;
}

/** By keyboard: what has the focus shows it, with a line of 3 px at least around it or what stands for it. */
async function focus(page) {
    const wrong = [];
    await page.evaluate(() => { document.activeElement?.blur(); scrollTo(0, 0); });
    for (let n = 0; n < 40; n++) {
        await page.keyboard.press('Tab');
        const at = await page.evaluate(() => {
            const e = document.activeElement;
            if (!e || e === document.body) return null;
            const line = x => x ? parseFloat(getComputedStyle(x).outlineWidth) * (getComputedStyle(x).outlineStyle !== 'none') : 0;
            const b = e.getBoundingClientRect();
            return { thick: Math.max(line(e), line(e.nextElementSibling?.matches?.('.choice span') ? e.nextElementSibling : null)),
                out: b.bottom < 0 || b.top > innerHeight || b.right < 0, what: e.outerHTML.slice(0, 120) };
        });
        if (!at) break;
        if (at.thick < 3) wrong.push(`no line around the focus: ${at.what}`);
        if (at.out) wrong.push(`the focus is out of sight: ${at.what}`);
    }
    return wrong;
}

async function all(page, name, opened, found) {
    await inEvery(page, async (language, theme) => {
        await axe(page, `${name} ${language} ${theme}`).catch(error => found.push(error.message));
        if (theme === 'dark') found.push(...(await look(page)).map(w => `${name} ${language}: ${w}`));
        if (language === 'fr' && theme === 'light') {
            found.push(...(await englishLeft(page)).map(w => `${name}: English without a mark: ${w}`));
            found.push(...(await page.locator('main [lang=en]').allInnerTexts()).filter(w => w.trim() && w.trim() !== 'English').map(w => `${name}: English on a French page: ${w}`));
            await shot(page, `axe-fr-${opened}`, true);
        }
    });
    found.push(...(await focus(page)).map(w => `${name}: ${w}`));
}

test('no page has a serious finding', { timeout: 840000 }, async t => {
    const c = await everything(t), found = [];
    const pages = {};
    const only = new RegExp(process.env.FL_AXE ?? ''); // by hand: FL_AXE=client looks at these rows alone
    for (const [row, [who, ...addresses]] of Object.entries(PAGES).filter(([path]) => only.test(path))) {
        if (!pages[who]) {
            pages[who] = await c.page({ ignoreHTTPSErrors: who === 'far' });
            if (who in people) await c.signIn(pages[who], who);
        }
        const page = pages[who];
        if (['/client/:code', '/record/:sid', '/identity/:code'].includes(row)) { // opened once, so that both faces of the page are seen
            await page.goto(c.url.replace(/\/$/, '') + addresses[0]);
            await page.click('main form button');
            await page.waitForLoadState('load');
        }
        for (const [n, address] of addresses.entries()) {
            const at = typeof address === 'function' ? address(c) : address;
            const response = await page.goto((who === 'far' ? c.far : c.url).replace(/\/$/, '') + at);
            assert(response.status() < 400, `${at}: ${response.status()}`);
            await all(page, at, row.replace(/^\//, '').replace(/[/:]+/g, '-') + (n ? `-${n}` : '') || 'home', found);
        }
        clean(page);
    }
    assert.equal(found.length, 0, `\n${found.join('\n')}`);
});

// The screen of a session that runs, with what control said, and its end.
live('a session has no serious finding, and speaks French', async t => {
    const c = await clinic(t, { date: DAY }), found = [];
    mkdirSync(join(c.home, 'plans'), { recursive: true });
    execFileSync(join(build, 'tests', 'plan_maker'), [join(c.home, 'plans', 'plan.json'), DAY, '20'], { env: c.env });
    const port = await c.twin('when hello +0.2 prove\n');
    const page = await c.page();
    await c.signIn(page, 'op:17');
    await page.goto(c.url + 'session');
    await all(page, '/session begins', 'session-begins', found);
    await page.check('[name=plan]', { force: true });
    await page.fill('[name=port]', port);
    await page.check('[name=kind][value=treatment]', { force: true });
    await page.click('main form > button');
    const state = word => page.waitForSelector(`#state[data-state="${word}"]`, { timeout: 30000 });
    await state('STANDBY');
    const box = await page.locator('#arm').boundingBox(); // refused, with every reason
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.waitForTimeout(1300);
    await page.mouse.up();
    await page.waitForSelector('#said li');
    await all(page, '/session', 'session', found);
    for (const panel of await page.locator('.session details > summary:visible').all()) {
        await panel.click();
        await axe(page, `/session ${await panel.innerText()}`).catch(error => found.push(error.message));
        found.push(...(await englishLeft(page)).map(w => `/session: English without a mark: ${w}`));
        await page.keyboard.press('Escape');
    }
    await page.goto(c.url + 'session/finish');
    await all(page, '/session/finish', 'session-finish', found);
    clean(page);
    assert.equal(found.length, 0, `\n${found.join('\n')}`);
});
