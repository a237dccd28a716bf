// An attack page: other origins, open beside the console in the same signed-in browser, try everything that a page can do to
// another. Everything is refused and nothing reaches the journal. test_gate attacks the bytes; here a browser makes them.
import { test, clinic, shot, assert, people } from './harness.mjs';
import { createServer, request } from 'node:http';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const DAY = '2026-05-04';
/** Forms as the console's own pages send them, but for the token, which another origin cannot know. */
const acts = {
    '/service': { dev: 'SIM-00042', old: '1', new: '2', doc: 'S-1', token: 'TOKEN' },
    '/tablet': { token: 'TOKEN' },
    '/exports': { month: '2026-05', kind: 'pdf', token: 'TOKEN' },
    '/record': { pat: 'C-0001', to: '/', token: 'TOKEN' },
    '/screen': { language: 'fr', to: '/', token: 'TOKEN' },
    '/sign-out': { token: 'TOKEN' },
    '/session/start': { plan: 'plan.json', port: '/dev/ttyUSB0', kind: 'treatment', token: 'TOKEN' },
    '/session/order': { do: 'arm', page: '00112233445566778899aabbccddeeff', token: 'TOKEN' },
    '/session/standby': { script: '1' }, // it needs no token and no sign-in: only our own origin
};

/** Pages of the attacker: one that is empty, the rest is done in it by the test. The same server answers all its names. */
async function attacker(t) {
    const server = createServer((ask, answer) => {
        answer.setHeader('Content-Type', 'text/html; charset=utf-8');
        answer.end('<!doctype html><title>another site</title><h1>Win a prize</h1><iframe name="hole" width="900" height="500"></iframe>');
    });
    await new Promise(ready => server.listen(0, '127.0.0.1', ready));
    t.after(() => new Promise(gone => { server.close(gone); server.closeAllConnections(); }));
    return server.address().port;
}

const files = folder => readdirSync(folder).flatMap(name => statSync(join(folder, name)).isDirectory() ? files(join(folder, name)) : [join(folder, name)]);
/** Every file of the home, but for what a reader may touch. */
function fingerprint(home) {
    const hash = createHash('sha256');
    for (const file of files(home).sort()) if (!/lock|laser/.test(file)) hash.update(file).update(readFileSync(file));
    return hash.digest('hex');
}

/** Runs in the attacker's page. Each answers with what it learned; what was asked for is seen outside. */
const ways = {
    form: ({ to, fields, type }) => {
        const form = document.createElement('form');
        form.method = 'post'; form.action = to; form.enctype = type; form.target = 'hole';
        for (const [name, value] of Object.entries(fields)) {
            const input = document.createElement('input');
            input.name = name; input.value = value;
            form.append(input);
        }
        document.body.append(form);
        form.submit();
    },
    /** text/plain that reads like a form: the = of the name is swallowed. */
    smuggle: ({ to }) => {
        const form = document.createElement('form');
        form.method = 'post'; form.action = to; form.enctype = 'text/plain'; form.target = 'hole';
        form.innerHTML = '<input name="script=1&do=arm&x" value="y">';
        document.body.append(form);
        form.submit();
    },
    get: ({ to }) => {
        const form = document.createElement('form');
        form.action = to; form.target = 'hole';
        form.innerHTML = '<input name="do" value="arm">';
        document.body.append(form);
        form.submit();
    },
    blind: ({ to, body }) => fetch(to, { method: 'POST', mode: 'no-cors', credentials: 'include', body: new URLSearchParams(body) }).then(r => r.type, String),
    read: ({ to }) => fetch(to, { credentials: 'include' }).then(r => r.text(), String),
    json: ({ to }) => fetch(to, { method: 'POST', credentials: 'include', headers: { 'Content-Type': 'application/json', 'Fadeline-Token': 'x' }, body: '{"do":"arm"}' }).then(r => r.text(), String),
    put: ({ to }) => fetch(to, { method: 'PUT', credentials: 'include', body: 'x' }).then(r => r.text(), String),
    keepalive: ({ to }) => fetch(to, { method: 'POST', mode: 'no-cors', credentials: 'include', keepalive: true, body: new Blob(['do=arm'], { type: 'text/plain' }) }).then(r => r.type, String),
    beacon: ({ to }) => void navigator.sendBeacon(to, new URLSearchParams({ script: '1' })),
    image: ({ to }) => new Promise(done => { const e = new Image(); e.onload = () => done(`${e.width}`); e.onerror = () => done('no'); e.src = to; }),
    script: ({ to }) => new Promise(done => { const e = document.createElement('script'); e.onload = () => done('ran'); e.onerror = () => done('no'); e.src = to; document.head.append(e); }),
    module: ({ to }) => import(to).then(() => 'ran', () => 'no'),
    style: ({ to }) => new Promise(done => { const e = document.createElement('link'); e.rel = 'stylesheet'; e.onload = () => done('read'); e.onerror = () => done('no'); e.href = to; document.head.append(e); }),
    object: ({ to }) => new Promise(done => { const e = document.createElement('object'); e.onload = () => done('shown'); e.onerror = () => done('no'); e.data = to; document.body.append(e); }),
    frame: ({ to }) => new Promise(done => { const e = document.createElement('iframe'); e.id = 'framed'; e.width = 900; e.height = 500; e.style.opacity = '.5'; e.onload = () => done('loaded'); e.src = to; document.body.prepend(e); }),
    events: ({ to }) => new Promise(done => { const e = new EventSource(to, { withCredentials: true }); e.onmessage = e.onopen = () => done('open'); e.addEventListener('status', () => done('status')); e.onerror = () => { e.close(); done('no'); }; }),
    socket: ({ to }) => new Promise(done => { const e = new WebSocket(to.replace('http', 'ws')); e.onopen = () => done('open'); e.onerror = () => done('no'); }),
    ping: ({ to }) => { const e = document.createElement('a'); e.href = '#x'; e.ping = to; document.body.append(e); e.click(); },
    prefetch: ({ to }) => { const e = document.createElement('link'); e.rel = 'prefetch'; e.href = to; document.head.append(e); },
    worker: ({ to }) => { try { new Worker(to); return 'began'; } catch (error) { return String(error); } },
};

/** One attacker's tab, and what the console answered to it. */
async function besiege(c, signedIn, origin) {
    const tab = await signedIn.context().newPage(), seen = [];
    const ours = (request, status) => { if (request.url().startsWith(c.url)) seen.push([request.method(), new URL(request.url()).pathname, status]); };
    tab.on('response', answer => ours(answer.request(), answer.status()));
    tab.on('requestfailed', request => ours(request, request.failure().errorText)); // the browser let the page have nothing of the answer
    await tab.goto(origin);
    const learned = [];
    const go = async (way, what) => {
        const before = seen.length;
        const answer = await Promise.race([tab.evaluate(ways[way], what), new Promise(late => setTimeout(late, 800, 'late'))]).catch(String);
        for (let i = 0; i < 5 && seen.length === before; i++) await tab.waitForTimeout(20); // what was not asked for was stopped by the browser
        learned.push([way, what.to.slice(c.url.length - 1), answer]);
    };
    for (const [path, fields] of Object.entries(acts)) {
        const to = c.url + path.slice(1);
        for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain']) await go('form', { to, fields, type });
        await go('blind', { to, body: fields });
    }
    for (const path of ['session/order', 'session/standby']) for (const way of ['smuggle', 'get', 'json', 'put', 'keepalive', 'beacon', 'ping', 'image']) await go(way, { to: c.url + path });
    for (const path of ['', 'people', 'live', 'assets/session.js'])
        for (const way of ['read', 'image', 'script', 'module', 'style', 'object', 'frame', 'prefetch', 'worker']) await go(way, { to: c.url + path });
    for (const way of ['events', 'socket']) await go(way, { to: c.url + 'live' });
    return { tab, seen, learned };
}

/** Whoever asks without a browser: a stolen token, with and without its cookie. Resolves with status. */
const ask = (c, path, headers, body) => new Promise((done, failed) => {
    const asked = request(c.url + path, { method: 'POST', headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': Buffer.byteLength(body), ...headers } },
        answer => { answer.resume(); answer.on('end', () => done(answer.statusCode)); });
    asked.on('error', failed);
    asked.end(body);
});
const tokenOf = (page, action) => page.evaluate(a => document.querySelector(`form[action="${a}"] [name=token]`).value, action);

test('an attack page of another origin is refused, whatever it tries', async t => {
    const c = await clinic(t, { date: DAY, names: ['evil.test', 'rebound.test'] });
    const page = await c.page(), port = await attacker(t), own = new URL(c.url).port;
    await c.signIn(page, 'op:1');
    await page.goto(c.url + 'service');
    const before = fingerprint(c.home);
    let refused = 0, tried = 0;
    // The same host with another port shares our cookies; localhost is another name of this machine; evil.test another site.
    for (const origin of [`http://127.0.0.1:${port}/`, `http://localhost:${port}/`, `http://evil.test:${port}/`]) {
        const { tab, seen, learned } = await besiege(c, page, origin);
        const passed = seen.filter(([, , status]) => typeof status === 'number' && status < 400);
        assert.deepEqual(passed, [], `${origin}: the console answered`);
        assert.ok(seen.length >= 60, `${origin}: only ${seen.length} requests reached the console: this test proves little`);
        for (const [way, where, answer] of learned) {
            const told = `${origin} ${way} ${where}: ${answer}`;
            assert.ok(!['open', 'status', 'ran', 'read', 'shown'].includes(answer), told);
            assert.ok(!/Fadeline|op:1|<html/.test(answer ?? ''), told);
        }
        // What a frame of ours shows there: a sentence of the browser, nothing of ours.
        const framed = tab.frames().filter(f => f !== tab.mainFrame());
        for (const frame of framed) assert.doesNotMatch(await frame.content().catch(() => ''), /name="token"|Signed in/, `${origin} frames ${frame.url()}`);
        if (origin.includes('evil')) await shot(tab, 'attack-frames');
        // A window of ours with an opener: it says no, and nothing of it can be reached.
        const popup = page.context().waitForEvent('page');
        await tab.evaluate(to => { window.w = window.open(to + 'session'); }, c.url);
        const opened = await popup;
        await opened.waitForLoadState().catch(() => { });
        assert.doesNotMatch(await opened.content(), /name="token" content="[^"]+"[\s\S]*Signed in/, `${origin}: a window`);
        const reached = await tab.evaluate(() => { try { return window.w.closed ? 'closed' : String(window.w.document.title); } catch { return 'no'; } });
        assert.ok(['closed', 'no'].includes(reached), `${origin}: ${reached}`);
        await opened.close();
        await tab.close();
        refused += seen.length;
        tried += learned.length + 1;
        assert.equal(fingerprint(c.home), before, `${origin}: something was written`);
    }
    // Rebinding: the attacker's name now points at us.
    const rebound = await page.context().newPage();
    const at = await rebound.goto(`http://rebound.test:${own}/`);
    assert.equal(at.status(), 421);
    assert.equal(await rebound.evaluate(async () => (await fetch('/session/standby', { method: 'POST', body: new URLSearchParams({ script: '1' }) })).status), 421);
    await rebound.close();
    // The tab of the person is as it was: signed in, in English, its token unused.
    await page.click('.screen [name=theme]');
    assert.match(await page.evaluate(() => document.querySelector('.who').innerText), /Signed in: op:1/);
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'en');
    t.diagnostic(`${tried} attacks from three origins, ${refused} requests reached the console and were refused`);
});

test('a stolen token is worth nothing elsewhere, and nothing twice', async t => {
    const c = await clinic(t, { date: DAY });
    const page = await c.page(), port = await attacker(t), host = new URL(c.url).host, origin = new URL(c.url).origin;
    await c.signIn(page, 'op:17');
    await page.goto(c.url + 'case');
    const token = await tokenOf(page, '/case'), set = await tokenOf(page, '/sign-out');
    const form = { name: 'case-9', do: 'save' }, before = fingerprint(c.home);
    const cookie = (await page.context().cookies(c.url)).map(k => `${k.name}=${k.value}`).join('; ');
    const body = new URLSearchParams({ ...form, token }).toString(), out = new URLSearchParams({ token: set }).toString();
    const statuses = {
        'without its cookie': await ask(c, 'case', { Host: host, Origin: origin }, body),
        'with its cookie, of another port': await ask(c, 'case', { Host: host, Origin: `http://127.0.0.1:${port}`, Cookie: cookie }, body),
        'with its cookie, without Origin': await ask(c, 'case', { Host: host, Cookie: cookie }, body),
        'with its cookie, Origin null': await ask(c, 'case', { Host: host, Origin: 'null', Cookie: cookie }, body),
        'for another act': await ask(c, 'sign-out', { Host: host, Origin: 'http://evil.test', Cookie: cookie }, out),
        'a set token for an act': await ask(c, 'case', { Host: host, Origin: origin, Cookie: cookie }, new URLSearchParams({ ...form, token: set }).toString()),
        'one byte off': await ask(c, 'case', { Host: host, Origin: origin, Cookie: cookie }, body.replace(token, (token[0] === 'a' ? 'b' : 'a') + token.slice(1))),
    };
    for (const [how, status] of Object.entries(statuses)) assert.ok(status >= 400 && status < 500, `${how}: ${status}`);
    // In a tab of another origin of the same browser: the cookie goes along, the token is right, the origin is not.
    const tab = await page.context().newPage(), seen = [];
    tab.on('response', r => { if (r.url().startsWith(c.url)) seen.push(r.status()); });
    await tab.goto(`http://127.0.0.1:${port}/`);
    await tab.evaluate(ways.form, { to: c.url + 'case', fields: { ...form, token }, type: 'application/x-www-form-urlencoded' });
    await tab.evaluate(ways.blind, { to: c.url + 'case', body: { ...form, token } });
    await tab.waitForTimeout(300);
    assert.ok(seen.length && seen.every(status => status === 403), String(seen)); // the answer to no-cors is withheld from the page, and from us
    assert.equal(fingerprint(c.home), before, 'something was written');
    // It is still the person's own: used once, and then used up.
    assert.ok([200, 303, 422].includes(await ask(c, 'case', { Host: host, Origin: origin, Cookie: cookie }, body)), 'the person\'s own request passes');
    assert.equal(await ask(c, 'case', { Host: host, Origin: origin, Cookie: cookie }, body), 409, 'a second time');
});

test('after signing out nothing comes back from history or cache', async t => {
    const c = await clinic(t, { date: DAY });
    const page = await c.page();
    await c.signIn(page, 'op:1');
    for (const at of ['people', 'month', 'verify']) await page.goto(c.url + at);
    await page.click('.who form button');
    for (let back = 0; back < 5; back++) {
        await page.goBack().catch(() => { });
        assert.doesNotMatch(await page.content(), /Signed in:/, page.url());
    }
    const cached = await page.evaluate(async () => {
        const found = [];
        for (const at of ['/people', '/month', '/verify']) {
            const answer = await fetch(at, { cache: 'only-if-cached', mode: 'same-origin' }).catch(() => null);
            if (answer?.ok) found.push(at);
        }
        return [...found, ...await caches.keys(), ...Object.keys(localStorage)];
    });
    assert.deepEqual(cached, []);
    assert.equal((await page.evaluate(async () => (await fetch('/live')).status)), 401);
});
