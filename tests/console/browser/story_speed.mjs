// How late the screen is: from control's tick to the paint in the browser, for every state of a session that arms and fires.
// It prints figures (bound: 150 ms) and fails for no figure: a busy machine is no fault of the page.
import { live, assert } from './harness.mjs';
import { room, prepare, fire, until, state } from './room.mjs';

/** Wraps what the page itself does with a status: after its handler ran, the next frame is drawn; a message behind it comes when
 *  that frame has been handed on. `mono_us` is the monotonic clock, which performance.now() shares but for its origin. */
function watchPaint() {
    const add = EventSource.prototype.addEventListener;
    globalThis.painted = [];
    EventSource.prototype.addEventListener = function (kind, take, ...rest) {
        const then = kind !== 'status' ? take : function (event) {
            const came = performance.now();
            take.call(this, event);
            const { mono_us, state } = JSON.parse(event.data), handled = performance.now();
            requestAnimationFrame(function () {
                const { port1, port2 } = new MessageChannel();
                port1.onmessage = () => painted.push([mono_us / 1000, came, handled, performance.now(), state]);
                port2.postMessage(0);
            });
        };
        return add.call(this, kind, then, ...rest);
    };
}

/** Milliseconds of the monotonic clock at which performance.now() of this page was 0; the tightest of many tries, and how tight. */
async function origin(page) {
    let best = { width: Infinity };
    const now = () => Number(process.hrtime.bigint()) / 1e6; // CLOCK_MONOTONIC, as control has it
    for (let i = 0; i < 200; i++) {
        const before = now(), there = await page.evaluate(() => performance.now()), width = now() - before;
        if (width < best.width) best = { width, at: before + width / 2 - there };
    }
    return best;
}
const share = (sorted, part) => sorted[Math.floor((sorted.length - 1) * part)].toFixed(1);

live('from the tick to the paint', async (t, told) => {
    const c = await room(t, { pulses: 200 }), page = c.tech;
    await page.addInitScript(watchPaint);
    await prepare(c);
    const { at, width } = await origin(page);
    await page.evaluate(() => { painted.length = 0; });
    await fire(c, page, 60);
    await page.keyboard.press('Escape');
    await state(page, 'STANDBY');
    const rows = await until(page, () => painted.length >= 100 && painted, null, 20000);
    const paint = rows.map(([tick, , , drawn]) => drawn + at - tick).sort((a, b) => a - b);
    const wire = rows.map(([tick, came]) => came + at - tick).sort((a, b) => a - b);
    const work = rows.map(([, came, handled]) => handled - came).sort((a, b) => a - b);
    assert.ok(paint[0] > -width && paint[0] < 1000, `clocks do not agree: ${paint[0]}`);
    for (const [what, of] of [['tick to the page', wire], ['the page\'s own work', work], ['tick to the paint', paint]])
        told.diagnostic(`${what}: p50 ${share(of, 0.5)} ms, p95 ${share(of, 0.95)} ms, p99 ${share(of, 0.99)} ms, most ${share(of, 1)} ms (n ${of.length}, clocks within ${(width / 2).toFixed(2)} ms)`);
});
