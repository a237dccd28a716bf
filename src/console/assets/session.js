/* The session's screen comes alive: the stream of states, holding to arm, the heart that keeps it armed, sounds, and
 * STOP from anywhere. It decides nothing: every order is a request to the control process, whose word is shown. */
"use strict";
(function () {
    const root = document.getElementById("session");
    const setToken = document.querySelector('meta[name="token"]').content;
    const french = document.documentElement.lang === "fr";
    const dash = "–";
    /* This tab, also after a change of language: what armed may be drawn anew and still be the one that armed. */
    const page = sessionStorage.page ??= Array.from(crypto.getRandomValues(new Uint8Array(16)), b => b.toString(16).padStart(2, "0")).join("");
    const find = id => document.getElementById(id);
    const words = key => document.querySelector(`#words [data-word="${key}"]`)?.textContent ?? "";

    /* ---- numbers, as page_number makes them ---- */

    const group = digits => digits.replace(/\B(?=(\d{3})+$)/g, french ? "\u202f" : ",");
    function number(value, decimals) {
        if (value === undefined || !Number.isFinite(value)) return dash;
        const [whole, rest] = value.toFixed(decimals).split(".");
        return (whole.length < 5 ? whole : group(whole)) + (rest ? (french ? "," : ".") + rest : "");
    }
    const count = value => value === undefined ? dash : group(String(value));
    function put(element, text) { if (element && element.textContent !== text) element.textContent = text; }

    /* ---- orders ---- */

    function post(path, fields) {
        return fetch(path, { method: "POST", body: new URLSearchParams(fields), cache: "no-store" });
    }
    async function order(form, submitter) {
        const fields = new FormData(form, submitter);
        fields.set("script", "1");
        fields.set("page", page);
        for (const input of form.querySelectorAll('input[type="password"]')) input.value = ""; /* a PIN does not stay */
        try {
            const response = await post(form.getAttribute("action"), fields);
            const next = response.headers.get("Fadeline-Token");
            if (next) form.elements.token.value = next;
            if (response.status === 401 || response.status === 403) return { ok: 0, text: document.querySelector(".looks")?.textContent ?? "", again: true };
            return await response.json();
        } catch {
            return { ok: 0, text: words("S_LATE") };
        }
    }

    /* STOP waits for nothing and nobody, and needs no sign-in. */
    let arming = false; /* from the press until control has answered */
    let stopped = false; /* meanwhile */
    function stop() {
        stopped = true;
        sound("stop");
        halt();
    }
    function halt() {
        post("/session/standby", { script: "1" }).catch(function () { });
    }

    /* ---- sounds: on by the first touch ---- */

    let audio = null;
    function wakeSound() {
        audio ??= new AudioContext();
        if (audio.state === "suspended") audio.resume();
        const chip = find("sound");
        if (chip) chip.hidden = true;
    }
    function beep(at, from, to, length, loud, shape) {
        const tone = audio.createOscillator(), gain = audio.createGain(), t = audio.currentTime + at;
        tone.type = shape ?? "sine";
        tone.frequency.setValueAtTime(from, t);
        tone.frequency.linearRampToValueAtTime(to, t + length);
        gain.gain.setValueAtTime(0, t);
        gain.gain.linearRampToValueAtTime(loud, t + 0.005);
        gain.gain.setValueAtTime(loud, t + length - 0.01);
        gain.gain.linearRampToValueAtTime(0, t + length);
        tone.connect(gain).connect(audio.destination);
        tone.start(t);
        tone.stop(t + length);
    }
    const sounds = {
        arm() { beep(0, 660, 660, 0.16, 0.3); beep(0.22, 880, 880, 0.2, 0.3); },
        ready() { beep(0, 990, 990, 0.3, 0.3); },
        pulse() { beep(0, 1700, 1500, 0.025, 0.35, "square"); },
        tone() { beep(0, 740, 740, 0.35, 0.3); },
        stop() { beep(0, 520, 240, 0.5, 0.35); },
        fault() { for (const at of [0, 0.3, 0.6]) beep(at, 300, 300, 0.2, 0.4, "square"); },
    };
    const heard = {}; /* how often: tests ask, a person never sees it */
    function sound(name) {
        heard[name] = (heard[name] ?? 0) + 1;
        if (root) root.dataset.heard = JSON.stringify(heard);
        if (audio && audio.state === "running") sounds[name]();
    }

    /* ---- forms ---- */

    /* Before console.js, which would hold a form that stays on its page for one that was sent. */
    document.addEventListener("submit", async function (event) {
        const form = event.target, action = form.getAttribute("action");
        if (action === "/session/standby") {
            event.preventDefault();
            event.stopPropagation();
            return stop();
        }
        if (action !== "/session/order") return;
        event.preventDefault();
        event.stopPropagation();
        if (form.dataset.busy) return;
        form.dataset.busy = "yes";
        const what = form.elements.do.value, pressed = event.submitter;
        const answer = await order(form, pressed);
        delete form.dataset.busy;
        if (answer.again) return location.reload();
        if (root) showAnswer(form, what, answer);
        else showNote(form, what, answer, pressed);
    }, true);

    function showAnswer(form, what, answer) {
        if (answer.ok) form.closest("details.panel")?.removeAttribute("open");
        if (what === "near-miss" && answer.ok) say({ kind: "note", text: words("S_SAVED").replace("%s", count(status.ctr)) });
        else if (!answer.type) say(answer); /* ours; what control answered comes by the stream */
    }
    function showNote(form, what, answer, pressed) {
        if (what === "end" && answer.ok) return location.reload();
        const told = form.querySelector(".told");
        if (told) {
            told.classList.toggle("no-good", !answer.ok);
            put(told, answer.ok ? "✓" : answer.text + (answer.hint ? " – " + answer.hint : ""));
        }
        if (!answer.ok || !pressed?.name) return;
        for (const button of form.querySelectorAll("button[name]")) button.setAttribute("aria-pressed", String(button === pressed));
    }
    for (const pad of document.querySelectorAll(".pad"))
        pad.addEventListener("click", function (event) {
            const key = event.target.dataset?.key, field = find(pad.dataset.for);
            if (key === undefined) return;
            field.value = key ? field.value + key : "";
        });

    for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, wakeSound, { passive: true, capture: true });
    if (!root) {
        document.addEventListener("keydown", function (event) { if (event.key === "Escape" && find("stop")) stop(); });
        return;
    }

    /* ---- what control says ---- */

    const ARMED = ["ARMING", "READY", "OPENING", "EMIT", "GAP", "CLOSING"];
    let status = {}, heardAt = performance.now() - Number(root.dataset.age), shown = find("state").dataset.state, ended = false;
    let armedHere = sessionStorage.armed === "yes";
    const claim = armed => { armedHere = armed; sessionStorage.armed = armed ? "yes" : "no"; };
    const isArmed = () => ARMED.includes(shown);
    const stateWord = state => document.querySelector(`#words [data-state="${state}"]`);

    function showState(state) {
        const section = find("state"), word = stateWord(state) ?? stateWord("LOST");
        let note = word.dataset.note;
        if (state === "ARMING") note = note.replace("%s", number((status.ready_in_ms ?? 0) / 1000, 1));
        put(section.querySelector(".word"), word.textContent);
        put(section.querySelector(".note"), note);
        if (section.dataset.state === state && shown === state) return;
        const was = shown;
        section.dataset.state = shown = state;
        document.body.classList.toggle("armed", isArmed());
        if (state === "ARMING") sound("arm");
        else if (state === "READY" && was === "ARMING") sound("ready");
        else if (state === "FAULT" || state === "ESTOP") sound("fault");
        else if (ARMED.includes(was) && !isArmed()) sound("stop");
        if (isArmed()) for (const open of document.querySelectorAll("details.panel[open]:not(#p-near)")) open.open = false;
        if (!isArmed() && ARMED.includes(was)) claim(false);
    }

    /* Somebody else signed in at the laser, or out: then other orders stand on this screen. */
    function showOwner() {
        const own = !status.operator || status.operator === root.dataset.who;
        if (root.dataset.orders === "1" && own !== (root.dataset.own === "1")) location.reload();
    }

    function showSettings() {
        for (const cell of document.querySelectorAll("[data-v]")) {
            const [side, key] = cell.dataset.v.split(".");
            const value = status[side]?.[key], planned = status.planned?.[key];
            put(cell, number(value === undefined ? undefined : value / cell.dataset.scale, Number(cell.dataset.decimals)));
            const off = side === "measured" && value !== undefined && planned > 0 &&
                (key === "spot_um" ? value !== planned : Math.abs(value / planned - 1) > 0.2);
            cell.classList.toggle("off", off);
        }
    }
    function showCounts() {
        for (const cell of document.querySelectorAll("[data-count]")) put(cell, count(status[cell.dataset.count]));
        for (const bar of document.querySelectorAll("[data-bar]")) {
            const done = status[bar.dataset.bar + "_pulses"] ?? 0, budget = status[bar.dataset.bar + "_budget"];
            bar.max = budget > 0 ? budget : 1;
            bar.value = Math.min(done, bar.max);
            bar.parentElement.classList.toggle("over", budget > 0 && done >= 0.9 * budget);
        }
    }

    /* The page's own buttons know the sides of the plan's zones: one place reads ids, and it is not here. */
    function side(zone) {
        const words = document.querySelector(`#p-zone button[value="${CSS.escape(zone)}"] span`)?.textContent;
        return words ? " · " + words : "";
    }
    function fact(id, text, off) {
        const cell = document.querySelector(`[data-fact="${id}"]`);
        put(cell, text || dash);
        cell?.classList.toggle("off", Boolean(off));
    }
    function contact(id, state, good) { fact(id, state ? words("ROOM_" + state) : "", state && state !== good); }
    /* Door, stop and covers in one word: the worst of them. */
    function interlock(room) {
        if (!room.door || !room.stop || !room.covers) return "";
        if (room.door === "open" || room.stop === "pressed" || room.covers === "open") return "open";
        return room.door === "unproven" || room.stop === "unproven" ? "unproven" : "closed";
    }
    const verdicts = { pass: "S_CHECK_PASS", warn: "S_CHECK_WARN" };
    function showFacts() {
        const room = status.room ?? {}, check = status.check;
        const fires = ["OPENING", "EMIT", "GAP"].includes(status.state);
        fact("zone", status.zone ? status.zone + side(status.zone) : "");
        for (const field of document.querySelectorAll(".map [data-zone]")) { /* where we are, and how far */
            const here = field.dataset.zone === status.zone, below = field.querySelector(".below");
            field.querySelector(".zone").classList.toggle("now", here);
            if (here) put(below, count(status.zone_pulses) + " / " + count(status.zone_budget));
        }
        fact("client", status.client);
        fact("eyewear", status.eyewear);
        fact("operator", status.operator);
        fact("device", status.device);
        contact("aim", room.aim, "on");
        contact("cooling", room.cooling, "good");
        contact("interlock", interlock(room), "closed");
        contact("key", room.key, "on");
        contact("foot", room.foot, fires ? "down" : "up");
        fact("check", check ? check.day + " " + words(verdicts[check.verdict] ?? "S_CHECK_LOCK") : words("S_NEVER_CHECKED"), check && !check.good);
    }
    function showMissing() {
        const list = find("missing"), bad = status.bad ?? [], key = bad.join(" ");
        if (list.dataset.bad === key) return;
        list.dataset.bad = key;
        list.replaceChildren(...(bad.length ? bad : [""]).map(function (name) {
            const line = document.createElement("li");
            line.textContent = name ? words("BAD_" + name) || name : words("S_ALL_GOOD");
            line.classList.toggle("calm", !name);
            return line;
        }));
    }
    /* The step that is next is marked, so that nobody has to search. */
    function showNext() {
        const bad = new Set(status.bad ?? []);
        const steps = [["sign", "auth", status.operator], ["zone", "plan", status.zone], ["eyewear", "eyewear", status.eyewear]];
        let next = steps.find(step => bad.has(step[1]));
        for (const step of steps) {
            const panel = find("p-" + step[0]);
            panel?.classList.toggle("done", !bad.has(step[1]));
            panel?.classList.toggle("next", !isArmed() && step === next);
        }
        const marks = find("marks"), nm = status.planned?.wl_nm;
        if (marks && nm && /^\d* ?$/.test(marks.value) && document.activeElement !== marks) marks.value = nm + " ";
        const fault = find("fault");
        if (fault) fault.value = status.fault ?? 0;
        const arm = find("arm");
        if (arm) arm.disabled = shown !== "STANDBY";
    }

    let pulses;
    function takeStatus(data) {
        const next = JSON.parse(data);
        heardAt = performance.now();
        status = next;
        ended = false;
        showState(status.state);
        showOwner();
        showSettings();
        showCounts();
        showFacts();
        showMissing();
        showNext();
        showAge();
        if (pulses !== undefined && status.session_pulses > pulses) alive();
        pulses = status.session_pulses;
        if (root.dataset.first === undefined) root.dataset.first = "yes";
    }

    /* Older than a heartbeat is said; older than two seconds is unknown. */
    function showAge() {
        const quiet = performance.now() - heardAt, age = (status.age_ms ?? 0) + (quiet > 300 ? quiet : 0);
        put(find("age"), age > 1000 ? words("S_AGE").replace("%s", number(age / 1000, 1)) : "");
        if (quiet > 2000 && !ended && shown !== "LOST") {
            showState("LOST");
            forget();
        }
    }
    /* What nobody says any more is not known any more. */
    function forget() {
        for (const cell of document.querySelectorAll('[data-v^="measured"]')) {
            put(cell, dash);
            cell.classList.remove("off");
        }
        for (const id of ["aim", "cooling", "interlock", "key", "foot"]) fact(id, dash);
        if (find("arm")) find("arm").disabled = true;
    }

    /* ---- what was said ---- */

    /* Control speaks English; what of it is known in French stands beside it. */
    function paragraph(text, kind, foreign, known) {
        const p = document.createElement("p");
        if (kind) p.className = kind;
        if (foreign && french && !known) p.lang = "en";
        p.textContent = french && known ? known : text;
        return p;
    }
    function say(message) {
        const line = document.createElement("li"), list = find("said");
        line.dataset.kind = message.kind ?? (message.ok === 0 ? "answer-no" : message.type ?? "note");
        const foreign = message.type !== undefined;
        line.append(paragraph(message.text || message.code || "", "", foreign, message.fr?.text));
        (message.reasons ?? []).forEach((reason, n) => { if (n) line.append(paragraph(reason.replace(/^[a-z0-9-]+: /, ""), "", foreign, message.fr?.reasons?.[n])); });
        if (message.hint) line.append(paragraph(message.hint, "todo", foreign, message.fr?.hint));
        list.prepend(line);
        while (list.children.length > 12) list.lastElementChild.remove();
        list.parentElement.scrollTop = 0;
    }
    function takeEvent(data) {
        const message = JSON.parse(data);
        if (message.kind === "pulse") return sound("pulse");
        if (message.kind === "tone" && message.code !== "ready") sound("tone");
        say(message);
    }

    let stream;
    function listen() {
        stream?.close();
        stream = new EventSource("/live?last=" + encodeURIComponent(root.dataset.mark));
        const on = (kind, take) => stream.addEventListener(kind, function (event) {
            if (event.lastEventId) root.dataset.mark = event.lastEventId; /* where another stream goes on */
            take(event.data);
        });
        on("status", takeStatus);
        on("event", takeEvent);
        on("answer", data => say(JSON.parse(data)));
        stream.addEventListener("lost", () => location.reload());
        stream.addEventListener("bye", function (event) {
            if (JSON.parse(event.data).code === "elsewhere") return event.target.close(); /* other tabs of ours look on; this one says no contact */
            const bye = JSON.parse(event.data);
            ended = true;
            showState(bye.exit ? "BROKEN" : "ENDED"); /* by itself, or by a person's word */
            forget();
            say(bye);
            if (!bye.exit) find("p-more")?.setAttribute("open", ""); /* the way to the papers; why it broke is behind that panel */
        });
        /* The browser comes back by itself with the last mark, unless it was told off. */
        stream.onerror = function () {
            if (stream.readyState === EventSource.CLOSED && !document.hidden) setTimeout(listen, 1000);
        };
    }
    listen();
    /* A browser has six lines to one host: a tab that nobody sees leaves its one to STOP. The heart goes on. */
    document.addEventListener("visibilitychange", function () {
        stream.close();
        if (!document.hidden) listen();
    });
    addEventListener("focus", function () { if (stream.readyState === EventSource.CLOSED) listen(); });
    setInterval(showAge, 100);
    if (navigator.userActivation && !navigator.userActivation.hasBeenActive) find("sound").hidden = false;

    /* ---- time ---- */

    function showTime() {
        const now = new Date(), two = n => String(n).padStart(2, "0");
        fact("time", french ? `${now.getHours()} h ${two(now.getMinutes())}` : `${two(now.getHours())}:${two(now.getMinutes())}`);
    }
    showTime();
    setInterval(showTime, 1000);

    /* ---- the heart: only of the page that armed ---- */

    function beat() {
        if (armedHere) post("/session/here", { token: setToken, page: page }).catch(function () { });
    }
    beat();
    setInterval(beat, 500);
    /* A foot that fires is a person who is there: the screen does not lock under it. */
    let touched = Date.now();
    function alive() {
        if (Date.now() - touched < 60000) return;
        touched = Date.now();
        post("/touch", { token: setToken }).catch(function () { });
        document.dispatchEvent(new Event("pointerdown"));
    }

    /* ---- holding to arm ---- */

    const arm = find("arm");
    let holding = null; /* this press; another one is another object */
    const tell = up => post("/session/hold", { token: setToken, page: page, ...(up ? { up: "1" } : {}) });
    /* The console measures the second too, from when it heard of the press: the order does not come sooner than that. */
    async function hold() {
        if (holding || arming || arm.disabled) return;
        const press = holding = { at: performance.now(), told: tell(false) };
        arming = true;
        stopped = false;
        arm.classList.add("holding");
        const told = await press.told.then(response => response.ok, () => false);
        if (holding !== press) return;
        const now = performance.now();
        press.timer = setTimeout(() => told ? give() : release(), told ? Math.max(press.at + 1000, now + 960) - now : 0);
    }
    async function give() {
        letGo();
        claim(true); /* before the order: the heart beats from its first moment */
        arming = true;
        const answer = await order(arm.form);
        arming = false;
        if (stopped) halt(); /* the order may have been faster or slower than STOP: now it is behind us */
        if (answer.again) return location.reload();
        if (!answer.ok || stopped) claim(false);
        if (!answer.type) say(answer);
    }
    function letGo() {
        clearTimeout(holding?.timer);
        holding = null;
        arming = false;
        arm.classList.remove("holding");
    }
    /* Up is told after down was: two requests may overtake each other. */
    function release() {
        const press = holding;
        if (!press) return;
        letGo();
        press.told.then(() => tell(true)).catch(function () { });
    }
    if (arm) {
        arm.addEventListener("pointerdown", function (event) { if (event.button === 0) { arm.setPointerCapture(event.pointerId); hold(); } });
        for (const kind of ["pointerup", "pointercancel", "lostpointercapture", "blur"]) arm.addEventListener(kind, release);
        arm.addEventListener("pointermove", function (event) { /* the finger slid off: it was not meant */
            const box = arm.getBoundingClientRect();
            if (holding && (event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom)) release();
        });
        arm.addEventListener("contextmenu", event => event.preventDefault());
        arm.addEventListener("keydown", function (event) {
            if (event.key !== "Enter" && event.key !== " ") return;
            event.preventDefault();
            if (!event.repeat && !arming && !isArmed()) { event.stopPropagation(); hold(); }
        });
        arm.addEventListener("keyup", release);
    }

    /* ---- stopping ---- */

    /* Once armed, both keys stop, whatever has the focus; a key that is still held from arming is no new touch. */
    document.addEventListener("keydown", function (event) {
        if (event.repeat || (event.key !== "Escape" && event.key !== " ")) return;
        const panel = document.querySelector("details.panel[open]");
        if (!arming && !isArmed() && shown !== "LOST") {
            if (event.key === "Escape" && panel) panel.open = false;
            return;
        }
        event.preventDefault();
        event.stopPropagation();
        if (holding) release();
        stop();
    }, true);

    /* One panel at a time. */
    for (const panel of document.querySelectorAll("details.panel"))
        panel.addEventListener("toggle", function () {
            if (!panel.open) return;
            for (const other of document.querySelectorAll("details.panel[open]")) if (other !== panel) other.open = false;
            panel.querySelector('input:not([type="hidden"])')?.focus();
        });
})();
