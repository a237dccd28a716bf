// Zones drawn with finger, pen or mouse. What is drawn becomes the line of text in the zone's row; what a line means, its
// area and its edge, the server says (POST /case/shape): here nothing is decided. Without this script the lines are typed.
(() => {
    const draw = document.querySelector('.draw'), tools = draw?.querySelector('.draw-tools');
    if (!draw) return;
    const comma = document.documentElement.lang === 'fr' ? ',' : '.';
    const token = document.querySelector('meta[name="token"]').content;
    const NS = 'http://www.w3.org/2000/svg', FEATHER = '0.75,0.5';
    const by = id => document.getElementById(id);
    const number = (id, otherwise) => Number(by(id).value.replace(',', '.')) || otherwise;
    const zoneSelect = by('draw-zone'), scaleInput = document.querySelector('[name=picture_scale]');
    const views = [...draw.querySelectorAll('.view')].map(figure => ({
        name: figure.dataset.view, x: Number(figure.dataset.x), y: Number(figure.dataset.y), own: figure.dataset.half === '1' ? 0.5 : 1, svg: figure.querySelector('svg'),
        layer: null,
    }));
    let tool = '', current = 0, stroke = null, known = null, sheetScale = 1;
    const history = [], byHand = new Set(), answers = new Map();

    // ---- rows of the table ----

    const field = (row, key) => document.querySelector(`[name="zones-${row}-${key}"]`);
    const rows = () => [...document.querySelectorAll('table.zones tbody tr')].map((_, n) => n).filter(n => field(n, 'shape'));
    const line = row => field(row, 'shape').value.trim();
    const spareRow = () => rows().find(n => !field(n, 'id').value.trim() && !line(n));

    function put(row, text, hand = true) {
        history.push([row, line(row), field(row, 'area_cm2').value]);
        field(row, 'shape').value = text;
        if (text) field(row, 'area_cm2').value = ''; // a drawing has its own
        if (hand && text) byHand.add(row); else byHand.delete(row);
        show();
    }

    function listZones() {
        zoneSelect.replaceChildren(...rows().map(n => {
            const option = document.createElement('option');
            option.value = n;
            option.textContent = field(n, 'id').value.trim() || `${n + 1}: –`;
            return option;
        }));
        zoneSelect.value = current;
    }

    // ---- lines of text and shapes ----

    const pairs = text => text.trim().split(/\s+/).map(pair => pair.split(',').map(Number));
    function parse(text) {
        const [, kind, rest] = /^(circle|polygon|strip|band):(.*)$/s.exec(text) ?? [];
        if (!kind) return null;
        if (kind === 'circle') {
            const [diameter, centre] = rest.split('@');
            return { kind, diameter: Number(diameter), points: pairs(centre ?? '0,0') };
        }
        const shape = { kind, points: [] };
        for (const part of rest.trim().split(/\s+/)) {
            const [key, value] = part.split('=');
            if (value === undefined) shape.points.push(key.split(',').map(Number));
            else shape[key] = value;
        }
        return shape.points.every(p => p.length === 2 && p.every(Number.isFinite)) ? shape : null;
    }
    const tenth = value => String(Math.round(value * 10) / 10);
    function write(shape) {
        const points = shape.points.map(p => p.map(tenth).join(','));
        if (shape.kind === 'circle') return `circle:${tenth(shape.diameter)}@${points[0]}`;
        return `${shape.kind}:${points.join(' ')}` + ['width', 'keep', 'feather'].filter(key => shape[key]).map(key => ` ${key}=${shape[key]}`).join('');
    }

    const far = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);
    const length = points => points.slice(1).reduce((sum, p, i) => sum + far(points[i], p), 0);
    // The server's formula, for the moment until it has answered.
    function roughly(shape) {
        const { kind, points } = shape;
        if (kind === 'circle') return Math.PI * shape.diameter ** 2 / 400;
        if (kind !== 'polygon') return length(points) * Number(shape.width) / 100;
        return Math.abs(points.reduce((sum, p, i) => { const q = points[(i + 1) % points.length]; return sum + p[0] * q[1] - p[1] * q[0]; }, 0)) / 200;
    }
    function simplify(points, tolerance) { // Ramer, Douglas, Peucker
        const first = points[0], last = points[points.length - 1];
        let worst = 0, at = 0;
        points.forEach((p, i) => {
            const l = far(first, last);
            const d = l < 1e-9 ? far(first, p) : Math.abs((last[0] - first[0]) * (first[1] - p[1]) - (first[0] - p[0]) * (last[1] - first[1])) / l;
            if (d > worst) [worst, at] = [d, i];
        });
        if (worst <= tolerance || points.length < 3) return [first, last];
        return [...simplify(points.slice(0, at + 1), tolerance).slice(0, -1), ...simplify(points.slice(at), tolerance)];
    }
    function fewer(points, most) {
        let tolerance = 0.4, few = simplify(points, tolerance);
        while (few.length > most) few = simplify(points, tolerance *= 1.5);
        return few;
    }
    // A hand that draws around something runs past where it began: what is over is left off.
    function closed(points) {
        const total = length(points);
        let best = points.length - 1, least = Infinity, walked = 0;
        for (let i = 1; i < points.length; i++) {
            walked += far(points[i - 1], points[i]);
            if (walked > 0.6 * total && far(points[i], points[0]) < least) [least, best] = [far(points[i], points[0]), i];
        }
        return least < Math.max(3, 0.08 * total) ? points.slice(0, best) : points;
    }

    // ---- pictures and the plane ----

    const scaleOf = view => view.name === 'sheet' ? sheetScale : view.own * number(scaleInput.id, 1);
    const toPlane = (view, p) => [view.x + p[0] * scaleOf(view), view.y - p[1] * scaleOf(view)];
    const toPicture = (view, p) => [(p[0] - view.x) / scaleOf(view), (view.y - p[1]) / scaleOf(view)];
    function pointAt(view, event) {
        const box = view.svg.viewBox.baseVal, p = new DOMPoint(event.clientX, event.clientY).matrixTransform(view.svg.getScreenCTM().inverse());
        return toPlane(view, [Math.min(Math.max(p.x, box.x), box.x + box.width), Math.min(Math.max(p.y, box.y), box.y + box.height)]);
    }
    function viewOf(shape) {
        const xs = shape.points.map(p => p[0]), ys = shape.points.map(p => p[1]);
        const x = (Math.min(...xs) + Math.max(...xs)) / 2, y = (Math.min(...ys) + Math.max(...ys)) / 2;
        return views.find(v => v.name !== 'sheet' && Math.abs(x - v.x) <= 200 && Math.abs(y - v.y) <= 200) ?? views.find(v => v.name === 'sheet');
    }
    const shown = () => views.find(view => view.name === draw.querySelector('[name=view]:checked').value);

    function make(parent, name, attributes, text) {
        const made = document.createElementNS(NS, name);
        for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
        if (text) made.textContent = text;
        parent.append(made);
        return made;
    }
    const path = (view, points, close) => 'M' + points.map(p => toPicture(view, p).map(v => v.toFixed(2)).join(' ')).join('L') + (close ? 'Z' : '');
    function teeth(view, parent, shape) {
        const side = shape.keep === 'left' ? 1 : -1;
        const points = shape.points.map(p => toPicture(view, p));
        let walked = 2.5;
        for (let i = 0; i + 1 < points.length; i++) {
            const [a, b] = [points[i], points[i + 1]], l = far(a, b), u = [(b[0] - a[0]) / l, (b[1] - a[1]) / l];
            for (; walked <= l; walked += 5) {
                const p = [a[0] + walked * u[0], a[1] + walked * u[1]];
                make(parent, 'line', { class: 'tooth', x1: p[0], y1: p[1], x2: p[0] + side * u[1] * 3.5, y2: p[1] - side * u[0] * 3.5 });
            }
            walked -= l;
        }
    }
    function drawShape(row) {
        const shape = parse(line(row)), answer = answers.get(line(row));
        if (!shape || !shape.points.length) return;
        const view = viewOf(shape), now = row === current, group = make(view.layer, 'g', { class: now ? 'drawn now' : 'drawn' });
        const locked = document.querySelector(`[name="zones-${row}-locked"]`).checked;
        const edge = answer?.outline ?? (shape.kind === 'polygon' ? shape.points : null);
        if (edge?.length > 1) make(group, 'path', { class: locked ? 'shape locked' : 'shape', d: path(view, edge, true) });
        if (shape.kind === 'band' || !edge) make(group, 'path', { class: 'keep', d: path(view, shape.points, false) });
        if (shape.kind === 'band') teeth(view, group, shape);
        const all = edge ?? shape.points, xs = all.map(p => p[0]), ys = all.map(p => p[1]);
        const middle = toPicture(view, [(Math.min(...xs) + Math.max(...xs)) / 2, (Math.min(...ys) + Math.max(...ys)) / 2]);
        const high = (Math.max(...ys) - Math.min(...ys)) / scaleOf(view);
        const id = field(row, 'id').value.trim(), fields = [...draw.querySelectorAll('a[data-zone]')].filter(a => a.dataset.zone === id);
        if (locked && edge) make(group, 'path', { class: 'over', fill: `url(#hatch-${view.name})`, d: path(view, edge, true) });
        for (const a of fields) if (answer?.area_cm2 && !locked && a.querySelector('.below')) a.querySelector('.below').textContent = `${answer.area_cm2.toFixed(1).replace('.', comma)} cm²`;
        if (edge && !fields.some(a => view.svg.contains(a))) make(group, 'text', { class: 'name', x: middle[0], y: high < 14 ? middle[1] - high / 2 - 3 : middle[1] + 3, 'text-anchor': 'middle' }, id.length > 16 ? id.slice(0, 15) + '…' : id);
        if (now && tool && shape.points.length <= 60)
            for (const p of shape.points) { const [cx, cy] = toPicture(view, p); make(group, 'circle', { class: 'corner', cx, cy, r: 1.8 }); }
    }

    // ---- what is on the screen ----

    function say(shape, answer) {
        const area = answer?.area_cm2 ?? (shape ? roughly(shape) : NaN), wrong = by('draw-wrong');
        by('draw-area').textContent = Number.isFinite(area) && !answer?.fault ? (answer ? '' : '≈ ') + area.toFixed(2).replace('.', comma) : '–';
        wrong.hidden = !answer?.fault || !(shape?.points.length > (shape?.kind === 'polygon' ? 2 : 1));
        wrong.lang = answer?.lang ?? 'en';
        wrong.textContent = answer?.fault ? `${answer.fault}: ${answer.hint}` : '';
    }
    function show() {
        for (const view of views) {
            view.layer?.remove();
            view.layer = make(view.svg, 'g', {});
        }
        for (const row of rows()) if (line(row)) { drawShape(row); ask(row); }
        if (known) make(known.view.layer, 'path', { class: 'known', d: path(known.view, known.points, false) });
        const text = line(current);
        say(parse(text), answers.get(text));
        draw.classList.toggle('drawing', tool !== '' && tool !== 'hours');
    }
    let asked = new Set();
    async function ask(row) {
        const text = line(row);
        if (answers.has(text) || asked.has(text)) return;
        asked.add(text);
        const answer = await fetch('/case/shape', { method: 'POST', body: new URLSearchParams({ token, line: text }) }).catch(() => null);
        asked.delete(text);
        if (!answer?.ok) return; // the page says ≈ until it is kept
        answers.set(text, await answer.json());
        if (line(row) === text) show();
    }

    // ---- tools ----

    function startOf(kind) {
        const shape = { kind, points: [] };
        if (kind === 'band') Object.assign(shape, { width: tenth(number('draw-width', 12)), keep: 'left', feather: by('draw-feather').checked ? FEATHER : '' });
        if (kind === 'strip') shape.width = tenth(number('draw-scar', 20));
        return shape;
    }
    const shapeNow = kind => {
        const shape = parse(line(current));
        return shape?.kind === kind ? shape : startOf(kind);
    };
    // Which side of a line a place lies on, and how far from it.
    function besides(points, p) {
        let least = Infinity, left = false;
        for (let i = 0; i + 1 < points.length; i++) {
            const [a, b] = [points[i], points[i + 1]], d = [b[0] - a[0], b[1] - a[1]];
            const t = Math.min(1, Math.max(0, ((p[0] - a[0]) * d[0] + (p[1] - a[1]) * d[1]) / (d[0] ** 2 + d[1] ** 2)));
            const l = far(p, [a[0] + t * d[0], a[1] + t * d[1]]);
            if (l < least) [least, left] = [l, d[0] * (p[1] - a[1]) - d[1] * (p[0] - a[0]) > 0];
        }
        return { far: least, left };
    }
    // The keep line of a hairline: what stays lies, as people draw it, above.
    function sideOf(points) {
        return points[points.length - 1][0] >= points[0][0] ? 'left' : 'right';
    }
    function finish(view, points, tapped) {
        if (tool === 'known') {
            known = { view, points: known?.points.length === 1 && tapped ? [known.points[0], points[0]] : tapped ? points : [points[0], points[points.length - 1]] };
            return show();
        }
        if (tool === 'remove') {
            const band = parse(line(current));
            if (band?.kind !== 'band' || tapped) return;
            const away = points.map(p => besides(band.points, p)), width = away.reduce((sum, a) => sum + a.far, 0) / away.length;
            band.width = tenth(Math.max(0.1, width));
            band.keep = away.filter(a => a.left).length * 2 > away.length ? 'right' : 'left';
            by('draw-width').value = band.width.replace('.', comma);
            return put(current, write(band));
        }
        if (!['polygon', 'band', 'strip'].includes(tool)) return;
        const shape = tapped ? shapeNow(tool) : startOf(tool);
        if (tapped && shape.points.length && viewOf(shape) !== view) shape.points = [];
        shape.points = tapped ? [...shape.points, points[0]] : fewer(tool === 'polygon' ? closed(points) : points, 120);
        if (tool === 'band' && shape.points.length > 1 && !tapped) shape.keep = sideOf(shape.points);
        put(current, write(shape));
    }
    function cornerNear(view, event) {
        const shape = parse(line(current));
        if (!shape || shape.kind !== tool || viewOf(shape) !== view || shape.points.length > 60) return -1;
        const pixels = view.svg.getScreenCTM().a / scaleOf(view), p = pointAt(view, event), reach = event.pointerType === 'mouse' ? 10 : 22;
        let best = -1, least = reach / pixels;
        shape.points.forEach((q, i) => { if (far(p, q) < least) [least, best] = [far(p, q), i]; });
        return best;
    }
    for (const view of views) {
        const preview = () => {
            show();
            if (stroke.points.length > 1) make(view.layer, 'path', { class: 'stroke', d: path(view, stroke.points, false) });
            const rough = { ...startOf(tool), points: stroke.points };
            if (['polygon', 'band', 'strip'].includes(tool)) say(rough, null);
        };
        view.svg.addEventListener('pointerdown', event => {
            if (!tool || tool === 'hours' || !event.isPrimary || event.button) return;
            event.preventDefault();
            view.svg.setPointerCapture(event.pointerId);
            stroke = { view, corner: cornerNear(view, event), points: [pointAt(view, event)], from: [event.clientX, event.clientY], moved: 0 };
        });
        view.svg.addEventListener('pointermove', event => {
            if (stroke?.view !== view || !event.isPrimary) return;
            for (const each of event.getCoalescedEvents?.() ?? [event]) {
                const p = pointAt(view, each);
                if (far(p, stroke.points[stroke.points.length - 1]) > 0.5) stroke.points.push(p);
            }
            stroke.moved = Math.max(stroke.moved, far(stroke.from, [event.clientX, event.clientY]));
            if (stroke.corner < 0) return preview();
            const shape = parse(line(current));
            shape.points[stroke.corner] = stroke.points[stroke.points.length - 1];
            if (!stroke.kept) stroke.kept = history.push([current, line(current), field(current, 'area_cm2').value]);
            field(current, 'shape').value = write(shape);
            show();
        });
        view.svg.addEventListener('pointerup', event => {
            if (stroke?.view !== view || !event.isPrimary) return;
            const { corner, points, moved } = stroke;
            stroke = null;
            if (corner < 0) finish(view, points, moved < 8);
            else show();
        });
        // a page that begins to scroll takes the finger away in the middle of a line
        for (const kind of ['touchstart', 'touchmove'])
            view.svg.addEventListener(kind, event => { if (tool && tool !== 'hours' && event.cancelable) event.preventDefault(); }, { passive: false });
        view.svg.addEventListener('pointercancel', () => { stroke = null; show(); });
        // a finger that waits, or a field that is a link, must not become a menu or a thing that is dragged
        for (const kind of ['contextmenu', 'dragstart']) view.svg.addEventListener(kind, event => { if (tool) event.preventDefault(); });
        view.svg.addEventListener('click', event => { if (tool && tool !== 'hours') { event.preventDefault(); event.stopPropagation(); } }, true);
    }

    // ---- what the buttons do ----

    function choose(row) {
        current = row;
        known = null;
        listZones();
        const shape = parse(line(row));
        if (shape?.kind === 'band') by('draw-width').value = String(shape.width).replace('.', comma), by('draw-feather').checked = Boolean(shape.feather);
        if (shape?.kind === 'strip') by('draw-scar').value = String(shape.width).replace('.', comma);
        show();
    }
    function take(name) {
        tool = tool === name ? '' : name;
        for (const button of tools.querySelectorAll('[data-tool]')) button.setAttribute('aria-pressed', String(button.dataset.tool === tool));
        for (const part of tools.querySelectorAll('[data-for]')) part.hidden = !part.dataset.for.split(' ').includes(tool);
        if (tool === 'hours') draw.querySelector('[name=view][value=areola]').checked = true;
        show();
    }
    function change(kind, edit) {
        const shape = parse(line(current));
        if (shape?.kind !== kind) return;
        edit(shape);
        put(current, write(shape), byHand.has(current));
    }
    // What was measured is so long: the picture grows, and with it what was drawn on it at this sitting.
    function useKnown() {
        const mm = number('draw-known', 0);
        if (known?.points.length !== 2 || !(mm > 0)) return by('draw-known').focus();
        const by_ = mm / far(...known.points), sheet = known.view.name === 'sheet', grown = number(scaleInput.id, 1) * by_;
        if (!sheet && !(grown >= 0.2 && grown <= 5)) return by('draw-known').focus();
        for (const row of byHand) {
            const shape = parse(line(row)), view = shape && viewOf(shape);
            if (!shape || (view.name === 'sheet') !== sheet) continue;
            shape.points = shape.points.map(p => [view.x + (p[0] - view.x) * by_, view.y + (p[1] - view.y) * by_]);
            field(row, 'shape').value = write(shape);
        }
        if (sheet) sheetScale *= by_;
        else scaleInput.value = String(Math.round(grown * 1000) / 1000).replace('.', comma);
        known = null;
        history.length = 0;
        show();
    }
    // Beside the keep line, a spot's width away and as deep as a hand: the plan keeps its distance to what is locked.
    function lockBehind() {
        const band = parse(line(current)), row = spareRow();
        if (band?.kind !== 'band' || row === undefined) return;
        const side = band.keep === 'left' ? 1 : -1, at = distance => band.points.map((p, i, all) => {
            const a = all[Math.max(0, i - 1)], b = all[Math.min(all.length - 1, i + 1)], l = far(a, b);
            return [p[0] - side * distance * (b[1] - a[1]) / l, p[1] + side * distance * (b[0] - a[0]) / l];
        });
        const edge = fewer(at(5), 60), first = edge[0], last = edge[edge.length - 1];
        const back = at(35), corners = [back[back.length - 1], back[0]];
        const name = field(current, 'id').value.trim().replace(/-?BAND$/, '') || 'F';
        field(row, 'id').value = `${name}-KEEP`;
        document.querySelector(`[name="zones-${row}-locked"]`).checked = true;
        field(row, 'why').value = tools.dataset.why;
        put(row, write({ kind: 'polygon', points: far(first, last) > 1 ? [...edge, ...corners] : edge }));
        listZones();
    }
    function hours(side) {
        const view = views.find(v => v.name === 'areola'), from = Number(by('draw-from').value), to = Number(by('draw-to').value);
        const outer = number('draw-outer', 45) / 2, inner = number('draw-inner', 0) / 2, span = ((to - from + 12) % 12 || 12) / 12;
        const x = view.x + (side === 'L' ? 62 : -62) * scaleOf(view), whole = span === 1;
        const id = whole ? `ARE-${side}` : `ARE-${side}-${from}-${to}`;
        const row = rows().find(n => field(n, 'id').value.trim() === id) ?? (field(current, 'id').value.trim() && !/^ARE-/.test(field(current, 'id').value) ? spareRow() : current);
        if (row === undefined) return;
        const arc = (radius, n) => Array.from({ length: n + 1 }, (_, i) => {
            const angle = (from / 12 + span * i / n) * 2 * Math.PI;
            return [x + radius * Math.sin(angle), view.y + radius * Math.cos(angle)];
        });
        const steps = Math.ceil(span * 90);
        field(row, 'id').value = id;
        current = row;
        put(row, write(whole ? { kind: 'circle', diameter: 2 * outer, points: [[x, view.y]] }
            : { kind: 'polygon', points: inner > 0 && inner < outer ? [...arc(outer, steps), ...arc(inner, steps).reverse()] : [...arc(outer, steps), [x, view.y]] }));
        listZones();
    }
    const acts = {
        undo() {
            const last = history.pop();
            if (!last) return;
            [field(last[0], 'shape').value, field(last[0], 'area_cm2').value] = [last[1], last[2]];
            current = last[0];
            listZones();
            show();
        },
        clear() { if (line(current)) put(current, ''); },
        swap() { change('band', shape => { shape.keep = shape.keep === 'left' ? 'right' : 'left'; }); },
        behind: lockBehind, known: useKnown,
        'hours-L': () => hours('L'), 'hours-R': () => hours('R'),
    };
    tools.addEventListener('click', event => {
        const button = event.target.closest('button');
        if (button?.dataset.tool) take(button.dataset.tool);
        if (button?.dataset.do) acts[button.dataset.do]();
    });
    by('draw-width').addEventListener('change', () => change('band', shape => { shape.width = tenth(number('draw-width', 12)); }));
    by('draw-feather').addEventListener('change', () => change('band', shape => { shape.feather = by('draw-feather').checked ? FEATHER : ''; }));
    by('draw-scar').addEventListener('change', () => change('strip', shape => { shape.width = tenth(number('draw-scar', 20)); }));
    by('draw-known').addEventListener('keydown', event => { if (event.key === 'Enter') { event.preventDefault(); useKnown(); } });
    scaleInput.addEventListener('change', show);
    zoneSelect.addEventListener('change', () => choose(Number(zoneSelect.value)));

    // A touch on a field of a picture chooses its zone; one that has no row yet gets the first free one.
    for (const link of draw.querySelectorAll('svg a[data-zone]'))
        link.addEventListener('click', event => {
            event.preventDefault();
            if (tool && tool !== 'hours') return;
            let row = rows().find(n => field(n, 'id').value.trim() === link.dataset.zone);
            if (row === undefined && (row = spareRow()) !== undefined) field(row, 'id').value = link.dataset.zone;
            if (row === undefined) return;
            choose(row);
            field(row, 'area_cm2').focus({ preventScroll: true });
        });
    document.querySelector('table.zones').addEventListener('focusin', event => {
        const row = /^zones-(\d+)-/.exec(event.target.name ?? '')?.[1];
        if (row !== undefined && Number(row) !== current) choose(Number(row));
    });
    document.querySelector('table.zones').addEventListener('input', event => {
        const [, row, key] = /^zones-(\d+)-(\w+)$/.exec(event.target.name ?? '') ?? [];
        if (key === 'shape') byHand.delete(Number(row));
        if (key === 'id') listZones();
        show();
    });

    for (const drawn of draw.querySelectorAll('svg .drawn')) drawn.remove(); // the server's: from here on they change
    tools.hidden = false;
    choose(rows().find(n => line(n)) ?? 0);
})();
