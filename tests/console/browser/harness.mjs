// A clinic of its own for one browser test: a home in a temporary folder, people with PINs, `fadeline console` on a free
// port, a simulated laser when asked, and Chromium in front of it.
//
//     import { test, clinic, shot, axe } from './harness.mjs';
//     test('a technician signs in', async t => {
//         const c = await clinic(t, { date: '2026-05-04' });
//         const page = await c.page();
//         await c.signIn(page, 'op:17');
//         await shot(page, 'home');
//         await axe(page);
//     });
//
// Everything is stopped and removed when the test ends, however it ends. FL_BUILD is the build folder, FL_SOURCE the source
// tree, FL_SHOTS where the pictures go (kept: people look at them).
import { spawn, execFileSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

// The two packages stand in the build folder, where npm put them: a source tree stays as it was.
const build = process.env.FL_BUILD, source = process.env.FL_SOURCE;
assert(build && source, 'FL_BUILD and FL_SOURCE must name the build folder and the source tree');
const require = createRequire(join(build, 'tests', 'browser', 'package.json'));
const { chromium } = require('playwright-core');
const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
export const shots = process.env.FL_SHOTS ?? join(build, 'tests', 'browser', 'shots');
mkdirSync(shots, { recursive: true });

import { test } from 'node:test';
export { test };

/** A story with a laser in it, which stands down when this machine is late for 40 ms: sanitizers and a browser on two processors can
 *  be. Such a run says nothing of the page, so the story is told again, at most three times, and says so. The journal decides. The story gets what ends things, and the test. */
export function live(name, story) {
    test(name, async t => {
        for (let turn = 1;; turn++) {
            const ends = [], here = { after: end => ends.push(end) };
            try {
                return await story(here, t);
            } catch (error) {
                const late = /link-lost|journal-not-ready|record was durable/.test(here.clinic?.fadeline(['journal', 'show', '--simulated', '--json']) ?? '');
                if (!late || turn === 3) throw error;
                t.diagnostic(`turn ${turn}: the machine was late for the laser; again`);
            } finally {
                for (const end of ends.reverse()) await end();
            }
        }
    });
}
export { assert };

export const people = {
    'op:17': { pin: '493027', role: 'operator' },
    'op:9': { pin: '801246', role: 'supervisor' },
    'op:1': { pin: '275904', role: 'owner' },
};

// Resolves with the first line of a program's output for which pick(line) is true; rejects when the program leaves first.
function firstLine(child, name, pick, milliseconds = 30000) {
    return new Promise((resolve, reject) => {
        const late = setTimeout(() => reject(new Error(`${name} said nothing in ${milliseconds} ms`)), milliseconds);
        createInterface({ input: child.stdout }).on('line', line => {
            if (pick(line)) { clearTimeout(late); resolve(line); }
        });
        child.once('exit', code => { clearTimeout(late); reject(new Error(`${name} left with ${code}: ${child.said ?? ''}`)); });
        child.stderr?.on('data', data => { child.said = (child.said ?? '') + data; });
    });
}

async function stop(child) {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise(resolve => child.once('exit', resolve));
    child.kill('SIGTERM');
    const hard = setTimeout(() => child.kill('SIGKILL'), 8000);
    await gone;
    clearTimeout(hard);
}

/** A clinic with people, and a console in front of it. options: date, args (further words of the console, or a function of the home that
 *  gives them), who (names of `people`). real: the clinic's own journal, not the simulated one.
 *  nice: its priority, below 0 before others; not everybody may ask for that. names: of other hosts that are this machine too. */
export async function clinic(t, options = {}) {
    const home = mkdtempSync(join(tmpdir(), 'fl-b-'));
    const env = { ...process.env, FADELINE_HOME: home, FADELINE_DATA: source, PATH: `${build}:${process.env.PATH}` };
    const children = [];
    let browser;
    t.after(async () => {
        await browser?.close();
        for (const child of children.reverse()) await stop(child);
        rmSync(home, { recursive: true, force: true });
    });
    const c = {
        home, env,
        /** Runs `fadeline` with these words and gives back what it printed; throws when it leaves with another code. */
        fadeline(words, { input, code = 0, home: at = home } = {}) {
            try {
                const said = execFileSync(join(build, 'fadeline'), words, { env: { ...env, FADELINE_HOME: at }, input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] });
                assert.equal(0, code, said);
                return said;
            } catch (error) {
                if (error.status !== code) throw new Error(`fadeline ${words.join(' ')}: ${error.status}\n${error.stdout}${error.stderr}`);
                return error.stdout;
            }
        },
        /** A simulated laser; script: events of its room, one a line. Returns the port. */
        async twin(script, { device = 'example-pico', seed = 17, words = [] } = {}) {
            const port = join(home, 'laser');
            const { writeFileSync } = await import('node:fs');
            writeFileSync(join(home, 'room.txt'), script);
            const child = spawn(join(build, 'fadeline-twin'),
                ['--device', device, '--pty', port, '--state', join(home, 'laser.state'), '--script', join(home, 'room.txt'), '--seed', String(seed), ...words],
                { env, stdio: ['ignore', 'pipe', 'pipe'] });
            children.push(child);
            await firstLine(child, 'the simulated laser', line => line.startsWith('ready'));
            c.laser = child;
            return port;
        },
        async page({ width = 1280, height = 800, ...context } = {}) {
            browser ??= await chromium.launch({ executablePath: process.env.FL_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', ...(options.names ? [`--host-resolver-rules=${options.names.map(name => `MAP ${name} 127.0.0.1`).join(',')}`] : [])] });
            const opened = await browser.newContext({ viewport: { width, height }, ...context });
            const page = await opened.newPage();
            page.setDefaultTimeout(15000);
            // A page that throws, or asks for something that its own policy forbids, is a fault wherever it happens.
            page.faults = [];
            page.on('pageerror', error => page.faults.push(String(error)));
            page.on('console', message => { if (message.type() === 'error' && !/status of (4\d\d|503)/.test(message.text())) page.faults.push(message.text()); });
            await page.goto(c.url);
            return page;
        },
        async signIn(page, who) {
            await page.goto(c.url + 'sign-in');
            await page.fill('[name=who]', who);
            await page.fill('[name=pin]', people[who].pin);
            await page.click('main form > button');
        },
    };
    /** The console of this day; of another day it is another console, at another address, on the same books. */
    c.open = async date => {
        await stop(c.console);
        // nice: control inherits it, as a machine that conducts a laser has nothing else to do.
        c.console = spawn('nice',
            ['-n', String(options.nice ?? 0), join(build, 'fadeline'), 'console', '--port', '0', '--json', ...(options.real ? [] : ['--simulated']), ...(date ? ['--date', date] : []),
                ...(typeof options.args === 'function' ? options.args(home) : options.args ?? [])],
            { env, stdio: ['ignore', 'pipe', 'pipe'] });
        children.push(c.console);
        ({ url: c.url, far: c.far } = JSON.parse(await firstLine(c.console, 'fadeline console', line => line.startsWith('{'))));
    };
    t.clinic = c;
    for (const who of options.who ?? ['op:1', 'op:9', 'op:17'])
        addPerson(c, who);
    await c.open(options.date);
    return c;
}

// The first is an owner, who signs for the others. People stand in the real journal, also beside simulated lasers.
function addPerson(c, who) {
    const { pin, role } = people[who];
    const signer = c.owner ? ['--by', c.owner] : [];
    c.fadeline(['people', 'add', who, '--role', role, '--until', '2028-05-31', ...signer],
        { input: `${c.owner ? `${people[c.owner].pin}\n` : ''}${pin}\n` });
    if (role === 'owner') c.owner ??= who;
}

/** A picture of the page, kept under this name. */
export async function shot(page, name, whole = false) {
    await page.screenshot({ path: join(shots, `${name}.png`), fullPage: whole });
}

/** No finding of axe-core that is serious or critical. */
export async function axe(page, where = page.url()) {
    // The page's own policy forbids foreign scripts, as it should: the checker comes in through the debugger.
    await page.evaluate(axeSource + ';0');
    const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
    const bad = violations.filter(v => v.impact === 'serious' || v.impact === 'critical')
        .map(v => `${v.id}: ${v.help}\n    ${v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join('\n    ')}`);
    assert.equal(bad.length, 0, `${where}\n  ${bad.join('\n  ')}`);
}

/** This page in that language and theme. */
export async function screen(page, language, theme) {
    if (await page.getAttribute('html', 'lang') !== language) await page.click('.screen button[name=language]');
    if (await page.getAttribute('html', 'data-theme') !== theme) await page.click('.screen button[name=theme]');
    assert.equal(await page.getAttribute('html', 'lang'), language);
    assert.equal(await page.getAttribute('html', 'data-theme'), theme);
}

/** Calls look(language, theme) with the page in both languages and both themes. */
export async function inEvery(page, look) {
    for (const theme of ['dark', 'light'])
        for (const language of ['en', 'fr']) {
            await screen(page, language, theme);
            await look(language, theme);
        }
}

/** Pages did nothing that they may not. */
export function clean(page) {
    assert.deepEqual(page.faults, []);
}

/** Sentences of a French page that are English and do not say so (`lang="en"`): text with two words that only English has.
 *  `lang=""` is what a person typed, in whatever language. */
export async function englishLeft(page) {
    return page.evaluate(() => {
        const only = /\b(the|of|is|are|was|were|and|with|not|has|have|this|that|which|there|than|before|after|from|until|only|zone is|no longer|must|may|will|to|by|at|be|it|its|for)\b/gi;
        const found = [], walk = document.createTreeWalker(document.querySelector('body'), NodeFilter.SHOW_TEXT);
        for (let node = walk.nextNode(); node; node = walk.nextNode()) {
            const text = node.data.trim();
            if (node.parentElement.closest('script, style, code, [lang=en], [lang=""]')) continue;
            if ((text.match(only) ?? []).length >= 2) found.push(text.slice(0, 160));
        }
        for (const e of document.querySelectorAll('[aria-label], [title], [alt], [placeholder]'))
            for (const name of ['aria-label', 'title', 'alt', 'placeholder'])
                if ((e.getAttribute(name)?.match(only) ?? []).length >= 2 && !e.closest('[lang=en]')) found.push(`${name}: ${e.getAttribute(name).slice(0, 160)}`);
        return found;
    });
}
